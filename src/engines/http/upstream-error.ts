import { type ErrorCode, GatewayError } from '../../protocol/error.ts';
import type { ResponseHeaders } from './head-fields.ts';

/** A refusal as the upstream sent it. */
export interface UpstreamRefusal {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string;
  /** never part of a message, even if the upstream quotes them */
  readonly secrets: readonly string[];
}

/** What upstreams of many kinds write about an error. */
interface ErrorWords {
  readonly message: string;
  readonly code: string;
  readonly param: string | undefined;
}

const longestMessage = 1000;
const contextWords =
  /context[_ ](length|size|window)|maximum context|exceeds? context limit|too many tokens|prompt is too long|longer than the (model's )?(maximum|context)/i;
/** What web frameworks say of a path that nobody serves: FastAPI, llama-server, Ollama. */
const routeWords = /^(404 page |file )?not found$/i;
/** llama-server answers 500 to a picture that its model cannot see. */
const pictureWords = /image input is not supported/i;
const cannot = 'The engine answered HTTP 501: it does not do this.';
const busyStatuses = new Set([408, 409, 425, 429, 503, 529]);
/** It is there, and has too much to do. */
const fullStatuses = new Set([429, 529]);

/** The error of an answer whose status is not 200. Source: engines.md 10; OpenAI "Error codes"; vLLM, llama-server and Ollama as they answer. */
export function readRefusal(refusal: UpstreamRefusal): GatewayError {
  const { status } = refusal;
  const words = readWords(refusal);
  if (status === 401 || status === 403) {
    const refused = `The engine refused our key (HTTP ${status}). The operator must check the key of this upstream.`;
    return new GatewayError('engine_failed', refused, { upstreamStatus: status });
  }
  if (busyStatuses.has(status)) return readBusy(refusal, words);
  if (status === 404 && words && routeWords.test(words.message)) return failed(status, 'it has no such route; check its base address');
  if (status === 404 && words) return new GatewayError('model_not_found', told(status, words), { upstreamStatus: status });
  if (status >= 400 && status < 500 && words) return readInvalid(status, words);
  if (status === 501 || (words && pictureWords.test(words.message)))
    return new GatewayError('unsupported_feature', words ? told(status, words) : cannot, { upstreamStatus: status });
  if (status >= 300 && status < 400) return failed(status, 'it redirects, which is not followed; use its final address');
  return failed(status, words ? words.message : 'its answer is not an error of this API; check the base address');
}

/** The error of an event `{"error": …}` in the middle of a stream. */
export function readErrorEvent(error: unknown, secrets: readonly string[]): GatewayError {
  const words = wordsOf({ error }, secrets);
  const isContext = words !== undefined && isContextError(words);
  return new GatewayError(
    isContext ? 'context_length_exceeded' : 'engine_failed',
    `The engine reported: ${words?.message ?? 'an error without a message'}`,
  );
}

function failed(status: number, why: string): GatewayError {
  return new GatewayError('engine_failed', `The engine answered HTTP ${status}: ${why}`, { upstreamStatus: status });
}

function told(status: number, words: ErrorWords): string {
  return `The engine answered HTTP ${status}: ${words.message}`;
}

function readInvalid(status: number, words: ErrorWords): GatewayError {
  const code: ErrorCode = isContextError(words) ? 'context_length_exceeded' : 'invalid_request';
  return new GatewayError(code, told(status, words), {
    ...(words.param === undefined ? {} : { param: words.param }),
    upstreamStatus: status,
  });
}

function isContextError({ code, message }: ErrorWords): boolean {
  return code === 'context_length_exceeded' || code === 'exceed_context_size_error' || contextWords.test(message);
}

function readBusy({ status, headers }: UpstreamRefusal, words: ErrorWords | undefined): GatewayError {
  const retryAfterSeconds = readRetryAfter(headers);
  const message = words ? told(status, words) : `The engine answered HTTP ${status}: it takes no requests now.`;
  return new GatewayError(fullStatuses.has(status) ? 'engine_busy' : 'engine_unavailable', message, {
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    upstreamStatus: status,
  });
}

/** Seconds from `retry-after-ms` or `retry-after`, which may be a date: then counted from the answer's own `date`. */
function readRetryAfter(headers: ResponseHeaders): number | undefined {
  const milliseconds = Number.parseFloat(String(headers['retry-after-ms']));
  if (milliseconds >= 0) return milliseconds / 1000;
  const text = String(headers['retry-after']);
  const seconds = /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : (Date.parse(text) - Date.parse(String(headers.date))) / 1000;
  return seconds >= 0 ? seconds : undefined;
}

/** What the upstream said, if it is in the manner of an API: JSON or plain text, but not a web page. */
function readWords({ body, headers, secrets }: UpstreamRefusal): ErrorWords | undefined {
  try {
    return wordsOf(JSON.parse(body), secrets);
  } catch {
    return String(headers['content-type']).startsWith('text/plain') ? wordsOf({ message: body.trim() }, secrets) : undefined;
  }
}

/** Reads `{error: {message, code, type, param}}`, `{error: "…"}`, `{message}` and `{detail}`; of Ollama also its runner's error, as JSON in the text of its own. */
function wordsOf(body: unknown, secrets: readonly string[]): ErrorWords | undefined {
  const outer = fieldsOf(body);
  const runner = readInnerJson(outer.error);
  if (runner) return wordsOf(runner, secrets);
  const inner = fieldsOf(outer.error);
  const message = [inner.message, outer.error, outer.message, outer.detail].find((text) => typeof text === 'string' && text !== '');
  if (typeof message !== 'string') return undefined;
  const hidden = secrets.reduce((text, secret) => text.replaceAll(secret, '[key]'), message);
  const code = [inner.code, outer.code, inner.type, outer.type].find((text) => typeof text === 'string');
  const param = typeof inner.param === 'string' ? inner.param : undefined;
  return { message: hidden.slice(0, longestMessage), code: String(code), param };
}

/** The error object that a text is the JSON of; undefined where it is plain words. */
function readInnerJson(text: unknown): object | undefined {
  if (typeof text !== 'string' || !text.startsWith('{"error":{')) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
