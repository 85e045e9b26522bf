import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { surfaces } from '../api/index.ts';
import type { Node } from '../gateway/node.ts';
import { GatewayError } from '../protocol/error.ts';
import { createDrain, type Drain } from './drain.ts';
import { createHandler } from './handle.ts';
import type { Log } from './log.ts';
import { listFamilies } from './metrics/families.ts';
import { createInstruments } from './metrics/instruments.ts';
import { createMetricsRoute } from './metrics/metrics-route.ts';
import { isLoopback } from './network-rules.ts';
import { type ForwardedPath, openForwarding } from './pass-through.ts';

/** Where a server listens, who may call it, and its limits. */
export interface ServerOptions {
  /** what answers; may be replaced with `useNode` */
  readonly node: Node;
  /** name or address to listen on; default 127.0.0.1. Any but loopback needs a `key` */
  readonly host?: string;
  /** 0 takes a free one; default 4000 */
  readonly port?: number;
  /** the one key that callers must send; absent: no key is asked for */
  readonly key?: string;
  /** a header that may carry the key beside the usual ones, in lower case */
  readonly keyHeader?: string;
  /** paths that are forwarded as they are, for callers with the key */
  readonly passThrough?: readonly ForwardedPath[];
  /** generations worked on or waiting at once; default: no bound but the queues' */
  readonly maxRequests?: number;
  /** names that `Host` may hold beside loopback names and the address itself */
  readonly allowedHosts?: readonly string[];
  /** origins of web pages that may call */
  readonly allowedOrigins?: readonly string[];
  /** longest body; default 32 MiB */
  readonly maxBodyBytes?: number;
  /** time for a body to arrive; default 60,000 */
  readonly bodyTimeoutMs?: number;
  /** silence on a stream after which a comment is sent; default 15,000 */
  readonly keepAliveMs?: number;
  /** how long a client may leave a stream unread; default 120,000 */
  readonly writeStallMs?: number;
  /** how long the rest of a refused body is read, so that the client sees the refusal; default 2,000 */
  readonly lingerMs?: number;
  /** default: none */
  readonly log?: Log;
}

/** A listening server. */
export interface RunningServer {
  /** with the real port; an address that stands for all is written as loopback */
  readonly url: string;
  readonly port: number;
  /** Answers new requests with this node from now on. */
  useNode(node: Node): void;
  /**
   * Takes no more connections, refuses new requests with `shutting_down`, waits up to `graceMs` for what is in flight, then aborts it.
   * Resolves when every connection is closed. The node is the caller's to close.
   */
  close(options: { readonly graceMs: number }): Promise<void>;
}

/** Time for a request's head to arrive; a client that is slower is cut off. */
const headersTimeoutMs = 20_000;

/** Longer than the idle limit of the usual balancers (60 s), so that they close first and never write into a closing connection. */
const idleConnectionMs = 65_000;

/**
 * Starts a server and resolves when it listens.
 * Throws `address_in_use`, `address_needs_key`, or `bad_usage` for an address that cannot be had.
 */
export async function createServer(options: ServerOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1';
  if (!isLoopback(host) && options.key === undefined) {
    throw new GatewayError('address_needs_key', `${host} can be reached by other machines, and no key was given.`);
  }
  const drain = createDrain();
  let node = options.node;
  const instruments = createInstruments();
  const forwarding = openForwarding(options.passThrough ?? [], options.keyHeader);
  const handle = createHandler({
    node: () => node,
    drain,
    surfaces: Object.values(surfaces),
    ownRoutes: [createMetricsRoute(listFamilies(instruments, () => node)), ...forwarding.routes],
    instruments,
    key: options.key,
    keyHeader: options.keyHeader,
    mostGenerations: options.maxRequests ?? Number.POSITIVE_INFINITY,
    rules: {
      allowedHosts: [...(isEverywhere(host) ? [] : [host]), ...(options.allowedHosts ?? [])],
      allowedOrigins: options.allowedOrigins ?? [],
    },
    body: { maxBytes: options.maxBodyBytes ?? 32 * 1024 * 1024, timeoutMs: options.bodyTimeoutMs ?? 60_000 },
    times: { keepAliveMs: options.keepAliveMs ?? 15_000, writeStallMs: options.writeStallMs ?? 120_000 },
    lingerMs: options.lingerMs ?? 2_000,
    log: options.log ?? (() => {}),
    nowMs: () => performance.now(),
  });
  const server = openHttp(handle, drain);
  const port = await listen(server, host, options.port ?? 4000);
  return {
    port,
    url: `http://${urlHost(host)}:${port}`,
    useNode: (next) => {
      node = next;
    },
    close: async ({ graceMs }) => {
      await drain.run(server, graceMs);
      await forwarding.close();
    },
  };
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

function openHttp(handle: Handle, drain: Drain): Server {
  const server = createHttpServer({
    headersTimeout: headersTimeoutMs,
    keepAliveTimeout: idleConnectionMs,
    // whole requests, not answers: long streams are not meant. Bodies have a shorter time of their own
    requestTimeout: 300_000,
    connectionsCheckingInterval: 5_000,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    noDelay: true,
  });
  server.on('request', handle);
  // a client that asks before it sends a long body is answered by `readBody`'s first look at the headers
  server.on('checkContinue', handle);
  server.on('connection', drain.watch);
  return server;
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // later faults, such as no file descriptors left for a connection, end nothing: the next connection may succeed
    server.on('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port));
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): GatewayError {
  const address = `${urlHost(host)}:${port}`;
  if (cause.code === 'EADDRINUSE') return new GatewayError('address_in_use', `Another program listens on ${address}.`, { cause });
  if (cause.code === 'EACCES')
    return new GatewayError('bad_usage', `This user may not listen on ${address}; ports from 1024 on are free to use.`, { cause });
  return new GatewayError(
    'bad_usage',
    `Cannot listen on ${address}: ${cause.code ?? cause.message}. Is --host an address of this machine?`,
    { cause },
  );
}

function urlHost(host: string): string {
  if (isEverywhere(host)) return '127.0.0.1';
  return host.includes(':') ? `[${host.replace(/^\[|\]$/g, '')}]` : host;
}

/** An address that stands for all of the machine's, and is none that a client would name. */
function isEverywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === '[::]';
}
