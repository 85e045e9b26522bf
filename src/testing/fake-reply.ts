import type { JsonObject } from '../protocol/json.ts';

/** How a fake engine answers one generation. Every field has a default, so `{}` is a reply too. */
export interface FakeReply {
  /** the text, one streamed chunk each; default `['Hello', ' from the fake engine.']`, and nothing beside `toolCalls` */
  readonly pieces?: readonly string[];
  /** reasoning before the text, one streamed chunk each; only chats carry it */
  readonly reasoning?: readonly string[];
  /** calls after the text; only chats carry them */
  readonly toolCalls?: readonly FakeToolCall[];
  /** the token ids of each piece, where an engine tells ids; default: what the engine's tokenizer makes of it */
  readonly tokens?: readonly (readonly number[])[];
  /** the id of the token that ended the text, told where ids are told; it has no text. Default: none */
  readonly endToken?: number;
  /** default `stop`, beside `toolCalls` `tool_calls`; null leaves it out. Each face says it in its own words. */
  readonly finish?: string | null;
  /** the stop string or token that stopped it (vLLM's `stop_reason`, llama-server's `stopping_word`); left out by default */
  readonly stopReason?: string | number;
  /** the generation met the end of the context (llama-server's `truncated`; say `finish: 'length'` too); default false */
  readonly isTruncated?: boolean;
  /** default: 7 prompt tokens, one completion token for each chunk, none cached; null leaves usage out even when asked for */
  readonly usage?: FakeUsage | null;
  /** where a stream tells usage; default `end` */
  readonly usagePlace?: FakeUsagePlace;
  /** waited before the first byte, each piece and the ending; default 0, which writes everything at once */
  readonly delayMs?: number;
  /** waited before the first byte; default `delayMs` */
  readonly firstByteDelayMs?: number;
  /** what goes wrong; default nothing */
  readonly fault?: FakeFault;
}

/** A tool call a fake engine makes. */
export interface FakeToolCall {
  /** default `call_1`, `call_2` … */
  readonly id?: string;
  readonly name: string;
  /** JSON text, one streamed chunk each */
  readonly argumentPieces: readonly string[];
}

/**
 * Where a stream tells usage. All but `end` tell it unasked:
 * `end` in an event of its own without choices, if the request asks (Ollama and llama-server: always in their last event; Anthropic: the prompt's at once, the answer's beside the stop reason) ·
 * `end-with-choices` in an event of its own that has a choice · `finish` beside the finish reason · `first` in the first event only ·
 * `every` in each event · `missing` nowhere, asked or not.
 */
export type FakeUsagePlace = 'end' | 'end-with-choices' | 'finish' | 'first' | 'every' | 'missing';

/** Token counts a fake engine reports. */
export interface FakeUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens?: number;
}

/**
 * What can go wrong with a generation, on every face. `afterPieces` counts the pieces of the reply that are sent before.
 * An answer that is not streamed stops in its middle with `hang`, `cut`, `cut-inside`, `reset` and, with a proper ending, `garbage`;
 * what is about events has no meaning there.
 */
export type FakeFault =
  /** an HTTP error; the body is the face's own error object unless given */
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
  /** stops writing for a while in the middle of an event, then goes on */
  | { readonly kind: 'stall'; readonly afterPieces: number; readonly delayMs: number }
  /** destroys the connection between two events */
  | { readonly kind: 'cut'; readonly afterPieces: number }
  /** destroys the connection in the middle of an event */
  | { readonly kind: 'cut-inside'; readonly afterPieces: number }
  /** resets the connection (TCP RST, `ECONNRESET` at the client); before any byte of the answer when `afterPieces` is absent */
  | { readonly kind: 'reset'; readonly afterPieces?: number }
  /** refuses the prompt as too long, in the face's words; Ollama only does so when told not to truncate, else it answers about half of it */
  | { readonly kind: 'overflow'; readonly promptTokens: number }
  /** holds tool arguments (without calls: the text) back until the last event, the one with the finish reason */
  | { readonly kind: 'late-arguments' }
  /** ends the body properly, but without finish reason, usage and `[DONE]` */
  | { readonly kind: 'early-end'; readonly afterPieces: number }
  /** sends an event that is not JSON, then goes on */
  | { readonly kind: 'garbage'; readonly afterPieces: number }
  /** sends the face's error as an event, with status 200; `[DONE]` follows on OpenAI and vLLM, nothing on the others */
  | { readonly kind: 'error-event'; readonly afterPieces: number; readonly error?: FakeError }
  /** sends everything but `[DONE]` (Anthropic: `message_stop`); Ollama and llama-server have none to leave out */
  | { readonly kind: 'no-done' }
  /** sends everything but the finish reason */
  | { readonly kind: 'no-finish' }
  /** sends one event of this many bytes after the first piece, then goes on */
  | { readonly kind: 'huge-event'; readonly bytes: number }
  /** sends the body in slices of this many bytes (1 splits every character), each in a packet of its own where the network allows */
  | { readonly kind: 'slices'; readonly bytes: number; readonly delayMs?: number }
  /** answers 200 with this content type, and the body of a web page if `body` is absent */
  | { readonly kind: 'content-type'; readonly contentType: string; readonly body?: string };

/** An error; each face writes the fields it knows. */
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
  readonly reasoning: readonly string[];
  readonly toolCalls: readonly Required<FakeToolCall>[];
  readonly tokens: readonly (readonly number[])[] | undefined;
  readonly endToken: number | undefined;
  readonly finish: string | null;
  readonly stopReason: string | number | undefined;
  readonly isTruncated: boolean;
  readonly usage: FakeUsage | null;
  readonly usagePlace: FakeUsagePlace;
  readonly delayMs: number;
  readonly firstByteDelayMs: number;
  readonly fault: FakeFault | undefined;
}

/** Fills in the defaults. */
export function fillReply(reply: FakeReply): FilledReply {
  const {
    isTruncated = false,
    reasoning = [],
    tokens,
    endToken,
    stopReason,
    usagePlace = 'end',
    delayMs = 0,
    firstByteDelayMs = delayMs,
    fault,
  } = reply;
  const toolCalls = (reply.toolCalls ?? []).map((call, index) => ({ id: `call_${index + 1}`, ...call }));
  const hasCalls = toolCalls.length > 0;
  const { pieces = hasCalls ? [] : ['Hello', ' from the fake engine.'], finish = hasCalls ? 'tool_calls' : 'stop' } = reply;
  const completionTokens = toolCalls.reduce((sum, call) => sum + call.argumentPieces.length, pieces.length + reasoning.length);
  const { usage = { promptTokens: 7, completionTokens } } = reply;
  const times = { delayMs, firstByteDelayMs };
  return { pieces, reasoning, toolCalls, tokens, endToken, finish, stopReason, isTruncated, usage, usagePlace, ...times, fault };
}
