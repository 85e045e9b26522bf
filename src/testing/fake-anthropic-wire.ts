import type { JsonObject } from '../protocol/json.ts';
import type { StreamParts } from './fake-face.ts';
import type { FakeUsage, FilledReply } from './fake-reply.ts';

/** A signature as the fake engine gives it to all thoughts of an answer. */
const fakeSignature = 'fake-signature';

interface Block {
  /** the block as it begins */
  readonly start: object;
  /** the block as a whole answer has it */
  readonly whole: object;
  readonly deltas: readonly object[];
}

/** The blocks of a reply: thoughts, text, calls. */
function blocksOf({ reasoning, pieces, toolCalls }: FilledReply): readonly Block[] {
  const signed = { type: 'signature_delta', signature: fakeSignature };
  const thinking: Block = {
    start: { type: 'thinking', thinking: '', signature: '' },
    whole: { type: 'thinking', thinking: reasoning.join(''), signature: fakeSignature },
    deltas: [...reasoning.map((text) => ({ type: 'thinking_delta', thinking: text })), signed],
  };
  const text: Block = {
    start: { type: 'text', text: '' },
    whole: { type: 'text', text: pieces.join('') },
    deltas: pieces.map((piece) => ({ type: 'text_delta', text: piece })),
  };
  const calls = toolCalls.map(({ id, name, argumentPieces }): Block => {
    const call = { type: 'tool_use', id, name };
    return {
      start: { ...call, input: {} },
      whole: { ...call, input: parseInput(argumentPieces.join('')) },
      deltas: argumentPieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    };
  });
  return [...(reasoning.length > 0 ? [thinking] : []), ...(pieces.length > 0 ? [text] : []), ...calls];
}

/** Scripts may have arguments that are no JSON: a whole answer cannot say those. */
function parseInput(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return {};
  }
}

/**
 * The events of a stream of `POST /v1/messages`. A piece is a delta with the start of its block before and the end after it; a call's start is a piece of its own.
 * Source: @anthropic-ai/sdk 0.137.0 (2026-10-20), `RawMessageStreamEvent`.
 */
export function anthropicStream(reply: FilledReply, body: JsonObject | undefined): StreamParts {
  const isLate = reply.fault?.kind === 'late-arguments';
  const told = usagePlaces(reply);
  const write = (type: string, fields: object) => eventOf(type, { ...fields, ...told.everywhere });
  const pieces: string[] = [];
  let held = '';
  for (const [index, { start, deltas }] of blocksOf(reply).entries()) {
    const isCall = 'input' in start;
    const opening = write('content_block_start', { index, content_block: start }) + (index === 0 ? write('ping', {}) : '');
    const written = deltas.map((delta) => write('content_block_delta', { index, delta }));
    const stop = write('content_block_stop', { index });
    const isHeld = isLate && (isCall || ('text' in start && reply.toolCalls.length === 0));
    if (isHeld) {
      held += (isCall ? '' : opening) + write('content_block_delta', { index, delta: joinDeltas(deltas) }) + stop;
      if (isCall) pieces.push(opening);
    } else if (isCall || written.length === 0) pieces.push(opening, ...closeLast(written, stop));
    else pieces.push(...closeLast([opening + (written[0] ?? ''), ...written.slice(1)], stop));
  }
  return {
    head: write('message_start', { message: { ...envelope(body), content: [], ...noStop, usage: told.start } }),
    pieces,
    finish: held + write('message_delta', { delta: stopOf(reply), ...told.finish }),
    usage: told.alone === undefined ? '' : write('message_delta', { delta: noStop, usage: told.alone }),
    done: write('message_stop', {}),
  };
}

function closeLast(events: readonly string[], stop: string): readonly string[] {
  return events.length === 0 ? [stop] : [...events.slice(0, -1), events.at(-1) + stop];
}

/** All pieces of text or arguments as one. */
function joinDeltas(deltas: readonly object[]): object {
  const joined: Record<string, string> = {};
  for (const delta of deltas) {
    for (const [key, text] of Object.entries(delta)) joined[key] = key === 'type' ? text : (joined[key] ?? '') + text;
  }
  return joined;
}

/** Where a stream tells its counts. */
interface UsagePlaces {
  readonly start: object;
  readonly finish: object;
  /** in an event of its own after the one with the stop reason */
  readonly alone?: object;
  readonly everywhere: object;
}

function usagePlaces({ usage, usagePlace }: FilledReply): UsagePlaces {
  const none = { input_tokens: 0, output_tokens: 0 };
  if (usage === null || usagePlace === 'missing') return { start: none, finish: {}, everywhere: {} };
  const all = usageObject(usage);
  switch (usagePlace) {
    case 'first':
      return { start: all, finish: {}, everywhere: {} };
    case 'every':
      return { start: all, finish: {}, everywhere: { usage: all } };
    case 'finish':
      return { start: none, finish: { usage: all }, everywhere: {} };
    case 'end-with-choices':
      return { start: none, finish: {}, alone: all, everywhere: {} };
    // as the real one: the prompt's counts at once, those of the answer with the stop reason
    default:
      return { start: { ...all, output_tokens: 1 }, finish: { usage: { output_tokens: usage.completionTokens } }, everywhere: {} };
  }
}

/** The API's usage. */
export function usageObject({ promptTokens, completionTokens, cachedTokens = 0 }: FakeUsage): object {
  return {
    input_tokens: promptTokens - cachedTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cachedTokens,
    output_tokens: completionTokens,
    service_tier: 'standard',
  };
}

/** An answer that is not streamed. */
export function anthropicWhole(reply: FilledReply, body: JsonObject | undefined): object {
  const { usage, usagePlace } = reply;
  const counts = usage && usagePlace !== 'missing' ? usageObject(usage) : { input_tokens: 0, output_tokens: 0 };
  return { ...envelope(body), content: blocksOf(reply).map(({ whole }) => whole), ...stopOf(reply), usage: counts };
}

const noStop = { stop_reason: null, stop_sequence: null };

/** The words of scripts in those of the API; others are said as they are. */
const stopReasons: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
};

function stopOf({ finish, stopReason }: FilledReply): object {
  if (finish === null) return noStop;
  if (finish === 'stop' && typeof stopReason === 'string') return { stop_reason: 'stop_sequence', stop_sequence: stopReason };
  return { stop_reason: stopReasons[finish] ?? finish, stop_sequence: null };
}

function envelope(body: JsonObject | undefined): object {
  return { id: 'msg_fake', type: 'message', role: 'assistant', model: String(body?.model) };
}

function eventOf(type: string, fields: object): string {
  return anthropicFrame(JSON.stringify({ type, ...fields }));
}

/** An event with this data, named by its type. */
export function anthropicFrame(text: string): string {
  const name = /^\{"type":"(\w+)"/.exec(text)?.[1] ?? 'content_block_delta';
  return `event: ${name}\ndata: ${text}\n\n`;
}
