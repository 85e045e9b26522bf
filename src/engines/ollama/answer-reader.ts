import type { Delta, EngineCallDelta, EngineEnd, EngineRead } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { TokenCandidate, TokenLogprob } from '../../protocol/event.ts';
import { noUsage, type Usage } from '../../protocol/usage.ts';
import { isLiteralList, isLiteralObject } from '../../templates/conversation.ts';
import { type LiteralJson, LiteralJsonError, parseLiteralJson, printLiteralJson } from '../../text/literal-json.ts';
import type { BodyReader } from '../http/answer-stream.ts';
import { readErrorEvent } from '../http/upstream-error.ts';
import { LineReader } from './line-reader.ts';
import { openUnwrapper, type Unwrapper } from './wrapped-text.ts';
import type { WireRequest } from './write-request.ts';

/** The parts of a line that are read; anything may be missing or null. */
interface Line {
  readonly response?: string | null;
  readonly thinking?: string | null;
  readonly message?: WireMessage | null;
  readonly logprobs?: readonly WireLogprob[] | null;
  readonly done?: boolean | null;
  readonly done_reason?: string | null;
  readonly prompt_eval_count?: number | null;
  readonly prompt_eval_cached_count?: number | null;
  readonly eval_count?: number | null;
  readonly error?: unknown;
}

interface WireMessage {
  readonly content?: string | null;
  readonly thinking?: string | null;
  readonly tool_calls?: readonly WireCall[] | null;
}

interface WireCall {
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
}

interface WireCandidate {
  readonly token: string;
  readonly logprob: number;
  readonly bytes?: readonly number[] | null;
}

interface WireLogprob extends WireCandidate {
  readonly top_logprobs?: readonly WireCandidate[] | null;
}

/** Ollama tells no ids of tokens. */
const unknownToken = -1;

/**
 * Turns the lines of an answer into reads, with `end` in the last. Throws `engine_failed` for what is no line of this API, for an error that Ollama reports in
 * the middle (`context_length_exceeded` where it says so) and for a body that ends too early. Log probabilities are of the tokens as they
 * were written, the quotes around choices and patterns among them.
 */
export class AnswerReader implements BodyReader {
  readonly streamType = 'application/x-ndjson';
  readonly #lines = new LineReader();
  readonly #secrets: readonly string[];
  readonly #unwrapper: Unwrapper;
  #lead: string;
  #usage: Usage = noUsage;
  #hasCount = false;
  #calls = 0;
  #isDone = false;

  constructor({ wrapping, lead }: Pick<WireRequest, 'wrapping' | 'lead'>, secrets: readonly string[]) {
    this.#unwrapper = openUnwrapper(wrapping);
    this.#lead = lead;
    this.#secrets = secrets;
  }

  get usage(): Usage {
    return this.#usage;
  }

  push(bytes: Uint8Array): EngineRead | undefined {
    return this.#isDone ? undefined : this.#read(this.#lines.push(bytes));
  }

  /** Ollama answers so where it has nothing to write: a model was loaded or unloaded. */
  readWhole(json: string): EngineRead {
    const read = this.#read([json]);
    if (read?.end) return read;
    throw endedEarly();
  }

