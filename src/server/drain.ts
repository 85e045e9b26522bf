import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { GatewayError } from '../protocol/error.ts';
import type { Exchange } from './exchange.ts';

/** Knows every connection and request of a server, to end them in order. */
export interface Drain {
  readonly isDraining: boolean;
  /** Counts a connection until it closes, and tells its requests of that. */
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
  /** every connection, with its requests in work: usually one */
  const sockets = new Map<Socket, Exchange[]>();
  let ending: Promise<void> | undefined;

  const abortAll = (): void => {
    for (const exchanges of sockets.values()) {
      for (const each of exchanges) each.abort(new GatewayError('shutting_down', 'The server is stopping and could not wait any longer.'));
    }
    setTimeout(destroyAll, lastWordsMs).unref();
  };
  const destroyAll = (): void => {
    for (const socket of sockets.keys()) socket.destroy();
  };
  const end = (server: Server): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const [socket, exchanges] of sockets) {
        for (const { response } of exchanges) if (!response.headersSent) response.setHeader('connection', 'close');
        if (exchanges.length === 0) socket.destroy();
      }
    });

  return {
    get isDraining() {
      return ending !== undefined;
    },
    watch(socket) {
      const exchanges: Exchange[] = [];
      sockets.set(socket, exchanges);
      socket.once('close', () => {
        sockets.delete(socket);
        for (const each of exchanges) each.disconnect();
      });
    },
    enter(exchange) {
      sockets.get(exchange.request.socket)?.push(exchange);
    },
    leave(exchange) {
      const { socket } = exchange.request;
      const exchanges = sockets.get(socket);
      exchanges?.splice(exchanges.indexOf(exchange), 1);
      if (exchanges?.length === 0 && ending !== undefined) socket.destroySoon();
    },
    run(server, graceMs) {
      const timer = setTimeout(abortAll, graceMs);
      const clear = (): void => clearTimeout(timer);
      ending ??= end(server);
      return ending.then(clear);
    },
  };
}
