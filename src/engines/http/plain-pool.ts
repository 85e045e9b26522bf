import { PlainConnection } from './plain-connection.ts';
import { type PlainRequest, type RequestHandler, writePlain } from './plain-request.ts';

/** Idle connections are looked through so often. */
const sweepMs = 1000;

/**
 * Connections to one origin by plain HTTP/1.1, as many as there are requests at once, each for one request at a time. It costs a good part less than undici, whose place it
 * takes, and reads only what servers ordinarily write: of anything else the handler hears a `Surprise`.
 */
export class PlainPool {
  readonly #origin: URL;
  readonly #keepAliveMs: number;
  readonly #all = new Set<PlainConnection>();
  /** the one used last is used again first, so that those too many come of age; some may be closed */
  #idle: PlainConnection[] = [];
  #sweep: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** A connection is used again after this time at most. */
  constructor(origin: URL, keepAliveMs: number) {
    this.#origin = origin;
    this.#keepAliveMs = keepAliveMs;
  }

  /** Nothing is thrown: the handler hears of all that fails. */
  dispatch(request: PlainRequest, handler: RequestHandler): void {
    try {
      if (this.#isClosed) throw closed();
      const bytes = writePlain(request, this.#origin.host);
      (this.#takeIdle() ?? this.#connect()).ask(bytes, handler);
    } catch (error) {
      handler.onResponseError(undefined, error as Error);
    }
  }

  /** Closes every connection; requests under way hear an error. */
  destroy(): void {
    this.#isClosed = true;
    clearInterval(this.#sweep);
    for (const connection of [...this.#all]) connection.abort(closed());
  }

  #takeIdle(): PlainConnection | undefined {
    const nowMs = performance.now();
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) {
      if (idle.isFresh(nowMs)) return idle;
      idle.close();
    }
    return undefined;
  }

  #connect(): PlainConnection {
    const connection = new PlainConnection(this.#origin, {
      keepAliveMs: this.#keepAliveMs,
      onIdle: () => this.#keep(connection),
      onClose: () => this.#all.delete(connection),
    });
    this.#all.add(connection);
    return connection;
  }

  #keep(connection: PlainConnection): void {
    this.#idle.push(connection);
    this.#sweep ??= setInterval(() => this.#sweepIdle(), sweepMs).unref();
  }

  #sweepIdle(): void {
    const nowMs = performance.now();
    const fresh: PlainConnection[] = [];
    for (const connection of this.#idle) {
      if (connection.isFresh(nowMs)) fresh.push(connection);
      else connection.close();
    }
    this.#idle = fresh;
    if (fresh.length > 0) return;
    clearInterval(this.#sweep);
    this.#sweep = undefined;
  }
}

function closed(): Error {
  return Object.assign(new Error('The connections were closed.'), { code: 'ECONNABORTED' });
}
