import type { Chunk, ChunkChoice } from './talk.ts';

/**
 * The order and form of a stream's chunks: the keys of each delta, runs of equal ones told once, so that streams of different texts can be compared.
 * Only whether a chunk finishes is told, not why.
 */
export function listShapes(chunks: readonly Chunk[]): readonly string[] {
  const shapes = chunks.map(describeChunk);
  return shapes.filter((shape, at) => shape !== shapes[at - 1]);
}

function describeChunk(chunk: Chunk): string {
  const [choice] = chunk.choices;
  const frame = keysOf(chunk);
  if (!choice) return `${frame}: usage(${keysOf(chunk.usage ?? {})})`;
  const finish = choice.finish_reason === null ? '' : ' finish';
  return `${frame} / ${keysOf(choice)}: ${describeDelta(choice.delta)}${finish}`;
}

function describeDelta({ tool_calls: calls, ...delta }: ChunkChoice['delta']): string {
  const pieces = (calls ?? []).map((call) => `call ${call.index} (${keysOf(call)}; ${keysOf(call.function ?? {})})`);
  return [keysOf(delta), ...pieces].filter((part) => part !== '').join(' + ');
}

/** Engines may say why it stopped, and how much of the prompt they knew: what they add differs from one to the next. */
const extras = new Set(['stop_reason', 'completion_tokens_details', 'prompt_tokens_details']);

function keysOf(object: object): string {
  return Object.keys(object)
    .filter((key) => !extras.has(key))
    .join(',');
}
