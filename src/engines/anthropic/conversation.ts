import type { Message, PastCall } from '../../protocol/message.ts';
import { createJsonRepair } from '../../text/json-repair.ts';
import { CallIds } from './call-ids.ts';
import { writeImage } from './images.ts';
import { JsonText, type WireJson, type WireObject } from './json-text.ts';
import { invalid } from './refuse.ts';
import { isThinking, type TurnBlock } from './turn-memory.ts';

/** A conversation in the words of the Messages API. */
export interface WireConversation {
  /** blocks of text; undefined: none */
  readonly system: readonly WireObject[] | undefined;
  readonly messages: readonly WireObject[];
}

/** Finds the blocks of an earlier answer by the id of its first call. */
export type Recall = (callId: string) => readonly TurnBlock[] | undefined;

interface Turn {
  readonly role: 'user' | 'assistant';
  /** results of calls, which the API wants before all else */
  readonly results: WireObject[];
  readonly blocks: WireObject[];
}

/**
 * Rewrites a conversation: system and developer messages become `system`, consecutive messages of one side one turn, results of calls come first in the user's.
 * Empty texts are left out, as the API takes none. `recall` puts the thoughts back that led to calls. Throws `invalid_request` for what cannot be told.
 * Source: reference/engines.md 9; @anthropic-ai/sdk 0.137.0 (2026-10-20), `MessageParam`.
 */
export function writeConversation(messages: readonly Message[], recall: Recall): WireConversation {
  const system: WireObject[] = [];
  const turns: Turn[] = [];
  const ids = new CallIds();
  const add = (role: Turn['role'], place: 'results' | 'blocks', more: readonly WireObject[]) => {
    if (more.length === 0) return;
    if (turns.at(-1)?.role !== role) turns.push({ role, results: [], blocks: [] });
    turns.at(-1)?.[place].push(...more);
  };
  for (const message of messages) {
    if (message.role === 'system' || message.role === 'developer') system.push(...writeSystem(message));
    else if (message.role === 'tool') add('user', 'results', [writeResult(message, ids)]);
    else if (message.role === 'user') add('user', 'blocks', writeContent(message));
    else add('assistant', 'blocks', writeAnswer(message, ids, recall));
  }
  if (turns.length === 0) throw invalid('messages', 'Anthropic answers a message of the user: there must be one that is not empty.');
  return {
    system: system.length === 0 ? undefined : system,
    messages: turns.map(({ role, results, blocks }) => ({ role, content: [...results, ...blocks] })),
  };
}

/** The id of the first call that the last results of a conversation answer; undefined where its end is no such results. */
export function findOpenCall(messages: readonly Message[]): string | undefined {
  if (messages.at(-1)?.role !== 'tool') return undefined;
  return messages.findLast(({ role }) => role === 'assistant')?.toolCalls?.[0]?.id;
}

function writeSystem(message: Message): readonly WireObject[] {
  const blocks = writeContent(message);
  if (blocks.some(({ type }) => type !== 'text')) {
    throw invalid('messages', "Anthropic takes no pictures in a system message. Move them to a user's message.");
  }
  return blocks;
}

function writeContent({ content }: Message): readonly WireObject[] {
  const parts = typeof content === 'string' ? [{ type: 'text', text: content } as const] : (content ?? []);
  return parts.flatMap((part) => {
    if (part.type === 'image') return [writeImage(part)];
    return part.text === '' ? [] : [{ type: 'text', text: part.text }];
  });
}

function writeResult(message: Message, ids: CallIds): WireObject {
  const content = writeContent(message);
  return { type: 'tool_result', tool_use_id: ids.find(message.toolCallId ?? ''), ...(content.length === 0 ? {} : { content }) };
}

/** An earlier answer, its thoughts where they are known: in the order of then, if it came back unchanged. */
function writeAnswer(message: Message, ids: CallIds, recall: Recall): readonly WireObject[] {
  const { toolCalls = [] } = message;
  const [first] = toolCalls;
  const texts = writeContent(message);
  const known = first && recall(first.id);
  if (known && isSame(known, texts, toolCalls)) {
    const byId = new Map(toolCalls.map((call) => [call.id, call]));
    return known.flatMap((block): WireObject[] => {
      if (block.type !== 'tool_use') return block.type === 'text' && block.text === '' ? [] : [{ ...block }];
      const call = byId.get(block.id);
      return call ? [writeCall(call, ids)] : [];
    });
  }
  const thoughts = (known ?? []).filter(isThinking).map((block) => ({ ...block }));
  return [...thoughts, ...texts, ...toolCalls.map((call) => writeCall(call, ids))];
}

function isSame(known: readonly TurnBlock[], texts: readonly WireObject[], calls: readonly PastCall[]): boolean {
  const idsThen = known.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
  const textThen = known.map((block) => (block.type === 'text' ? block.text : '')).join('');
  const textNow = texts.map(({ text }) => text).join('');
  return textThen === textNow && idsThen.length === calls.length && calls.every(({ id }, index) => id === idsThen[index]);
}

function writeCall({ id, name, argumentsJson }: PastCall, ids: CallIds): WireObject {
  return { type: 'tool_use', id: ids.open(id), name, input: writeInput(argumentsJson) };
}

/** Arguments as they were written, mended where they are no JSON. The API takes objects only: anything else is put into one. */
function writeInput(argumentsJson: string): WireJson {
  const text = argumentsJson.trim() === '' ? '{}' : isJson(argumentsJson) ? argumentsJson.trim() : repair(argumentsJson);
  if (text === 'null') return {};
  return new JsonText(text.startsWith('{') ? text : `{"value":${text}}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function repair(text: string): string {
  let written = '';
  const machine = createJsonRepair((piece) => {
    written += piece;
  });
  machine.take(text, 0, text.length);
  machine.end();
  return written;
}
