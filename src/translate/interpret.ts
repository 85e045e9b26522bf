import type { EngineEnd, EngineRead } from '../protocol/engine.ts';
import type { FinishReason, GenerateEvent, TokenLogprob } from '../protocol/event.ts';

/** Turns the reads of one answer into events, in order and synchronously. */
export interface Interpreter {
  /** events of one read; the read that ends the answer gives `finish` last */
  push(read: EngineRead): readonly GenerateEvent[];
}

/** Opens an interpreter for one answer. Text is joined for each read; an aborted answer has no `finish`. */
export function openInterpreter(): Interpreter {
  return { push: interpretRead };
}

function interpretRead(read: EngineRead): readonly GenerateEvent[] {
  const events: GenerateEvent[] = [];
  let text = '';
  let reasoning = '';
  let logprobs: TokenLogprob[] | undefined;
  for (const delta of read.deltas) {
    text += delta.text;
    reasoning += delta.reasoning ?? '';
    if (delta.logprobs) logprobs = logprobs ? [...logprobs, ...delta.logprobs] : [...delta.logprobs];
  }
  if (reasoning) events.push({ type: 'reasoning-delta', text: reasoning });
  if (text) events.push({ type: 'text-delta', text });
  if (logprobs) events.push({ type: 'logprobs-delta', tokens: logprobs });
  if (read.end && read.end.reason !== 'abort') events.push(toFinish(read.end, read.end.reason));
  return events;
}

function toFinish(end: EngineEnd, reason: FinishReason): GenerateEvent {
  return end.stop === undefined ? { type: 'finish', reason } : { type: 'finish', reason, stop: end.stop };
}
