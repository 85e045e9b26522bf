import type { TurnParser } from '../parsing/turn-parser.ts';
import type { Constraint } from '../protocol/constraint.ts';
import type { Delta, EngineEnd, EngineRead } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { FinishReason, GenerateEvent, TokenLogprob, TurnEvent } from '../protocol/event.ts';
import { findBreach, findBreachOfCall } from './check-answer.ts';
import { NativeCalls } from './native-calls.ts';
import type { CallPlan, Plan } from './plan.ts';

/** Turns the reads of one answer into events, in order and synchronously. */
export interface Interpreter {
  /** events of one read; the read that ends the answer gives `finish` last, or `error` where the answer is of no use */
  push(read: EngineRead): readonly GenerateEvent[];
  /** no further call is wanted: the engine may be stopped, and its end is then a good one */
  readonly isSatisfied: boolean;
  /** what is wrong with the finished answer; undefined before its end */
  readonly fault: AnswerFault | undefined;
}

/** A finished answer that is not what was asked for. */
export interface AnswerFault {
  /** what the caller is told, where it cannot be mended */
  readonly error: GatewayError;
  /** the request asked for no strictness: the answer is given all the same */
  readonly isTolerable: boolean;
  /** asking again may help: the answer was not merely cut off */
  readonly isRepairable: boolean;
  /** what the model is told when it is asked again */
  readonly complaint: string;
  /** what the model wrote */
  readonly text: string;
  readonly calls: readonly WrittenCall[];
}

/** A call as it was written. */
export interface WrittenCall {
  readonly id: string;
  readonly name: string;
  argumentsJson: string;
  /** it was written to its end */
  isWhole: boolean;
}

/** How an answer is read. */
export interface Reading {
  /** undefined: the answer is plain text */
  readonly parser: TurnParser | undefined;
  readonly plan: Plan;
  /** makes the id that a client sees of a call; called once for each */
  readonly makeCallId: () => string;
}

/** Opens an interpreter for one answer. Text is joined for each read; an aborted answer has no `finish`. */
export function openInterpreter({ parser, plan, makeCallId }: Reading): Interpreter {
  if (parser) return new ReadAnswer(readWith(parser), plan, makeCallId);
  if (plan.calls) return new ReadAnswer(readNative(plan.calls), plan, makeCallId);
  return plan.constraint ? new CheckedText(plan) : plainText;
}

/** Turns an engine's deltas into events. */
interface TurnReader {
  push(delta: Delta): readonly TurnEvent[];
  end(reason: 'stop' | 'length'): readonly TurnEvent[];
  readonly isSatisfied: boolean;
  /** the engine's ids of calls are given on; others get ours */
  readonly keepsIds: boolean;
}

function readWith(parser: TurnParser): TurnReader {
  return {
    keepsIds: false,
    push: ({ text, specials }) => parser.push(text, specials),
    end: (reason) => parser.end(reason),
    get isSatisfied() {
      return parser.isSatisfied;
    },
  };
}

/** The engine has told calls and text apart. */
function readNative(plan: CallPlan): TurnReader {
  const native = new NativeCalls(plan);
  return {
    keepsIds: true,
    push: ({ text, calls = [] }) => [...(text === '' ? [] : [{ type: 'text-delta', text } as const]), ...native.push(calls)],
    end: (reason) => native.end(reason === 'length'),
    get isSatisfied() {
      return native.isSatisfied;
    },
  };
}

const plainText: Interpreter = { push: (read) => interpretRead(read), isSatisfied: false, fault: undefined };

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

/** Text that is looked at when it is whole. */
class CheckedText implements Interpreter {
  readonly isSatisfied = false;
  fault: AnswerFault | undefined;
  readonly #plan: Plan;
  #text = '';

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  push(read: EngineRead): readonly GenerateEvent[] {
    for (const { text } of read.deltas) this.#text += text;
    const events = interpretRead(read);
    if (read.end?.reason !== 'stop') return events;
    this.fault = findFault(this.#plan, { text: this.#text, calls: [] }, 'stop');
    return this.fault ? withFault(events.slice(0, -1), this.fault, read.end, 'stop') : events;
  }
}

/** Reads text and calls, and watches over what the request demanded. */
class ReadAnswer implements Interpreter {
  fault: AnswerFault | undefined;
  readonly #reader: TurnReader;
  readonly #plan: Plan;
  readonly #makeCallId: () => string;
  #text = '';
  readonly #calls: WrittenCall[] = [];

  constructor(reader: TurnReader, plan: Plan, makeCallId: () => string) {
    this.#reader = reader;
    this.#plan = plan;
    this.#makeCallId = makeCallId;
  }

  get isSatisfied(): boolean {
    return this.#reader.isSatisfied;
  }

  push(read: EngineRead): readonly GenerateEvent[] {
    const events: GenerateEvent[] = [];
    const logprobs: TokenLogprob[] = [];
    for (const delta of read.deltas) {
      if (delta.reasoning) events.push({ type: 'reasoning-delta', text: delta.reasoning });
      this.#add(events, this.#reader.push(delta));
      if (delta.logprobs) logprobs.push(...delta.logprobs);
    }
    if (logprobs.length > 0) events.push({ type: 'logprobs-delta', tokens: logprobs });
    return read.end ? this.#end(events, read.end) : events;
  }

