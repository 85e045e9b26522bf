import type { ContentPart, Message, PastCall } from '../../protocol/message.ts';
import { type FactStep, mayCallTools, sourceOf } from './fact-step.ts';

/**
 * Tells calls and results in words to a model that was trained on single turns, or whose template loses calls: the conversation becomes its system messages and
 * one user turn. Not where tools are described in words anyway (plan `prompted`).
 */
export const foldToolTurns: FactStep = (request, { knowledge: { family, model, dialect }, settings, act, warn }) => {
  const fact = family?.multiTurnTools;
  const { input } = request;
  if (fact?.value !== false || settings.foldsToolTurns === false || (settings.isPrompted ?? dialect === undefined)) return request;
  if (input.type !== 'chat' || !input.messages.some(isOfTools)) return request;
  act('folded');
  warn(
    `'${model.id}' does not go on after a tool's result (${sourceOf(fact)}): calls and results are told to it in words, all in one user turn. Use a model that takes results, or turn \`foldsToolTurns\` off.`,
  );
  return { ...request, input: { ...input, messages: foldMessages(input.messages, mayCallTools(request)) } };
};

function isOfTools({ role, toolCalls }: Message): boolean {
  return role === 'tool' || (toolCalls?.length ?? 0) > 0;
}

/**
 * A conversation as system messages and one user turn, in order, so that a longer one begins with the same text but for the last sentence. Every text of it, names and arguments of calls
 * and pictures are in it; earlier thoughts are not, as templates leave them out too. A result stands in a fence that it cannot close.
 */
export function foldMessages(messages: readonly Message[], mayCall: boolean): readonly Message[] {
  const systems = messages.filter(isSystem);
  const turns = messages.filter((message) => !isSystem(message));
  const names = new Map(turns.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id, name }) => [id, name] as const)));
  const teller = openTeller();
  for (let index = 0; index < turns.length; index++) {
    const message = turns[index] as Message;
    const results: Message[] = [];
    if (message.toolCalls?.length) for (let next = turns[index + 1]; next?.role === 'tool'; next = turns[++index + 1]) results.push(next);
    tellTurn(teller, message, { results, names });
  }
  if (turns.at(-1)?.role === 'tool')
    teller.tell(mayCall ? 'Use what was returned: answer me, or call the next function.' : 'Use what was returned to answer me.');
  return [...systems, { role: 'user', content: teller.content() }];
}

function isSystem({ role }: Message): boolean {
  return role === 'system' || role === 'developer';
}

/** Joins what is told; a text of nothing but text stays one. */
interface Teller {
  /** Adds a paragraph, and pictures behind it. */
  readonly tell: (text: string, pictures?: readonly ContentPart[]) => void;
  readonly isEmpty: () => boolean;
  readonly content: () => string | readonly ContentPart[];
}

function openTeller(): Teller {
  const parts: ContentPart[] = [];
  let paragraphs: string[] = [];
  const endText = () => {
    if (paragraphs.length > 0) parts.push({ type: 'text', text: paragraphs.join('\n\n') });
    paragraphs = [];
  };
  return {
    tell: (text, pictures = []) => {
      paragraphs.push(text);
      if (pictures.length === 0) return;
      endText();
      parts.push(...pictures);
    },
    isEmpty: () => parts.length === 0 && paragraphs.length === 0,
    content: () => {
      if (parts.length === 0) return paragraphs.join('\n\n');
      endText();
      return parts;
    },
  };
}

interface ToolTurn {
  /** that follow the message */
  readonly results: readonly Message[];
  /** of the functions, by the call's id */
  readonly names: ReadonlyMap<string, string>;
}

function tellTurn(teller: Teller, message: Message, { results, names }: ToolTurn): void {
  const { role, name, toolCalls = [] } = message;
  if (role === 'tool') {
    tellResult(teller, `Earlier ${name ?? names.get(message.toolCallId ?? '') ?? 'a function'} returned`, message);
    return;
  }
  const { text, pictures } = readContent(message);
  if (role === 'assistant') {
    if (text !== '' || pictures.length > 0) teller.tell(`${name ?? 'You'} said:\n${text}`, pictures);
    tellCalls(teller, toolCalls, { results, names });
  } else if (name !== undefined) teller.tell(`${name} said:\n${text}`, pictures);
  else teller.tell(teller.isEmpty() ? text : `Then I said:\n${text}`, pictures);
}

/** Each call with its result, then the results of no call. */
function tellCalls(teller: Teller, calls: readonly PastCall[], turn: ToolTurn): void {
  const left = new Map<string, Message>();
  for (const result of turn.results) if (!left.has(result.toolCallId ?? '')) left.set(result.toolCallId ?? '', result);
  const told = new Set<Message>();
  for (const { id, name, argumentsJson } of calls) {
    const result = left.get(id);
    left.delete(id);
    const called = `Earlier you called ${name}(${argumentsJson})`;
    if (result) tellResult(teller, `${called} and it returned`, result);
    else teller.tell(`${called}.`);
    if (result) told.add(result);
  }
  for (const result of turn.results) if (!told.has(result)) tellTurn(teller, result, { results: [], names: turn.names });
}

function tellResult(teller: Teller, words: string, message: Message): void {
  const { text, pictures } = readContent(message);
  const isNothing = text === '' && pictures.length === 0;
  teller.tell(isNothing ? `${words} nothing.` : `${words}:\n${text === '' ? '' : fence(text)}`.trimEnd(), pictures);
}

/** Longer than every run of backticks inside, as in Markdown: what a tool returned cannot speak as the user. */
function fence(text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const mark = '`'.repeat(longest + 1);
  return `${mark}\n${text}\n${mark}`;
}

/** Texts of several parts are lines, as templates join them. */
function readContent({ content }: Message): { readonly text: string; readonly pictures: readonly ContentPart[] } {
  if (typeof content === 'string' || content === null) return { text: content ?? '', pictures: [] };
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  return { text, pictures: content.filter(({ type }) => type !== 'text') };
}
