import type { ResponseHeaders } from '../engines/http/head-fields.ts';
import { openTransport, type Transport } from '../engines/http/transport.ts';
import type { GatewayError } from '../protocol/error.ts';
import type { Exchange } from './exchange.ts';

/** A path that is forwarded as it is. */
export interface ForwardedPath {
  /** begins with `/` */
  readonly path: string;
  /** where to; the query of a request is added to it */
  readonly target: string;
  /** sent with each request, names in lower case; may hold the key of the other side */
  readonly headers: Readonly<Record<string, string>>;
  /** the caller's headers go along, without its key and what belongs to its connection */
  readonly forwardsHeaders: boolean;
}

/** A route of the server's own that asks somebody else. */
export interface ForwardRoute {
  readonly kind: 'forward';
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly access: 'key';
  readonly what: string;
  readonly forward: (exchange: Exchange, body: Uint8Array | undefined) => Promise<void>;
}

/** Forwarded paths with the connections to their targets. */
export interface Forwarding {
  readonly routes: readonly ForwardRoute[];
  close(): Promise<void>;
}

/** An answer of another service may take as long as that of an engine. */
const timeouts = { firstByteTimeoutMs: 600_000, silenceTimeoutMs: 600_000 } as const;

/** Headers of one connection, of a body as it was, or of the caller's own rights. Source: RFC 9110, section 7.6.1. */
const notForwarded: ReadonlySet<string> = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
  ...['host', 'content-length', 'accept-encoding', 'authorization', 'x-api-key', 'cookie', 'origin', 'referer'],
]);

/** Headers of an answer that the caller gets. */
const answered = ['content-type', 'retry-after', 'content-disposition'] as const;

/** Opens the routes of forwarded paths, both methods each. Redirects are not followed. Throws `bad_usage` for a target that is no address. */
export function openForwarding(paths: readonly ForwardedPath[], keyHeader: string | undefined): Forwarding {
  const transports: Transport[] = [];
  const routes = paths.flatMap((forwarded) => {
    const url = new URL(forwarded.target);
    const transport = openTransport({ baseUrl: url.origin, headers: forwarded.headers, ...timeouts });
    transports.push(transport);
    const base = { kind: 'forward', path: forwarded.path, access: 'key', what: `forwarded to ${url.host}` } as const;
    const forward: ForwardRoute['forward'] = (exchange, body) => {
      const query = /\?.*$/s.exec(exchange.request.url ?? '')?.[0] ?? '';
      const headers = forwarded.forwardsHeaders ? callersHeaders(exchange, forwarded, keyHeader) : undefined;
      const path = `${url.pathname}${url.search}${url.search === '' ? query : query.replace('?', '&')}`;
      return pipe(transport, exchange, { method: exchange.request.method === 'POST' ? 'POST' : 'GET', path, body, headers });
    };
    return [
      { ...base, method: 'GET' as const, forward },
      { ...base, method: 'POST' as const, forward },
    ];
  });
  return { routes, close: async () => void (await Promise.all(transports.map((transport) => transport.close()))) };
}

/** What the operator sends wins over what the caller sends. */
function callersHeaders({ request }: Exchange, { headers }: ForwardedPath, keyHeader: string | undefined): Record<string, string> {
  const kept = Object.entries(request.headers).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && !notForwarded.has(entry[0]) && entry[0] !== keyHeader && !Object.hasOwn(headers, entry[0]),
  );
  return Object.fromEntries(kept);
}

interface Forwarded {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: Uint8Array | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** Sends a request on and its answer back as it comes. Rejects with what failed before the answer's head; a client that leaves ends the other side's work. */
function pipe(transport: Transport, { id, response, signal }: Exchange, { method, path, body, headers }: Forwarded): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = { method, path, id, ...(body === undefined ? {} : { body: [body] }), ...(headers === undefined ? {} : { headers }) };
    const under = transport.send(outgoing, {
      head: (status, found) => void response.writeHead(status, headOf(found)),
      data: (bytes) => {
        if (response.write(bytes)) return;
        under.pause();
        response.once('drain', () => under.resume());
      },
      end: () => {
        response.end();
        resolve();
      },
      error: (error: GatewayError) => {
        if (!response.headersSent) return reject(error);
        response.destroy();
        resolve();
      },
    });
    const leave = (): void => {
      under.abort();
      reject(signal.reason);
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
  });
}

function headOf(headers: ResponseHeaders): Record<string, string> {
  const found = answered.map((name) => [name, headers[name]] as const).filter((entry) => typeof entry[1] === 'string');
  return Object.fromEntries(found) as Record<string, string>;
}
