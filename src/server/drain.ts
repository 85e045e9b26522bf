import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { GatewayError } from '../protocol/error.ts';
import type { Exchange } from './exchange.ts';

/** Knows every connection and request of a server, to end them in order. */
export interface Drain {
  readonly isDraining: boolean;
  /** Counts a connection until it closes. */
  watch(socket: Socket): void;
  /** Counts a request. */
  enter(exchange: Exchange): void;
  /** Ends the count of a request, once its answer is written or its client gone. */
  leave(exchange: Exchange): void;
  /** Ends the server; asked again, it gives the same promise, and the earlier of the two limits holds. */
  run(server: Server, graceMs: number): Promise<void>;
}

/** How long an aborted answer may take to write its last words. */
const lastWordsMs = 1_000;

/** The books of one server. */
export function createDrain(): Drain {
  /** every connection, with the number of its requests in work */
  const sockets = new Map<Socket, number>();
  const exchanges = new Set<Exchange>();
  let ending: Promise<void> | undefined;

  const count = (socket: Socket, change: number): number => {
    const requests = (sockets.get(socket) ?? 0) + change;
    if (sockets.has(socket)) sockets.set(socket, requests);
    return requests;
  };
  const abortAll = (): void => {
    for (const each of exchanges) each.abort(new GatewayError('shutting_down', 'The server is stopping and could not wait any longer.'));
    setTimeout(destroyAll, lastWordsMs).unref();
  };
  const destroyAll = (): void => {
    for (const socket of sockets.keys()) socket.destroy();
  };
  const end = (server: Server): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const { response } of exchanges) if (!response.headersSent) response.setHeader('connection', 'close');
      for (const [socket, requests] of sockets) if (requests === 0) socket.destroy();
    });

  return {
    get isDraining() {
      return ending !== undefined;
    },
    watch(socket) {
      // each pipelined request listens for its connection's end
      socket.setMaxListeners(0);
      sockets.set(socket, 0);
      socket.once('close', () => sockets.delete(socket));
    },
    enter(exchange) {
      exchanges.add(exchange);
      count(exchange.request.socket, 1);
    },
    leave(exchange) {
      exchanges.delete(exchange);
      const { socket } = exchange.request;
      if (count(socket, -1) === 0 && ending !== undefined) socket.destroySoon();
    },
    run(server, graceMs) {
      const timer = setTimeout(abortAll, graceMs);
      const clear = (): void => clearTimeout(timer);
      ending ??= end(server);
      return ending.then(clear);
    },
  };
}
