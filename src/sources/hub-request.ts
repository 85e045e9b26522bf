import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { GatewayError } from '../protocol/error.ts';
import { errorCodeOf } from './storage-error.ts';

/** A connection to a model hub. Close it when done. */
export interface HubConnection {
  /** where the hub is, without a slash at the end */
  readonly url: string;
  /** sends a request, following redirects; see `openHubConnection` */
  readonly send: (sent: HubRequest) => Promise<HubResponse>;
  readonly close: () => Promise<void>;
}

/** A request for a path of the hub. */
export interface HubRequest {
  readonly method: 'GET' | 'HEAD';
  /** with its leading slash, encoded */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** limit for the whole exchange; absent: none but the silence's */
  readonly timeoutMs?: number | undefined;
}

/** An answer, after redirects. */
export interface HubResponse {
  readonly status: number;
  /** of the last answer; what only the hub itself says (`x-linked-*`) is kept from its own */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Dispatcher.ResponseData['body'];
}

/** What a hub is reached with. */
export interface HubConnectionOptions {
  readonly hubUrl: string;
  /** sent to the hub's own origin, and never to another */
  readonly token?: string | undefined;
  /** default 5,000 */
  readonly connectTimeoutMs?: number;
  /** longest silence while an answer or its body is awaited; default 30,000 */
  readonly silenceTimeoutMs?: number;
}

const mostRedirects = 5;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);

/**
 * Connects to a hub, through the proxy of the environment where there is one. Redirects are followed to https (from http also to http), because hubs
 * keep their files elsewhere; the token goes to the hub's own origin only. A HEAD ends at the hub when the hub itself tells the file's size.
 * `send` throws `download_failed` when nothing answers, and the signal's reason. Throws `bad_usage` for an address that is none.
 */
export function openHubConnection(options: HubConnectionOptions): HubConnection {
  const base = parseHubUrl(options.hubUrl);
  const silenceMs = options.silenceTimeoutMs ?? 30_000;
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: options.connectTimeoutMs ?? 5_000 },
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
  });
  const url = base.href.replace(/\/+$/, '');
  return {
    url,
    close: () => dispatcher.destroy(),
    send: async (sent) => {
      try {
        const signal = sent.timeoutMs === undefined ? sent.signal : AbortSignal.any([sent.signal, AbortSignal.timeout(sent.timeoutMs)]);
        return await follow({ sent: { ...sent, signal }, first: new URL(`${url}${sent.path}`), token: options.token, dispatcher });
      } catch (error) {
        sent.signal.throwIfAborted();
        throw describeNetworkError(error, url);
      }
    },
  };
}

/** A failure of the network in our words: `download_failed` with the reason. */
export function describeNetworkError(cause: unknown, url: string): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const reason = errorCodeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return new GatewayError('download_failed', `The model hub at ${url} cannot be reached, or the connection broke (${reason}).`, { cause });
}

interface Following {
  readonly sent: HubRequest;
  readonly first: URL;
  readonly token: string | undefined;
  readonly dispatcher: Dispatcher;
}

async function follow({ sent, first, token, dispatcher }: Following): Promise<HubResponse> {
  let url = first;
  let linked: Record<string, string> = {};
  for (let count = 0; count <= mostRedirects; count += 1) {
    const isHome = url.origin === first.origin;
    const response = await request(url, {
      method: sent.method,
      headers: {
        'accept-encoding': 'identity',
        ...sent.headers,
        ...(isHome && token !== undefined ? { authorization: `Bearer ${token}` } : {}),
      },
      dispatcher,
      signal: sent.signal,
    });
    const headers = flatten(response.headers);
    if (isHome) linked = { ...linked, ...pickLinked(headers) };
    const location = redirectStatuses.has(response.statusCode) ? headers.location : undefined;
    const isAnswered = location === undefined || (sent.method === 'HEAD' && 'x-linked-size' in linked);
    if (isAnswered)
      return { status: location === undefined ? response.statusCode : 200, headers: { ...headers, ...linked }, body: response.body };
    await response.body.dump();
    url = nextUrl(url, location);
  }
  throw new GatewayError('download_failed', `The model hub redirects more than ${mostRedirects} times: ${first.href}`);
}

function nextUrl(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (to?.protocol === 'https:' || (to?.protocol === 'http:' && from.protocol === 'http:')) return to;
  throw new GatewayError('download_failed', `${from.origin} redirects to an address that is not https. It was not followed.`);
}

function pickLinked(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-linked-')));
}

function flatten(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const pairs = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function parseHubUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url !== undefined && isHttp && url.username === '' && url.search === '') return url;
  throw new GatewayError('bad_usage', 'The address of the model hub must be like https://huggingface.co, without a user or a query.');
}
