import type { Dispatcher } from 'undici';
import type { MarkedBody } from './gateways-bodies.ts';

const pieceEnd = '~'.charCodeAt(0);

/** What is asked, and how it is known that an answer is right. */
export interface LoadKind {
  readonly makeBody: () => MarkedBody;
  /** pieces of an answer, each ending in `~`, which stands nowhere else */
  readonly pieces: number;
}

/**
 * `right`: status 200, its own mark, every piece, a proper end. `wrong`: status 200 and not that. `refused`: another status. `lost`: the connection failed,
 * or nothing came within the patience.
 */
export type Outcome = 'right' | 'wrong' | 'refused' | 'lost';

/** What an exchange is told and tells. */
interface ExchangeOptions {
  readonly asked: MarkedBody;
  /** of its answer */
  readonly pieces: number;
  /** pieces have come */
  readonly heard: (count: number) => void;
  readonly ended: (outcome: Outcome, latencyMs: number, words: string) => void;
}

/** One request and what comes back. */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #askedMs = performance.now();
  readonly #bytes: Buffer[] = [];
  #firstPieceMs: number | undefined;
  #pieces = 0;
  #status = 0;
  #controller: Dispatcher.DispatchController | undefined;
  #reason: Error | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  abandon(reason: Error): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#reason) controller.abort(this.#reason);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Buffer): void {
    this.#bytes.push(bytes);
    const count = countPieces(bytes);
    if (count === 0) return;
    this.#firstPieceMs ??= performance.now();
    this.#pieces += count;
    this.#options.heard(count);
  }

  onResponseEnd(): void {
    const text = Buffer.concat(this.#bytes).toString('latin1');
    const nowMs = performance.now();
    const endMs = this.#options.asked.isStream ? (this.#firstPieceMs ?? nowMs) : nowMs;
    const words = `status ${this.#status}, ${this.#pieces} pieces: ${text.slice(0, 300)} … ${text.slice(-100)}`;
    this.#options.ended(this.#status === 200 ? this.#judge(text) : 'refused', endMs - this.#askedMs, words);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#options.ended('lost', performance.now() - this.#askedMs, `${error.message}, after ${this.#pieces} pieces`);
  }

  #judge(text: string): Outcome {
    const { asked, pieces } = this.#options;
    const isWhole = text.trimEnd().endsWith(asked.isStream ? 'data: [DONE]' : '}');
    return isWhole && this.#pieces === pieces && text.split('mark-').length === 2 && text.includes(asked.mark) ? 'right' : 'wrong';
  }
}

function countPieces(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(pieceEnd); at >= 0; at = bytes.indexOf(pieceEnd, at + 1)) count++;
  return count;
}
