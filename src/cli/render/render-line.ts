import { detectDialect } from '../../dialects/detect/detect-dialect.ts';
import { dialects } from '../../dialects/index.ts';
import { GatewayError } from '../../protocol/error.ts';
import { type ChatTemplate, compileChatTemplate } from '../../templates/chat-template.ts';
import { type Conversation, isLiteralList, isLiteralObject } from '../../templates/conversation.ts';
import type { Wording } from '../../templates/normalise/draft.ts';
import { type LiteralJson, type LiteralJsonObject, LiteralNumber, parseLiteralJson } from '../../text/literal-json.ts';
import { makeWording } from '../../translate/wording.ts';
import { failLine, type LineFailure, type LineId } from '../lines/answer-lines.ts';

/** What a line is answered with. */
export type RenderAnswer = { readonly id: LineId; readonly prompt: string } | LineFailure;

/** Renders the conversation that a line holds. Never throws: a bad line is answered with its error. */
export function renderLine(line: string): RenderAnswer {
  let id: LineId = null;
  try {
    const fields = readObject(line);
    id = readId(fields.get('id'));
    const { template, wording } = openTemplate(readText(fields, 'template'), readVariables(fields).get('bos_token'));
    const isFitted = readFlag(fields, 'normalise');
    const options = { now: readTime(fields.get('now')), fitting: isFitted ? { wording } : undefined };
    return { id, prompt: template.render(readConversation(fields), options).text };
  } catch (error) {
    return failLine(id, error);
  }
}

interface OpenTemplate {
  readonly template: ChatTemplate;
  /** how calls are told that the template would not print */
  readonly wording: Wording;
}

let last: ({ readonly source: string; readonly begin: LiteralJson | undefined } & OpenTemplate) | undefined;

/** Lines with the same template mostly follow one another. */
function openTemplate(source: string, begin: LiteralJson | undefined): OpenTemplate {
  if (last?.source === source && last.begin === begin) return last;
  const definition = dialects[(detectDialect(source) ?? 'envelope') as keyof typeof dialects];
  const specialTokens = typeof begin === 'string' ? { bos_token: begin } : {};
  last = { source, begin, template: compileChatTemplate({ default: source }, specialTokens), wording: makeWording({ definition }) };
  return last;
}

function readConversation(fields: LiteralJsonObject): Conversation {
  const messages = fields.get('messages');
  if (!isLiteralList(messages)) throw wrong('messages', 'a list of messages', messages);
  const tools = fields.get('tools') ?? null;
  if (tools !== null && !isLiteralList(tools)) throw wrong('tools', 'a list of tools or null', tools);
  return {
    messages,
    tools: tools ?? undefined,
    addGenerationPrompt: readFlag(fields, 'add_generation_prompt'),
    variables: readVariables(fields),
  };
}

function readObject(line: string): LiteralJsonObject {
  if (line.trim() === '') throw new GatewayError('invalid_json', 'The line is empty; one JSON object was expected.');
  const value = parseLiteralJson(line, { maxChars: Number.POSITIVE_INFINITY });
  if (isLiteralObject(value)) return value;
  throw new GatewayError('invalid_request', 'The line is JSON, but no object; one JSON object was expected.');
}

function readId(id: LiteralJson = null): LineId {
  if (id === null || typeof id === 'string') return id;
  if (id instanceof LiteralNumber) return Number(id.written);
  throw wrong('id', 'a text or a number', id);
}

function readText(fields: LiteralJsonObject, name: string): string {
  const value = fields.get(name);
  if (typeof value === 'string') return value;
  throw wrong(name, 'a text', value);
}

/** True unless it says otherwise. */
function readFlag(fields: LiteralJsonObject, name: string): boolean {
  const value = fields.get(name) ?? true;
  if (typeof value === 'boolean') return value;
  throw wrong(name, 'true or false', value);
}

const noVariables: LiteralJsonObject = new Map();

function readVariables(fields: LiteralJsonObject): LiteralJsonObject {
  const variables = fields.get('variables') ?? noVariables;
  if (isLiteralObject(variables)) return variables;
  throw wrong('variables', 'an object', variables);
}

function readTime(written: LiteralJson = null): Date {
  if (written === null) return new Date();
  const time = typeof written === 'string' ? new Date(written) : undefined;
  if (time && !Number.isNaN(time.getTime())) return time;
  throw wrong('now', 'a time such as 2026-01-31T12:00:00Z', written);
}

function wrong(field: string, expected: string, value: LiteralJson | undefined): GatewayError {
  const found =
    value === undefined
      ? 'missing'
      : value === null
        ? 'null'
        : isLiteralList(value)
          ? 'a list'
          : isLiteralObject(value)
            ? 'an object'
            : value instanceof LiteralNumber
              ? value.written
              : JSON.stringify(value).slice(0, 60);
  return new GatewayError('invalid_request', `\`${field}\` must be ${expected}, but it is ${found}.`, { param: field });
}
