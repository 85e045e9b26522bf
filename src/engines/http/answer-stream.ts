import type { EngineRead } from '../../protocol/engine.ts';
import { GatewayError, toGatewayError } from '../../protocol/error.ts';
import type { Usage } from '../../protocol/usage.ts';
import { Mailbox } from '../../text/mailbox.ts';
import type { ResponseHeaders } from './head-fields.ts';
import { answerBytesMax } from './json-call.ts';
import type { Exchange, OutgoingRequest, ResponseListener, Transport } from './transport.ts';
import { readRefusal } from './upstream-error.ts';

/** Turns the bytes of an answer into reads. Throws `engine_failed` for what isn't one. */
export interface BodyReader {
  /** how the content type of a stream of this API begins; an answer in one piece is `application/json` */
  readonly streamType: string;
  /** usage told so far */
  readonly usage: Usage;
  /** the end is the reader's own: the upstream still writes, and is stopped */
  readonly isCutShort?: boolean;
  /** Told once, before the bytes, of refusals too. */
  head?(headers: ResponseHeaders): void;
  /** Undefined where the bytes complete nothing worth telling. After the end bytes are ignored. */
  push(bytes: Uint8Array): EngineRead | undefined;
  /** The one read that an answer in one piece is. */
  readWhole(json: string): EngineRead;
  /** The body has ended. Undefined if `push` already gave the end. */
  end(): EngineRead | undefined;
}

/** What an answer is read for and from. It outlives the request, which may be long. */
export interface AnswerSource {
  readonly transport: Transport;
  readonly reader: BodyReader;
  readonly signal: AbortSignal;
  /** never part of an error's message */
  readonly secrets: readonly string[];
  /** Told once how the request went, for the engine's state: undefined when the upstream answered. */
  readonly onOutcome: (error: GatewayError | undefined) => void;
}

/** Reads that may wait before the upstream is held back. */
const waitingReadsMax = 16;
const refusalBytesMax = 64 * 1024;

/** Sends the request now and gives its answer, one read for each piece of a stream that comes from the network, or one for a whole answer. */
export function streamAnswer(request: OutgoingRequest, source: AnswerSource): AsyncIterable<EngineRead> {
  const stream = new AnswerStream(request, source);
  return stream.mailbox;
}

function decodePieces(pieces: readonly Uint8Array[]): string {
  const [first] = pieces;
  const bytes = first && pieces.length === 1 ? Buffer.from(first.buffer, first.byteOffset, first.byteLength) : Buffer.concat(pieces);
  return bytes.toString('utf8');
}

/** One answer from its request to its end: joins transport, reader, mailbox and the caller's signal. */
class AnswerStream implements ResponseListener {
  readonly mailbox: Mailbox<EngineRead>;
  readonly #source: AnswerSource;
  readonly #reader: BodyReader;
  readonly #exchange: Exchange | undefined;
  readonly #onAbort = () => this.#giveUp();
  #status = 0;
  #headers: ResponseHeaders = {};
  #refusal = '';
  /** pieces of an answer that does not come as a stream */
  #whole: Uint8Array[] | undefined;
  #wholeBytes = 0;

  constructor(request: OutgoingRequest, source: AnswerSource) {
    this.#source = source;
    this.#reader = source.reader;
    this.mailbox = new Mailbox({ onReturn: () => this.#leave(), onDrained: () => this.#exchange?.resume() });
    if (source.signal.aborted) {
      this.#giveUp();
      return;
    }
    source.signal.addEventListener('abort', this.#onAbort);
    this.#exchange = source.transport.send(request, this);
  }

  head(status: number, headers: ResponseHeaders): void {
    this.#status = status;
    this.#headers = headers;
    this.#reader.head?.(headers);
    if (status !== 200) return;
    const { streamType } = this.#reader;
    const type = String(headers['content-type'] ?? streamType);
    if (type.startsWith('application/json')) this.#whole = [];
    if (this.#whole || type.startsWith(streamType)) this.#source.onOutcome(undefined);
    else this.#fail(new GatewayError('engine_failed', `The engine answered with ${type.slice(0, 80)} instead of JSON or ${streamType}.`));
  }

  data(bytes: Uint8Array): void {
    if (this.#whole) this.#keep(this.#whole, bytes);
    else if (this.#status === 200) this.#deliver(() => this.#reader.push(bytes));
    else if (this.#refusal.length < refusalBytesMax) this.#refusal += new TextDecoder().decode(bytes);
  }

  end(): void {
    this.#source.signal.removeEventListener('abort', this.#onAbort);
    const whole = this.#whole;
    if (whole) this.#deliver(() => this.#reader.readWhole(decodePieces(whole)));
    else if (this.#status === 200) this.#deliver(() => this.#reader.end());
    else this.#refuse();
  }

  error(error: GatewayError): void {
    if (this.#status === 200 || this.#status === 0) this.#fail(error);
    else this.#refuse();
  }

  #keep(whole: Uint8Array[], bytes: Uint8Array): void {
    this.#wholeBytes += bytes.length;
    if (this.#wholeBytes <= answerBytesMax) whole.push(bytes);
    else this.#fail(new GatewayError('engine_failed', `The engine's answer is over ${answerBytesMax} bytes.`));
  }

  #deliver(read: () => EngineRead | undefined): void {
    if (this.mailbox.isEnded) return;
    try {
      const result = read();
      if (result) this.#put(result);
    } catch (error) {
      this.#fail(toGatewayError(error));
    }
  }

  #put(read: EngineRead): void {
    this.mailbox.put(read);
    if (read.end) {
      this.#close();
      if (this.#reader.isCutShort) this.#exchange?.abort();
    } else if (this.mailbox.size >= waitingReadsMax) this.#exchange?.pause();
  }

  /** The answer is complete. The exchange goes on to its own end, so that the connection can serve again. */
  #close(): void {
    this.#source.signal.removeEventListener('abort', this.#onAbort);
    this.mailbox.close();
  }

  #refuse(): void {
    const { secrets } = this.#source;
    this.#fail(readRefusal({ status: this.#status, headers: this.#headers, body: this.#refusal, secrets }));
  }

  #fail(error: GatewayError): void {
    if (!this.mailbox.isEnded) this.#source.onOutcome(error);
    this.mailbox.fail(error);
    this.#leave();
  }

  #giveUp(): void {
    this.mailbox.put({ deltas: [], end: { reason: 'abort', usage: this.#reader.usage } });
    this.mailbox.close();
    this.#leave();
  }

  #leave(): void {
    this.#source.signal.removeEventListener('abort', this.#onAbort);
    this.#exchange?.abort();
  }
}
