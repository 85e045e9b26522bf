import type { Delta, EngineEnd, EngineRead } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { TokenCandidate, TokenLogprob } from '../../protocol/event.ts';
import { noUsage, type Usage } from '../../protocol/usage.ts';
import { SseReader } from '../../text/sse-reader.ts';
import type { BodyReader } from '../http/answer-stream.ts';
import { readErrorEvent } from '../http/upstream-error.ts';
import type { Vocabulary } from './vocabulary.ts';

/** The parts of an event that are read; anything may be missing or null. */
interface CompletionEvent {
  readonly content?: string | null;
  readonly tokens?: readonly number[] | null;
  readonly stop?: boolean | null;
  readonly stop_type?: string | null;
  readonly stopping_word?: string | null;
  readonly tokens_predicted?: number | null;
  readonly tokens_evaluated?: number | null;
  readonly timings?: { readonly cache_n?: number | null } | null;
  readonly completion_probabilities?: readonly WireLogprob[] | null;
  /** of events that tell how far the prompt is */
  readonly prompt_progress?: object | null;
  readonly error?: unknown;
}

interface WireCandidate {
  readonly id: number;
  readonly token: string;
  readonly bytes?: readonly number[] | null;
  readonly logprob: number;
}

interface WireLogprob extends WireCandidate {
  readonly top_logprobs?: readonly WireCandidate[] | null;
}

/** What an answer is read with. */
export interface ReaderOptions {
  readonly secrets: readonly string[];
  readonly vocabulary: Pick<Vocabulary, 'controls' | 'pieces'>;
  /** control tokens that are part of the text */
  readonly kept: readonly string[];
  /** tokens that end the answer, which the server knows nothing of */
  readonly stopTokenIds: readonly number[];
  readonly topLogprobs: number | undefined;
}

/**
 * Turns the bytes of an answer of `/completion` into reads. Throws `engine_failed` for what isn't a stream of it, for an error in it, and for a body that
 * ends too early. Control tokens are told from texts that look the same by their ids. A character split over tokens comes with the last of their ids only:
 * the server tells no more.
 */
