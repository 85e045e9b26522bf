import chat from '../../api/chat-completions.ts';
import { WrittenBody } from '../../api/decode/written-body.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { GenerateRequest, ToolPreamble } from '../../protocol/request.ts';
import { findTemplates } from '../../sources/template-files.ts';
import { findTokenizer, type TokenizerPlaces } from '../../sources/tokenizer-files.ts';
import { type AsyncTokenizer, openTokenizer } from '../../workers/tokenizer.ts';
import { answerLines } from '../lines/answer-lines.ts';
import { readFileText, readInput } from '../lines/read-input.ts';
import { createStyle, hasColours } from '../output.ts';
import { findPlaces } from '../places.ts';
import { type PromptView, viewPrompt } from './prompt-view.ts';
import { renderLine } from './render-line.ts';
import { showPrompt } from './show-prompt.ts';

/** Flags of `rookery render`. */
export interface RenderFlags {
  readonly request?: string;
  readonly chatTemplate?: string;
  readonly toolPreamble?: ToolPreamble;
  readonly now?: string;
  readonly prompt?: boolean;
  readonly jsonl?: boolean;
  readonly cacheDir?: string;
}

/** Runs `rookery render` with this process's streams. Throws `bad_usage`, what finding the model throws, and `template_failed`. */
export async function render(model: string | undefined, flags: RenderFlags): Promise<void> {
  const { stdin, stdout, env } = process;
  if (flags.jsonl === true) {
    refuseWithLines(model, flags);
    await answerLines(stdin, stdout, renderLine);
    return;
  }
  if (model === undefined)
    throw new GatewayError('bad_usage', 'Name a model or a template, or give --jsonl. `rookery models` lists models.');
  const places = findPlaces(flags.cacheDir, env);
  const found = await findTemplates(model, places);
  const replaced = flags.chatTemplate === undefined ? undefined : await findTemplates(flags.chatTemplate, places);
  const text = flags.request === undefined ? await readInput(stdin) : await readFileText(flags.request, '--request');
  const tokenizer = await openBeside(model, places);
  try {
    const view = await viewPrompt({
      ...{ model, found: replaced ? { ...found, templates: replaced.templates } : found, tokenizer, now: readTime(flags.now) },
      request: readRequest(text, model, flags.toolPreamble),
    });
    stdout.write(flags.prompt === true ? joinSegments(view) : showPrompt(view, createStyle(hasColours(stdout, env))));
  } finally {
    await tokenizer?.close();
  }
}

function refuseWithLines(model: string | undefined, flags: RenderFlags): void {
  const given = (['request', 'chatTemplate', 'toolPreamble', 'now', 'prompt'] as const).find((name) => flags[name] !== undefined);
  if (model === undefined && given === undefined) return;
  throw new GatewayError('bad_usage', 'A model or other flags do not go with --jsonl: each line says everything itself.');
}

function joinSegments({ segments }: PromptView): string {
  return segments.map(({ text }) => text).join('');
}

/** The body of a chat request; one that is a list is taken for its messages. */
function readRequest(text: string, model: string, toolPreamble: ToolPreamble | undefined): GenerateRequest {
  const value = parseJson(text);
  const isList = Array.isArray(value);
  const preamble = toolPreamble === undefined ? {} : { tool_preamble: toolPreamble };
  const body: JsonObject = { ...(isList ? { messages: value } : (value as JsonObject)), ...preamble, model };
  const [route] = chat.routes;
  if (route?.kind !== 'generate') throw new Error('The chat surface has no generating route.');
  const written = isList ? undefined : new WrittenBody(Buffer.from(text));
  return route.decode({ id: 'render', path: route.path, tail: '', body, written, headers: {}, signal: new AbortController().signal })
    .request;
}

function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new GatewayError('bad_usage', `The request is not JSON: ${(cause as Error).message}.`, { cause });
  }
}

function readTime(written: string | undefined): Date {
  const time = written === undefined ? new Date() : new Date(written);
  if (!Number.isNaN(time.getTime())) return time;
  throw new GatewayError('bad_usage', `--now must be a time such as 2026-01-31T12:00:00Z, but it is "${written?.slice(0, 60)}".`);
}

/** The model's tokenizer; a template file alone has none. */
async function openBeside(model: string, places: TokenizerPlaces): Promise<AsyncTokenizer | undefined> {
  try {
    return openTokenizer(await findTokenizer(model, places));
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'unknown_model') return undefined;
    throw error;
  }
}
