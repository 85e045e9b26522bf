import type { Exchange, Transport } from '../../engines/http/transport.ts';

/** One question, and how much of its answer is taken. */
export interface JsonQuestion {
  readonly transport: Transport;
  /** below the transport's base address, beginning with a slash */
  readonly path: string;
  readonly bytesMax: number;
  readonly signal: AbortSignal;
}

/** What came back. */
export interface JsonAnswer {
  /** HTTP status; 0 when there was no answer, it broke off, was over its bound, or the signal was aborted before its end */
  readonly status: number;
  /** undefined where the body is not JSON */
  readonly value: unknown;
}

const noAnswer: JsonAnswer = { status: 0, value: undefined };

/** Asks a server of which nothing is known. Never rejects and never waits past the signal. Redirects are not followed. */
export function askJson({ transport, path, bytesMax, signal }: JsonQuestion): Promise<JsonAnswer> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(noAnswer);
    const chunks: Uint8Array[] = [];
    let status = 0;
    let bytes = 0;
    let exchange: Exchange | undefined;
    const finish = (answer: JsonAnswer) => {
      signal.removeEventListener('abort', giveUp);
      resolve(answer);
    };
    const giveUp = () => {
      exchange?.abort();
      finish(noAnswer);
    };
    signal.addEventListener('abort', giveUp);
    const request = { method: 'GET', path } as const;
    exchange = transport.send(request, {
      head: (told) => {
        status = told;
      },
      data: (chunk) => {
        bytes += chunk.length;
        if (bytes > bytesMax) giveUp();
        else chunks.push(chunk);
      },
      end: () => finish({ status, value: parse(Buffer.concat(chunks)) }),
      error: () => finish(noAnswer),
    });
  });
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
