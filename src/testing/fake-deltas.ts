import { type StreamParts, sseFrame } from './fake-face.ts';
import type { FakeUsage, FilledReply } from './fake-reply.ts';

/** How a face spells the deltas of a chat. */
export interface DeltaSpelling {
  readonly reasoningField: 'reasoning' | 'reasoning_content';
  /** fields of the first delta of a call beside its id and name */
  readonly firstArguments: { readonly arguments?: '' };
}

/** A chat's deltas before the last, and what the last one carries beside the finish reason. */
export interface ChatDeltas {
  readonly pieces: readonly object[];
  readonly last: object;
}

/** The deltas of a reply as OpenAI's chats stream them. */
export function chatDeltas(reply: FilledReply, { reasoningField, firstArguments }: DeltaSpelling): ChatDeltas {
  const isLate = reply.fault?.kind === 'late-arguments';
  const reasoning = reply.reasoning.map((text) => ({ [reasoningField]: text }));
  const content = reply.pieces.map((text) => ({ content: text }));
  const calls = reply.toolCalls.flatMap((call, index) => {
    const named = { index, id: call.id, type: 'function', function: { name: call.name, ...firstArguments } };
    const later = call.argumentPieces.map((text) => ({ tool_calls: [{ index, function: { arguments: text } }] }));
    return [{ tool_calls: [named] }, ...(isLate ? [] : later)];
  });
  if (!isLate) return { pieces: [...reasoning, ...content, ...calls], last: {} };
  if (calls.length === 0) return { pieces: reasoning, last: { content: reply.pieces.join('') } };
  const held = reply.toolCalls.map((call, index) => ({ index, function: { arguments: call.argumentPieces.join('') } }));
  return { pieces: [...reasoning, ...content, ...calls], last: { tool_calls: held } };
}

/** The calls of a whole answer as OpenAI writes them. */
export function wholeCalls({ toolCalls }: FilledReply): readonly object[] {
  return toolCalls.map(({ id, name, argumentPieces }) => ({
    id,
    type: 'function',
    function: { name, arguments: argumentPieces.join('') },
  }));
}

/** The events of a stream before usage is put among them. */
export interface StreamEvents {
  readonly head: readonly object[];
  readonly pieces: readonly object[];
  readonly finish: readonly object[];
  /** the event that carries usage alone, around these choices */
  readonly alone: (choices: readonly object[]) => object;
  /** a choice that says nothing */
  readonly emptyChoice: object;
}

/** Puts usage where the reply says and writes the events of an OpenAI-compatible stream. */
export function placeUsage(events: StreamEvents, { usage, usagePlace }: FilledReply, isAsked: boolean): StreamParts {
  const told = usage && usagePlace !== 'missing' ? { usage: usageObject(usage) } : undefined;
  const all = [...events.head, ...events.pieces, ...events.finish];
  const carries = (event: object) =>
    usagePlace === 'every' || (usagePlace === 'first' && event === all[0]) || (usagePlace === 'finish' && event === events.finish[0]);
  const write = (event: object) => eventOf(told && carries(event) ? { ...event, ...told } : event);
  const choices = usagePlace === 'end-with-choices' ? [events.emptyChoice] : [];
  const hasOwn = usagePlace === 'end-with-choices' || (usagePlace === 'end' && isAsked);
  return {
    head: events.head.map(write).join(''),
    pieces: events.pieces.map(write),
    finish: events.finish.map(write).join(''),
    usage: told && hasOwn ? eventOf({ ...events.alone(choices), ...told }) : '',
    done: sseFrame('[DONE]'),
  };
}

/** A server-sent event of a JSON value. */
export function eventOf(value: object): string {
  return sseFrame(JSON.stringify(value));
}

/** OpenAI's usage. */
export function usageObject({ promptTokens, completionTokens, cachedTokens }: FakeUsage): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(cachedTokens === undefined ? {} : { prompt_tokens_details: { cached_tokens: cachedTokens } }),
  };
}
