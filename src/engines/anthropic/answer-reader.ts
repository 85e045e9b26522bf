import type { Delta, EngineEnd, EngineRead } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import { SseReader } from '../../text/sse-reader.ts';
import type { BodyReader } from '../http/answer-stream.ts';
import type { ResponseHeaders } from '../http/head-fields.ts';
import { BlockReader, type WireBlock, type WireDelta } from './block-reader.ts';
import { openInputs } from './input-text.ts';
import { readErrorEvent } from './stream-error.ts';
import type { TurnBlock } from './turn-memory.ts';
import { UsageCounter, type WireUsage } from './usage-counter.ts';

/** The parts of an event that are read; anything may be missing or null. */
interface WireEvent {
  readonly type?: string | null;
  readonly index?: number | null;
  readonly message?: { readonly usage?: WireUsage | null } | null;
  readonly content_block?: WireBlock | null;
  readonly delta?: (WireDelta & WireStop) | null;
  readonly usage?: WireUsage | null;
  readonly error?: unknown;
}

interface WireStop {
  readonly stop_reason?: string | null;
  readonly stop_sequence?: string | null;
}

/** An answer in one piece. */
interface WireMessage extends WireStop {
  readonly type?: string | null;
  readonly content?: readonly WireBlock[] | null;
  readonly usage?: WireUsage | null;
  readonly error?: unknown;
}

/** What an answer is read with. */
export interface ReadingContext {
  readonly secrets: readonly string[];
  /** the tool whose input is the answer's text */
  readonly answerTool: string | undefined;
  /** hears the blocks of a turn so far, each time a call is complete */
  readonly onTurn: (blocks: readonly TurnBlock[]) => void;
  /** hears the API's own id of the request, which its support asks for */
  readonly onRequestId: (requestId: string) => void;
}

/**
 * Turns the bytes of an answer into reads, a stream's as those of an answer in one piece. Throws `engine_failed` for what isn't one, for an error told in it, and for
 * a body that ends too early. Usage is accepted on any event. Events of kinds that are not known are passed over.
 * Source: reference/engines.md 9; @anthropic-ai/sdk 0.137.0 (2026-10-20), `RawMessageStreamEvent`; API version 2023-06-01.
 */
export class AnswerReader implements BodyReader {
  readonly streamType = 'text/event-stream';
  readonly #events = new SseReader();
  readonly #usage = new UsageCounter();
  readonly #secrets: readonly string[];
  readonly #blocks: BlockReader;
  readonly #onRequestId: ReadingContext['onRequestId'];
  #finish: Pick<EngineEnd, 'reason' | 'stop'> | undefined;
  #isDone = false;

  constructor({ secrets, answerTool, onTurn, onRequestId }: ReadingContext) {
    this.#secrets = secrets;
    this.#blocks = new BlockReader(answerTool, onTurn);
    this.#onRequestId = onRequestId;
  }

  get usage(): EngineEnd['usage'] {
    return this.#usage.total;
  }

  head(headers: ResponseHeaders): void {
    const requestId = headers['request-id'];
    if (typeof requestId === 'string') this.#onRequestId(requestId);
  }

  push(bytes: Uint8Array): EngineRead | undefined {
    return this.#isDone ? undefined : this.#read(this.#events.push(bytes));
  }

  readWhole(json: string): EngineRead {
    const message = parseObject<WireMessage>(json);
    if (message.error) throw readErrorEvent(message.error, this.#secrets);
    if (!Array.isArray(message.content)) throw new GatewayError('engine_failed', 'The engine sent JSON that is not an answer.');
    const deltas: Delta[] = [];
    const inputOf = openInputs(json);
    for (const [index, block] of (message.content as readonly WireBlock[]).entries()) {
      this.#blocks.start(index, block, () => inputOf(['content', index]), deltas);
      this.#blocks.stop(index, deltas);
    }
    this.#usage.take(message.usage);
    this.#readStop(message);
    this.#isDone = true;
    return { deltas, end: this.#makeEnd() };
  }

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
      this.#readEvent(data, deltas);
      if (this.#isDone) return { deltas, end: this.#makeEnd() };
    }
    return deltas.length > 0 ? { deltas } : undefined;
  }

  /** An upstream that ends its message without a reason has stopped by itself. */
  #makeEnd(): EngineEnd {
    return { ...(this.#finish ?? { reason: 'stop' }), usage: this.usage };
  }

  #readEvent(data: string, deltas: Delta[]): void {
    const event = parseObject<WireEvent>(data);
    if (event.error) throw readErrorEvent(event.error, this.#secrets);
    this.#usage.take(event.message?.usage);
    this.#usage.take(event.usage);
    const index = event.index ?? 0;
    switch (event.type) {
      case 'content_block_start':
        if (event.content_block) this.#blocks.start(index, event.content_block, () => openInputs(data)(['content_block']), deltas);
        break;
      case 'content_block_delta':
        if (event.delta) this.#blocks.take(index, event.delta, deltas);
        break;
      case 'content_block_stop':
        this.#blocks.stop(index, deltas);
        break;
      case 'message_delta':
        if (event.delta) this.#readStop(event.delta);
        break;
      case 'message_stop':
        this.#isDone = true;
        break;
      // message_start has usage only (a second one changes nothing), ping nothing
      default:
    }
  }

  #readStop({ stop_reason, stop_sequence }: WireStop): void {
    if (!stop_reason) return;
    const reason = reasons[stop_reason] ?? 'stop';
    this.#finish = stop_reason === 'stop_sequence' && stop_sequence ? { reason, stop: stop_sequence } : { reason };
  }
}

/** `pause_turn` ends an answer that is not complete. What is not here has stopped by itself. */
const reasons: Readonly<Record<string, EngineEnd['reason']>> = {
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  pause_turn: 'length',
  refusal: 'content_filter',
};

function parseObject<Shape extends object>(data: string): Shape {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value === 'object' && value !== null) return value as Shape;
  } catch {
    // told below, without the words of the upstream
  }
  throw new GatewayError('engine_failed', 'The engine sent something that is not a JSON object.');
}
