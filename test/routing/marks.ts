import assert from 'node:assert/strict';
import type { FakeReply, FakeRequest } from 'rookery/testing';
import type { Node } from '#dist/gateway/node.js';
import { GatewayError } from '#dist/protocol/error.js';
import type { GenerateEvent } from '#dist/protocol/event.js';
import type { Tool } from '#dist/protocol/message.js';
import type { GenerateRequest } from '#dist/protocol/request.js';
import type { Wish } from '../fault-scene.ts';

/** A request whose mark must come back once and whole. */
export interface MarkedRequest {
  readonly mark: string;
  readonly wish: Wish;
  readonly isStreamed: boolean;
}

/** What came of it: all that was said, and how it ended. */
export interface MarkedAnswer {
  readonly text: string;
  readonly argumentsText: string;
  readonly finish: string | null | undefined;
  /** something was given of it: nothing could be tried any more */
  readonly hasBegun: boolean;
  /** of the error, before anything else or behind what had come */
  readonly error: { readonly code: string | undefined; readonly message: string | undefined } | undefined;
}

/** Every request of a run, told apart by its number: streamed and not, every fifth with tools. */
export function markedRequest(index: number): MarkedRequest {
  const mark = `mark-${String(index).padStart(6, '0')}`;
  return { mark, wish: index % 5 === 0 ? 'tools' : 'chat', isStreamed: index % 2 === 0 };
}

/** The mark that a request brought to an engine; undefined for an engine's own questions. */
export function readMark({ body }: FakeRequest): string | undefined {
  return /mark-\d{6}/.exec(JSON.stringify(body ?? {}))?.[0];
}

/** The answer to a mark, as an engine writes it. */
export function replyTo(mark: string, wish: Wish, tellsCalls: boolean): FakeReply {
  if (wish === 'chat') return { pieces: [`${mark} says: `, 'a rook 🐦 is a bird ', 'of the field.'] };
  if (tellsCalls) return { toolCalls: [{ name: 'nests', argumentPieces: ['{"tree"', ': ', `"${mark}"}`] }] };
  return { pieces: ['<tool_call>\n{"name": "nests", ', `"arguments": {"tree": "${mark}"}}`, '\n</tool_call>'] };
}

/** What is wrong with an answer that was to be right; undefined where it is right and whole. */
export function findFault({ mark, wish }: MarkedRequest, { text, argumentsText, finish, error }: MarkedAnswer): string | undefined {
  if (error) return `${mark} failed: ${error.code} ${error.message}`;
  const right = wish === 'chat' ? `${mark} says: a rook 🐦 is a bird of the field.` : `{"tree":"${mark}"}`;
  const given = wish === 'chat' ? text : argumentsText.replaceAll(' ', '');
  const isRight = given === right && finish === (wish === 'chat' ? 'stop' : 'tool_calls');
  return isRight ? undefined : `${mark} was answered with ${JSON.stringify({ text, argumentsText, finish })}`;
}

/** What is wrong with a failure: its code is to be one of ours, and what came before it the beginning of the right answer. */
export function findUntyped({ mark, wish }: MarkedRequest, { text, argumentsText, finish, error }: MarkedAnswer): string | undefined {
  const right = wish === 'chat' ? `${mark} says: a rook 🐦 is a bird of the field.` : `{"tree":"${mark}"}`;
  const given = wish === 'chat' ? text : argumentsText.replaceAll(' ', '');
  const isTyped = error?.code !== undefined && error.code !== 'internal_error' && (error.message ?? '') !== '';
  if (isTyped && right.startsWith(given) && (finish ?? undefined) === undefined) return undefined;
  return `${mark} failed with ${JSON.stringify({ text, argumentsText, finish, error })}`;
}

const tools: readonly Tool[] = [
  { name: 'nests', parameters: { type: 'object', properties: { tree: { type: 'string' } }, required: ['tree'] } },
];

/** The request, as surfaces decode it. */
export function requestOf({ mark, wish, isStreamed }: MarkedRequest, model: string): GenerateRequest {
  const asked = wish === 'tools' ? { tools, constrainToolCalls: false } : {};
  const drawing = { sampling: {}, stop: [], stopTokenIds: [], ignoreEos: false, isStreamed, n: 1 };
  const input = { type: 'chat', messages: [{ role: 'user', content: `Say ${mark}.` }] } as const;
  return { id: mark, model, input, ...drawing, unknownFields: {}, agent: {}, ...asked };
}

/** The request, as clients send it. */
export function bodyOf({ mark, wish, isStreamed }: MarkedRequest, model: string): object {
  const asked = { tools: tools.map((tool) => ({ type: 'function', function: tool })), constrain_tool_calls: false };
  return { model, messages: [{ role: 'user', content: `Say ${mark}.` }], stream: isStreamed, ...(wish === 'tools' ? asked : {}) };
}

/** Asks a node and reads to the end. Throws what is no error of ours. */
export async function askNode(node: Node, request: GenerateRequest, signal: AbortSignal): Promise<MarkedAnswer> {
  const events: GenerateEvent[] = [];
  try {
    const turn = node.generate(request, signal);
    if (!request.isStreamed) for (const batch of await turn.whole()) events.push(...batch.events);
    else for await (const batch of turn.batches) events.push(...batch.events);
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    assert.deepEqual(events, [], 'what fails later is an event');
    return { text: '', argumentsText: '', finish: undefined, hasBegun: false, error };
  }
  const textOf = (type: 'text-delta' | 'tool-call-delta') => events.map((event) => (event.type === type ? event.text : '')).join('');
  const failed = events.find((event) => event.type === 'error');
  const finished = events.filter((event) => event.type === 'finish');
  assert.ok(finished.length <= 1, 'an answer ends once');
  const told = { text: textOf('text-delta'), argumentsText: textOf('tool-call-delta') };
  return { ...told, finish: finished[0]?.reason, hasBegun: events.length > 0, error: failed?.error };
}

/** Does something for every number below `count`, so many at a time. */
export async function inParallel(count: number, atOnce: number, act: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await act(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
