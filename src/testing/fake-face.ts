import type { JsonObject } from '../protocol/json.ts';
import type { FakeError, FakeRequest, FilledReply } from './fake-reply.ts';
import type { FakeTokenizer } from './fake-tokenizer.ts';

/** What the faces of a fake engine know of it. */
export interface FakeState {
  readonly models: readonly string[];
  readonly contextTokens: number;
  /** models that Ollama holds in memory at most */
  readonly mostLoaded: number;
  readonly slots: number;
  readonly version: string | undefined;
  readonly chatTemplate: string;
  readonly hasToolParser: boolean;
  readonly capabilities: readonly string[];
  readonly tokenizer: FakeTokenizer;
  /** true: names that are not in `models` are refused */
  readonly refusesUnknownModels: boolean;
  readonly isLoading: boolean;
  /** generations going on now, without the asking one */
  readonly open: number;
  /** models in memory and the context each was loaded with; Ollama's requests change it */
  readonly loaded: Map<string, number>;
  /** models that Ollama was told to pull */
  readonly pulled: Set<string>;
  /** LoRA adapters that vLLM has loaded: paths by names */
  readonly adapters: Map<string, string>;
  /** whether vLLM sleeps now; undefined: it was started without sleep mode */
  readonly sleep: { isAsleep: boolean } | undefined;
}

/** The parts of a streamed answer, each ready to be written. */
export interface StreamParts {
  /** what comes before the first piece; may be '' */
  readonly head: string;
  readonly pieces: readonly string[];
  /** the event with the finish reason; '' when the reply has none */
  readonly finish: string;
  readonly usage: string;
  readonly done: string;
}

/** An answer that is known at once. */
export interface FakeBody {
  readonly status: number;
  /** an object is written as JSON */
  readonly body: object | string;
  readonly contentType?: string;
}

/** How one generating request is answered, whatever the reply. */
export interface FakeWriting {
  readonly isStreamed: boolean;
  readonly streamType: string;
  stream(reply: FilledReply): StreamParts;
  whole(reply: FilledReply): object;
  /** an event of the stream with this text as its data */
  frame(text: string): string;
  /** an event that says nothing */
  readonly quietEvent: object;
  /** what follows an error inside of a stream */
  readonly afterError: string;
  /** `error` as the script gave it, if it gave one */
  errorBody(status: number, error?: FakeError): object;
  /** how a prompt that is too long is refused; a reply where it is shortened silently */
  overflow(promptTokens: number, reply: FilledReply): FakeBody | FilledReply;
}

/** One kind of server: its routes and its words. */
export interface FakeFace {
  /** undefined: no such route */
  answer(request: FakeRequest, state: FakeState): FakeBody | FakeWriting | undefined;
  /** the route does not exist */
  noRoute(request: FakeRequest): FakeBody;
  /** false for routes that need no key */
  isGuarded(path: string): boolean;
  readonly wrongKey: FakeBody;
  /** the key that a request has; default: its bearer token */
  keyOf?(headers: FakeRequest['headers']): string | readonly string[] | undefined;
}

/** The bearer token of a request. */
export function bearerOf({ authorization }: FakeRequest['headers']): string | undefined {
  return /^Bearer (.*)$/.exec(String(authorization))?.[1];
}

/** Tells a generation from an answer that is known at once. */
export function isWriting(answer: FakeBody | FakeWriting): answer is FakeWriting {
  return 'stream' in answer;
}

/** What an error says when the script does not. */
export function toldMessage(status: number): string {
  return `The fake engine answers ${status} as it was told.`;
}

/** A JSON answer. */
export function jsonBody(body: object, status = 200): FakeBody {
  return { status, body };
}

/** A server-sent event with this data. */
export function sseFrame(text: string): string {
  return `data: ${text}\n\n`;
}

/** Whether a request's field is true. */
export function isOn(body: JsonObject | undefined, field: string): boolean {
  return body?.[field] === true;
}

/** A request's field as token ids; what is not a list of numbers gives none. */
export function tokenList(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.filter((one): one is number => typeof one === 'number') : [];
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Ids of a prompt in any of its forms: text, ids, or a mix of both. */
export function promptTokens(prompt: unknown, tokenizer: FakeTokenizer): readonly number[] {
  if (typeof prompt === 'number') return [prompt];
  if (typeof prompt === 'string') return tokenizer.encode(prompt);
  return Array.isArray(prompt) ? prompt.flatMap((part: unknown) => promptTokens(part, tokenizer)) : [];
}

/** Messages as ChatML, with an open assistant turn where an answer is asked for: the fake's chat template. */
export function renderMessages(messages: unknown, asksAnswer = true): string {
  const turns = Array.isArray(messages) ? messages.filter(isObject) : [];
  const text = turns.map(({ role, content }) => `<|im_start|>${String(role)}\n${typeof content === 'string' ? content : ''}<|im_end|>\n`);
  return `${text.join('')}${asksAnswer ? '<|im_start|>assistant\n' : ''}`;
}