  end(): EngineRead | undefined {
    if (this.#isDone) return undefined;
    const read = this.#read(this.#lines.end());
    if (read?.end) return read;
    throw endedEarly();
  }

  #read(lines: readonly string[]): EngineRead | undefined {
    const deltas: Delta[] = [];
    for (const text of lines) {
      const line = parseLine(text);
      if (line.error) throw readErrorEvent(line.error, this.#secrets);
      this.#count(line);
      const delta = this.#readDelta(line, text);
      if (delta) deltas.push(delta);
      if (line.done !== true) continue;
      this.#isDone = true;
      return { deltas, end: { ...readReason(line.done_reason), usage: this.#usage } };
    }
    return deltas.length > 0 ? { deltas } : undefined;
  }

  /** Counts come with the last line. Of an answer that is left before it is known that each line is a token at least. */
  #count({ prompt_eval_count, prompt_eval_cached_count, eval_count, done }: Line): void {
    const { promptTokens, completionTokens, cachedTokens } = this.#usage;
    this.#hasCount ||= typeof eval_count === 'number';
    const isToken = !this.#hasCount && done !== true;
    this.#usage = {
      promptTokens: prompt_eval_count ?? promptTokens,
      completionTokens: eval_count ?? (isToken ? completionTokens + 1 : completionTokens),
      cachedTokens: prompt_eval_cached_count ?? cachedTokens,
    };
  }

  #readDelta(line: Line, text: string): Delta | undefined {
    const said = this.#unwrapper.push(line.message?.content ?? line.response ?? '');
    const rest = line.done === true ? this.#unwrapper.end() : '';
    const written = this.#lead + said + rest;
    this.#lead = '';
    const reasoning = line.message?.thinking ?? line.thinking ?? '';
    const calls = line.message?.tool_calls?.length ? this.#readCalls(line.message.tool_calls, text) : [];
    const logprobs = (line.logprobs ?? []).map(readLogprob);
    if (written === '' && reasoning === '' && calls.length === 0 && logprobs.length === 0) return undefined;
    return {
      text: written,
      ...(reasoning === '' ? {} : { reasoning }),
      ...(calls.length === 0 ? {} : { calls }),
      ...(logprobs.length === 0 ? {} : { logprobs }),
    };
  }

  /** Each call comes whole. Their own numbers are not to be trusted: older versions gave all of them the same. */
  #readCalls(calls: readonly WireCall[], line: string): readonly EngineCallDelta[] {
    const literal = findLiteralArguments(line);
    return calls.map(({ id, function: called }, position) => {
      const argumentsText = printArguments(literal?.[position], called?.arguments);
      return { index: this.#calls++, ...(id ? { id } : {}), ...(called?.name ? { name: called.name } : {}), argumentsText };
    });
  }
}

function parseLine(text: string): Line {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // told below, without the words of the upstream
  }
  throw new GatewayError('engine_failed', 'The engine sent something that is not a JSON object.');
}

/** The arguments of a line's calls with their numbers as they were written; undefined where they nest too deep for that. */
function findLiteralArguments(line: string): readonly (LiteralJson | undefined)[] | undefined {
  const calls = dig(tryLiteral(line), 'message', 'tool_calls');
  return isLiteralList(calls) ? calls.map((call) => dig(call, 'function', 'arguments')) : undefined;
}

function tryLiteral(text: string): LiteralJson | undefined {
  try {
    return parseLiteralJson(text);
  } catch (error) {
    if (error instanceof LiteralJsonError) return undefined;
    throw error;
  }
}

function dig(value: LiteralJson | undefined, ...names: readonly string[]): LiteralJson | undefined {
  return names.reduce((inside, name) => (isLiteralObject(inside) ? inside.get(name) : undefined), value);
}

function printArguments(literal: LiteralJson | undefined, plain: unknown): string {
  if (typeof plain === 'string') return plain;
  if (literal !== undefined && literal !== null) return printLiteralJson(literal);
  return plain === undefined || plain === null ? '{}' : JSON.stringify(plain);
}

function readReason(reason: string | null | undefined): Pick<EngineEnd, 'reason'> {
  if (reason === 'load' || reason === 'unload')
    throw new GatewayError('engine_failed', `Ollama answered with a ${reason} of the model and nothing else.`);
  return { reason: reason === 'length' ? 'length' : 'stop' };
}

function readLogprob({ top_logprobs, ...written }: WireLogprob): TokenLogprob {
  return { ...readCandidate(written), top: (top_logprobs ?? []).map(readCandidate) };
}

function readCandidate({ token: text, logprob, bytes }: WireCandidate): TokenCandidate {
  const isPart = text.includes('\ufffd') && bytes;
  return { token: unknownToken, text, logprob, ...(isPart ? { bytes } : {}) };
}

/** Ollama closes the answer without a word when a model repeats one token 30 times. Source: Ollama 0.34.0, llm/llama_server.go. */
function endedEarly(): GatewayError {
  const message =
    'The engine ended its answer in the middle. Ollama does so when a model repeats a token over and over; raise `repetition_penalty`.';
  return new GatewayError('engine_failed', message);
}