export class AnswerReader implements BodyReader {
  readonly streamType = 'text/event-stream';
  readonly #events = new SseReader();
  readonly #options: ReaderOptions;
  readonly #kept: ReadonlySet<string>;
  /** tokens whose text has not come: the server holds back what may become a stop text */
  #held: readonly number[] = [];
  #usage: Usage = noUsage;
  #isDone = false;
  #isCutShort = false;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#kept = new Set(options.kept);
  }

  get usage(): Usage {
    return this.#usage;
  }

  /** The end is ours: the server is still writing. */
  get isCutShort(): boolean {
    return this.#isCutShort;
  }

  push(bytes: Uint8Array): EngineRead | undefined {
    return this.#isDone ? undefined : this.#read(this.#events.push(bytes).map(({ data }) => data));
  }

  readWhole(json: string): EngineRead {
    const read = this.#read([json]);
    if (read?.end) return read;
    throw endedEarly();
  }

  end(): EngineRead | undefined {
    if (this.#isDone) return undefined;
    const read = this.#read(this.#events.end().map(({ data }) => data));
    if (read?.end) return read;
    throw endedEarly();
  }

  #read(texts: readonly string[]): EngineRead | undefined {
    const deltas: Delta[] = [];
    for (const text of texts) {
      const event = parseEvent(text);
      if (event.error) throw readErrorEvent(event.error, this.#options.secrets);
      if (event.prompt_progress) continue;
      this.#count(event);
      const stop = this.#findStop(event);
      const delta = this.#readDelta(event, stop);
      if (delta) deltas.push(delta);
      const end = stop === undefined ? this.#readEnd(event) : this.#cutShort(stop);
      if (!end) continue;
      if (end.reason === 'length' && this.#held.length > 0) deltas.push(this.#release());
      this.#isDone = true;
      return { deltas, end };
    }
    return deltas.length > 0 ? { deltas } : undefined;
  }

  #count({ tokens_evaluated, tokens_predicted, timings }: CompletionEvent): void {
    const { promptTokens, completionTokens, cachedTokens } = this.#usage;
    this.#usage = {
      promptTokens: tokens_evaluated ?? promptTokens,
      completionTokens: tokens_predicted ?? completionTokens,
      cachedTokens: timings?.cache_n ?? cachedTokens,
    };
  }

  #findStop({ tokens }: CompletionEvent): number | undefined {
    const { stopTokenIds } = this.#options;
    return stopTokenIds.length === 0 ? undefined : tokens?.find((token) => stopTokenIds.includes(token));
  }

  #cutShort(stop: number): EngineEnd {
    this.#isCutShort = true;
    return { reason: 'stop', stop, usage: this.#usage };
  }

  #readEnd({ stop, stop_type, stopping_word }: CompletionEvent): EngineEnd | undefined {
    if (stop !== true) return undefined;
    if (stop_type === 'limit') return { reason: 'length', usage: this.#usage };
    return { reason: 'stop', ...(stop_type === 'word' && stopping_word ? { stop: stopping_word } : {}), usage: this.#usage };
  }

  #readDelta({ content, tokens: told, completion_probabilities }: CompletionEvent, stop: number | undefined): Delta | undefined {
    const tokens = told ?? [];
    const text = this.#cutHidden(content ?? '', stop ?? tokens.at(-1), stop !== undefined);
    const waiting = [...this.#held, ...tokens];
    const specials = this.#findSpecials(text, waiting);
    this.#held = content ? [] : waiting;
    const logprobs = this.#readLogprobs(completion_probabilities ?? []);
    if (text === '' && tokens.length === 0 && logprobs.length === 0) return undefined;
    return {
      text,
      ...(tokens.length > 0 ? { tokens } : {}),
      ...(logprobs.length > 0 ? { logprobs } : {}),
      ...(specials.length > 0 ? { specials } : {}),
    };
  }

  /** What the server still held back: at the end of a limited answer it forgets to give it. Seen with b11434. */
  #release(): Delta {
    const text = this.#held.map((token) => this.#show(token)).join('');
    const specials = this.#findSpecials(text, this.#held);
    this.#held = [];
    return specials.length > 0 ? { text, specials } : { text };
  }

  /** A token as it stands in the text. */
  #show(token: number): string {
    const { controls, pieces } = this.#options.vocabulary;
    const piece = pieces[token] ?? '';
    return controls.has(token) && !this.#kept.has(piece) ? '' : piece;
  }

  /** Without the text of a stop token, and of a control token that is not kept: a server started with `--special` shows them all. */
  #cutHidden(text: string, token: number | undefined, isStop: boolean): string {
    if (token === undefined || text === '') return text;
    const piece = this.#options.vocabulary.pieces[token] ?? '';
    const isHidden = isStop || this.#show(token) === '';
    return isHidden && piece !== '' && text.endsWith(piece) ? text.slice(0, -piece.length) : text;
  }

  /** Where the control tokens among these stand in the text that came for them. */
  #findSpecials(text: string, tokens: readonly number[]): NonNullable<Delta['specials']> {
    const specials: { offset: number; length: number }[] = [];
    let from = 0;
    for (const token of tokens) {
      if (!this.#options.vocabulary.controls.has(token)) continue;
      const spelling = this.#show(token);
      const offset = spelling === '' ? -1 : text.indexOf(spelling, from);
      if (offset < 0) continue;
      specials.push({ offset, length: spelling.length });
      from = offset + spelling.length;
    }
    return specials;
  }

  #readLogprobs(probabilities: readonly WireLogprob[]): readonly TokenLogprob[] {
    const { topLogprobs } = this.#options;
    if (topLogprobs === undefined) return [];
    return probabilities.map((one) => ({ ...readCandidate(one), top: (one.top_logprobs ?? []).slice(0, topLogprobs).map(readCandidate) }));
  }
}

function readCandidate({ id, token, bytes, logprob }: WireCandidate): TokenCandidate {
  const isWhole = !token.includes('\ufffd') || !bytes;
  return isWhole ? { token: id, text: token, logprob } : { token: id, text: token, logprob, bytes };
}

function parseEvent(data: string): CompletionEvent {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // told below, without the words of the server
  }
  throw new GatewayError('engine_failed', 'The engine sent something that is not a JSON object.');
}

function endedEarly(): GatewayError {
  return new GatewayError('engine_failed', 'The engine ended its answer in the middle.');
}
