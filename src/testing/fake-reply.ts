import type { JsonObject } from '../protocol/json.ts';

/** How a fake engine answers one generation. Every field has a default, so `{}` is a reply too. */
export interface FakeReply {
  /** the text, one streamed chunk each; default `['Hello', ' from the fake engine.']` */
  readonly pieces?: readonly string[];
  /** default `stop`; null leaves it out */
  readonly finish?: string | null;
  /** what stopped it (vLLM's `stop_reason`); left out by default */
  readonly stopReason?: string | number;
  /** default: 7 prompt tokens, one completion token for each piece, none cached; null leaves usage out even when asked for */
  readonly usage?: FakeUsage | null;
  /** waited before the first byte, each piece and the ending; default 0, which writes everything at once */
  readonly delayMs?: number;
  /** what goes wrong; default nothing */
  readonly fault?: FakeFault;
}

/** Token counts a fake engine reports. */
export interface FakeUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens?: number;
}

/** What can go wrong with a generation. `afterPieces` counts the pieces of the reply that are sent before. */
export type FakeFault =
  /** an HTTP error; the body is OpenAI's error object unless given */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly error?: FakeError;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** takes the request and never answers */
  | { readonly kind: 'hang-before-headers' }
  /** stops writing and keeps the connection open */
  | { readonly kind: 'hang'; readonly afterPieces: number }
  /** destroys the connection */
  | { readonly kind: 'cut'; readonly afterPieces: number }
  /** ends the body properly, but without finish reason, usage and `[DONE]` */
  | { readonly kind: 'early-end'; readonly afterPieces: number }
  /** sends an event that is not JSON, then goes on */
  | { readonly kind: 'garbage'; readonly afterPieces: number }
  /** sends an error object as an event, then `[DONE]` */
  | { readonly kind: 'error-event'; readonly afterPieces: number; readonly error?: FakeError }
  /** sends everything but `[DONE]` */
  | { readonly kind: 'no-done' }
  /** sends everything but the finish reason */
  | { readonly kind: 'no-finish' }
  /** sends one event of this many bytes after the first piece, then goes on */
  | { readonly kind: 'huge-event'; readonly bytes: number }
  /** sends the body in slices of this many bytes (1 splits every character), each in a packet of its own where the network allows */
  | { readonly kind: 'slices'; readonly bytes: number; readonly delayMs?: number }
  /** answers 200 with this content type, and the body of a web page if `body` is absent */
  | { readonly kind: 'content-type'; readonly contentType: string; readonly body?: string };

/** OpenAI's error object. */
export interface FakeError {
  readonly message: string;
  readonly type?: string;
  readonly code?: string | number | null;
  readonly param?: string | null;
}

/** A request as a fake engine received it. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  /** names in lower case */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** undefined without a body, and where it isn't a JSON object */
  readonly body: JsonObject | undefined;
}

/** A reply with its defaults filled in. */
export interface FilledReply {
  readonly pieces: readonly string[];
  readonly finish: string | null;
  readonly stopReason: string | number | undefined;
  readonly usage: FakeUsage | null;
  readonly delayMs: number;
  readonly fault: FakeFault | undefined;
}

/** Fills in the defaults. */
export function fillReply(reply: FakeReply): FilledReply {
  const { pieces = ['Hello', ' from the fake engine.'], finish = 'stop', stopReason, delayMs = 0, fault } = reply;
  const { usage = { promptTokens: 7, completionTokens: pieces.length } } = reply;
  return { pieces, finish, stopReason, usage, delayMs, fault };
}