  #add(events: GenerateEvent[], more: readonly TurnEvent[]): void {
    for (const event of more) {
      const last = events.at(-1);
      this.#note(event);
      if (event.type === 'tool-call-start') events.push({ ...event, id: this.#calls[event.index]?.id ?? '' });
      else if (event.type === 'text-delta' && last?.type === 'text-delta')
        events[events.length - 1] = { type: 'text-delta', text: last.text + event.text };
      else events.push(event);
    }
  }

  /** Keeps what is looked at when the answer is whole. */
  #note(event: TurnEvent): void {
    if (event.type === 'text-delta' && isChecked(this.#plan)) this.#text += event.text;
    else if (event.type === 'tool-call-start')
      this.#calls[event.index] = {
        id: (this.#reader.keepsIds ? event.id : undefined) ?? this.#makeCallId(),
        name: event.name,
        argumentsJson: '',
        isWhole: false,
      };
    else if (event.type === 'tool-call-delta' || event.type === 'tool-call-end') {
      const call = this.#calls[event.index];
      if (!call) return;
      if (event.type === 'tool-call-delta') call.argumentsJson += event.text;
      else call.isWhole = event.state !== 'truncated';
    }
  }

  #end(events: GenerateEvent[], end: EngineEnd): readonly GenerateEvent[] {
    const isAborted = end.reason === 'abort';
    if (isAborted && !this.#reader.isSatisfied) return events;
    const reason = isAborted ? 'stop' : (end.reason as FinishReason);
    this.#add(events, this.#reader.end(reason === 'length' ? 'length' : 'stop'));
    const calls = this.#calls.filter(({ isWhole }) => isWhole);
    const finish = reason === 'stop' && calls.length > 0 ? 'tool_calls' : reason;
    if (isChecked(this.#plan)) this.fault = findFault(this.#plan, { text: this.#text, calls }, reason);
    return withFault(events, this.fault, end, finish);
  }
}

/** Whether anything is wished that a finished answer can miss. */
function isChecked({ calls, constraint }: Plan): boolean {
  return constraint !== undefined || (calls !== undefined && calls.tools.length > 0);
}

function withFault(
  events: readonly GenerateEvent[],
  fault: AnswerFault | undefined,
  end: EngineEnd,
  reason: FinishReason,
): GenerateEvent[] {
  if (!fault) return [...events, toFinish(end, reason)];
  if (!fault.isTolerable) return [...events, { type: 'error', error: fault.error }];
  return [...events, { type: 'issue', code: 'schema-mismatch', offset: 0, length: 0 }, toFinish(end, reason)];
}

/** What the request demanded and the model did not do. */
function findFault(plan: Plan, written: Pick<AnswerFault, 'text' | 'calls'>, reason: FinishReason): AnswerFault | undefined {
  const found =
    plan.constraint && reason === 'stop' && written.calls.length === 0 ? findTextFault(plan.constraint, written.text) : undefined;
  const fault =
    found ?? (plan.calls && (findMissingCall(plan.calls, written.calls, reason) ?? findCallFault(plan.calls, written.calls, reason)));
  return fault && { ...fault, ...written, isRepairable: reason === 'stop' };
}

type Found = Pick<AnswerFault, 'error' | 'isTolerable' | 'complaint'>;

/** What the grammar could not hold. Without `strict` a schema is a wish beyond what the grammar holds. */
function findTextFault(constraint: Constraint, answer: string): Found | undefined {
  const breach = findBreach(constraint, answer);
  if (breach === undefined) return undefined;
  return {
    error: invalidOutput(`The answer is not what \`response_format\` asks for: ${breach}.`, 'response_format'),
    isTolerable: constraint.kind === 'json-schema' && !constraint.strict,
    complaint: `That answer cannot be used: ${breach}. Answer again, with nothing but the corrected answer.`,
  };
}

function findMissingCall({ isDemanded, toolChoice }: CallPlan, calls: readonly WrittenCall[], reason: FinishReason): Found | undefined {
  if (!isDemanded) return undefined;
  const wanted = typeof toolChoice === 'object' ? toolChoice.name : undefined;
  if (calls.some(({ name }) => wanted === undefined || name === wanted)) return undefined;
  const what = wanted === undefined ? 'a tool call' : `a call of '${wanted}'`;
  const why =
    reason === 'length'
      ? ' before it reached its token limit; raise `max_tokens`'
      : '; ask more plainly, or use a model that was taught tools';
  return {
    error: invalidOutput(`\`tool_choice\` demanded ${what}, and the model wrote none${why}.`, 'tool_choice'),
    isTolerable: false,
    complaint: `That was not ${what}. Write ${what} now, and nothing else.`,
  };
}

function findCallFault({ tools }: CallPlan, calls: readonly WrittenCall[], reason: FinishReason): Found | undefined {
  if (reason !== 'stop') return undefined;
  for (const call of calls) {
    const tool = tools.find(({ name }) => name === call.name);
    const breach = tool && findBreachOfCall(tool, call.argumentsJson);
    if (breach === undefined) continue;
    return {
      error: invalidOutput(`The model's call of '${call.name}' is against the tool's schema: ${breach}.`, 'tools'),
      isTolerable: tool?.strict !== true,
      complaint: `Error: nothing was done, because of wrong arguments of '${call.name}': ${breach}. Call it again with arguments that fit its schema.`,
    };
  }
  return undefined;
}

function invalidOutput(message: string, param: string): GatewayError {
  return new GatewayError('output_invalid', message, { param });
}
