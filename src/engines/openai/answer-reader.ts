import type { Delta, EngineEnd, EngineRead } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { TokenCandidate, TokenLogprob } from '../../protocol/event.ts';
import { noUsage, type Usage } from '../../protocol/usage.ts';
import { SseReader } from '../../text/sse-reader.ts';
import type { BodyReader } from '../http/answer-stream.ts';
import { readErrorEvent } from '../http/upstream-error.ts';
import { CallNumbers, type WireCall } from './wire-calls.ts';

/** The parts of a streamed chunk that are read; anything may be missing or null. */
interface Chunk {
  readonly choices?: readonly Choice[] | null;
  readonly usage?: WireUsage | null;
  readonly error?: unknown;
}

interface Choice {
  /** of a stream */
  readonly delta?: WireText | null;
  /** of a whole answer */
  readonly message?: WireText | null;
  readonly text?: string | null;
  readonly finish_reason?: string | null;
  readonly stop_reason?: string | number | null;
  readonly logprobs?: WireLogprobs | null;
}

interface WireText {
  readonly content?: string | null;
  readonly reasoning_content?: string | null;
  readonly reasoning?: string | null;
  readonly tool_calls?: readonly WireCall[] | null;
}

interface WireUsage {
  readonly prompt_tokens?: number | null;
  readonly completion_tokens?: number | null;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null } | null;
}

interface WireCandidate {
  readonly token: string;
  readonly logprob: number;
}

interface WireLogprobs {
  /** chat */
  readonly content?: readonly (WireCandidate & { readonly top_logprobs?: readonly WireCandidate[] | null })[] | null;
  /** completions */
  readonly tokens?: readonly string[] | null;
  readonly token_logprobs?: readonly (number | null)[] | null;
  readonly top_logprobs?: readonly (Readonly<Record<string, number>> | null)[] | null;
}

const stopped: Pick<EngineEnd, 'reason' | 'stop'> = { reason: 'stop' };

/** Token ids are not part of OpenAI's answers. */
const unknownToken = -1;

/**
 * Turns the bytes of an answer into reads: of a stream one for each piece of the body, with `end` in the last; of a whole answer just one.
 * Throws `engine_failed` for what isn't a stream of this API, for an error the upstream reports in it, and for a body that ends too early.
 * Usage is accepted on any chunk; missing counts are 0.
 */
export class AnswerReader implements BodyReader {
  readonly streamType = 'text/event-stream';
  readonly #events = new SseReader();
  readonly #secrets: readonly string[];
  readonly #mostAlternatives: number;
  #usage: Usage = noUsage;
  #finish: Pick<EngineEnd, 'reason' | 'stop'> | undefined;
  #calls: CallNumbers | undefined;
  #isDone = false;

  /** `mostAlternatives`: servers add the token itself where it is none of the likeliest */
  constructor(secrets: readonly string[], mostAlternatives = Number.POSITIVE_INFINITY) {
    this.#secrets = secrets;
    this.#mostAlternatives = mostAlternatives;
  }

  /** Usage told so far. */
  get usage(): Usage {
    return this.#usage;
  }

  /** Undefined where the bytes complete nothing worth telling. After the end bytes are ignored. */
  push(bytes: Uint8Array): EngineRead | undefined {
    return this.#isDone ? undefined : this.#read(this.#events.push(bytes));
  }

  /** The read that a whole answer is: its JSON text has every delta and the end. */
  readWhole(json: string): EngineRead {
    const deltas: Delta[] = [];
    const { choices } = this.#readChunk(json, deltas);
    if (!choices?.[0]) throw new GatewayError('engine_failed', 'The engine sent JSON that is no answer of this API: it has no choices.');
    return { deltas, end: this.#makeEnd() };
  }

  /** The body has ended. Undefined if `push` already gave the end. */
  end(): EngineRead | undefined {
    if (this.#isDone) return undefined;
    const read = this.#read(this.#events.end());
    if (read?.end) return read;
    if (!this.#finish) throw new GatewayError('engine_failed', 'The engine ended its answer in the middle.');
    this.#isDone = true;
    return { deltas: read?.deltas ?? [], end: this.#makeEnd() };
  }

  #read(events: readonly { readonly data: string }[]): EngineRead | undefined {
    const deltas: Delta[] = [];
    for (const { data } of events) {
      if (data === '[DONE]') {
        this.#isDone = true;
        return { deltas, end: this.#makeEnd() };
      }
      this.#readChunk(data, deltas);
    }
    return deltas.length > 0 ? { deltas } : undefined;
  }

  /** An upstream that says `[DONE]` without a reason has stopped by itself. */
  #makeEnd(): EngineEnd {
    const { reason, stop } = this.#finish ?? stopped;
    return stop === undefined ? { reason, usage: this.#usage } : { reason, stop, usage: this.#usage };
  }

  #readChunk(data: string, deltas: Delta[]): Chunk {
    const chunk = parseChunk(data);
    if (chunk.error) throw readErrorEvent(chunk.error, this.#secrets);
    if (chunk.usage) this.#usage = readUsage(chunk.usage);
    const choice = chunk.choices?.[0];
    if (!choice) return chunk;
    const said = choice.delta ?? choice.message;
    const text = said?.content ?? choice.text ?? '';
    const logprobs = choice.logprobs ? readLogprobs(choice.logprobs, this.#mostAlternatives) : [];
    const reasoning = said?.reasoning_content ?? said?.reasoning ?? '';
    const calls = said?.tool_calls?.length ? (this.#calls ??= new CallNumbers()).read(said.tool_calls) : [];
    if (text || reasoning || logprobs.length > 0 || calls.length > 0) {
      const more = {
        ...(reasoning ? { reasoning } : {}),
        ...(logprobs.length > 0 ? { logprobs } : {}),
        ...(calls.length > 0 ? { calls } : {}),
      };
      deltas.push({ text, ...more });
    }
    if (choice.finish_reason) this.#finish = readFinish(choice.finish_reason, choice.stop_reason);
    return chunk;
  }
}

function parseChunk(data: string): Chunk {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // told below, without the words of the upstream
  }
  throw new GatewayError('engine_failed', 'The engine sent something that is not a JSON object.');
}

function readUsage(usage: WireUsage): Usage {
  return {
    promptTokens: usage.prompt_tokens ?? 0,
    completionTokens: usage.completion_tokens ?? 0,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
  };
}

function readFinish(reason: string, stop: string | number | null | undefined): Pick<EngineEnd, 'reason' | 'stop'> {
  if (reason === 'length') return { reason: 'length' };
  if (reason === 'abort' || reason === 'error') throw new GatewayError('engine_failed', 'The engine gave the answer up by itself.');
  return stop === undefined || stop === null ? { reason: 'stop' } : { reason: 'stop', stop };
}

function readLogprobs(logprobs: WireLogprobs, most: number): TokenLogprob[] {
  if (logprobs.content) {
    return logprobs.content.map((one) => ({
      ...candidate(one.token, one.logprob),
      top: (one.top_logprobs ?? []).slice(0, most).map((other) => candidate(other.token, other.logprob)),
    }));
  }
  return (logprobs.tokens ?? []).map((text, index) => {
    const top = Object.entries(logprobs.top_logprobs?.[index] ?? {}).map(([other, logprob]) => candidate(other, logprob));
    top.sort((left, right) => right.logprob - left.logprob);
    return { ...candidate(text, logprobs.token_logprobs?.[index] ?? 0), top: top.slice(0, most) };
  });
}

function candidate(text: string, logprob: number): TokenCandidate {
  return { token: unknownToken, text, logprob };
}
