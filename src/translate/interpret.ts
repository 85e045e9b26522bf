import type { TurnParser } from '../parsing/turn-parser.ts';
import type { Constraint } from '../protocol/constraint.ts';
import type { EngineEnd, EngineRead } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { FinishReason, GenerateEvent, TokenLogprob, TurnEvent } from '../protocol/event.ts';
import { findBreach } from './check-constraint.ts';
import type { Plan } from './plan.ts';

/** Turns the reads of one answer into events, in order and synchronously. */
export interface Interpreter {
  /** events of one read; the read that ends the answer gives `finish` last, or `error` where a demanded call is missing */
  push(read: EngineRead): readonly GenerateEvent[];
  /** no further call is wanted: the engine may be stopped, and its end is then a good one */
  readonly isSatisfied: boolean;
}

/** How an answer is read. */
export interface Reading {
  readonly parser: TurnParser;
  readonly plan: Plan;
  /** makes the id that a client sees of a call; called once for each */
  readonly makeCallId: () => string;
}

/** Opens an interpreter for one answer, read as plain text or as `reading` says. Text is joined for each read; an aborted answer has no `finish`. */
export function openInterpreter(reading?: Reading): Interpreter {
  return reading ? new ParsedAnswer(reading) : plainText;
}

const plainText: Interpreter = { push: (read) => interpretRead(read), isSatisfied: false };

function interpretRead(read: EngineRead): readonly GenerateEvent[] {
  const { text, reasoning, logprobs } = joinDeltas(read);
  const events: GenerateEvent[] = [];
  if (reasoning) events.push({ type: 'reasoning-delta', text: reasoning });
  if (text) events.push({ type: 'text-delta', text });
  if (logprobs) events.push({ type: 'logprobs-delta', tokens: logprobs });
  if (read.end && read.end.reason !== 'abort') events.push(toFinish(read.end, read.end.reason));
  return events;
}

interface JoinedDeltas {
  readonly text: string;
  readonly reasoning: string;
  readonly logprobs: readonly TokenLogprob[] | undefined;
}

function joinDeltas(read: EngineRead): JoinedDeltas {
  let text = '';
  let reasoning = '';
  let logprobs: TokenLogprob[] | undefined;
  for (const delta of read.deltas) {
    text += delta.text;
    reasoning += delta.reasoning ?? '';
    if (delta.logprobs) logprobs = logprobs ? [...logprobs, ...delta.logprobs] : [...delta.logprobs];
  }
  return { text, reasoning, logprobs };
}

function toFinish(end: EngineEnd, reason: FinishReason): GenerateEvent {
  return end.stop === undefined ? { type: 'finish', reason } : { type: 'finish', reason, stop: end.stop };
}

/** Reads text through a parser and watches over what the request demanded. */
class ParsedAnswer implements Interpreter {
  readonly #reading: Reading;
  #wholeCalls = 0;
  /** the answer, where it has to be checked at its end */
  #text = '';
  readonly #names = new Set<string>();

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  get isSatisfied(): boolean {
    return this.#reading.parser.isSatisfied;
  }

  push(read: EngineRead): readonly GenerateEvent[] {
    const { parser } = this.#reading;
    const events: GenerateEvent[] = [];
    const logprobs: TokenLogprob[] = [];
    for (const delta of read.deltas) {
      if (delta.reasoning) events.push({ type: 'reasoning-delta', text: delta.reasoning });
      this.#add(events, parser.push(delta.text, delta.specials));
      if (delta.logprobs) logprobs.push(...delta.logprobs);
    }
    if (logprobs.length > 0) events.push({ type: 'logprobs-delta', tokens: logprobs });
    if (read.end) this.#end(events, read.end);
    return events;
  }

  #add(events: GenerateEvent[], more: readonly TurnEvent[]): void {
    for (const event of more) {
      const last = events.at(-1);
      if (event.type === 'text-delta' && this.#reading.plan.constraint) this.#text += event.text;
      if (event.type === 'tool-call-start') {
        this.#names.add(event.name);
        events.push({ ...event, id: this.#reading.makeCallId() });
      } else if (event.type === 'text-delta' && last?.type === 'text-delta')
        events[events.length - 1] = { type: 'text-delta', text: last.text + event.text };
      else events.push(event);
      if (event.type === 'tool-call-end' && event.state !== 'truncated') this.#wholeCalls++;
    }
  }

  #end(events: GenerateEvent[], end: EngineEnd): void {
    const { parser } = this.#reading;
    const isAborted = end.reason === 'abort';
    if (isAborted && !parser.isSatisfied) return;
    const reason = isAborted ? 'stop' : (end.reason as FinishReason);
    this.#add(events, parser.end(reason === 'length' ? 'length' : 'stop'));
    const unmet = this.#findUnmet(reason);
    if (unmet) events.push({ type: 'error', error: unmet });
    else events.push(toFinish(end, reason === 'stop' && this.#wholeCalls > 0 ? 'tool_calls' : reason));
  }

  /** What the request demanded and the model did not do. */
  #findUnmet(reason: FinishReason): GatewayError | undefined {
    const { calls, constraint } = this.#reading.plan;
    if (constraint && reason === 'stop' && this.#wholeCalls === 0) return refuseBreach(constraint, this.#text);
    if (!calls?.isDemanded) return undefined;
    const { toolChoice } = calls;
    const wanted = typeof toolChoice === 'object' ? toolChoice.name : undefined;
    const isMet = this.#wholeCalls > 0 && (wanted === undefined || this.#names.has(wanted));
    if (isMet) return undefined;
    const what = wanted === undefined ? 'a tool call' : `a call of '${wanted}'`;
    const why =
      reason === 'length'
        ? ' before it reached its token limit; raise `max_tokens`'
        : '; ask more plainly, or use a model that was taught tools';
    return new GatewayError('output_invalid', `\`tool_choice\` demanded ${what}, and the model wrote none${why}.`, {
      param: 'tool_choice',
    });
  }
}

/** What the grammar could not hold is looked at when the answer is whole. */
function refuseBreach(constraint: Constraint, answer: string): GatewayError | undefined {
  // without `strict` the schema is a wish beyond what the grammar holds
  const breach = constraint.kind === 'json-schema' && !constraint.strict ? undefined : findBreach(constraint, answer);
  if (breach === undefined) return undefined;
  return new GatewayError('output_invalid', `The answer is not what \`response_format\` asks for: ${breach}.`, {
    param: 'response_format',
  });
}
