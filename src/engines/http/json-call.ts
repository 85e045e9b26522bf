import { GatewayError } from '../../protocol/error.ts';
import type { ResponseHeaders } from './head-fields.ts';
import type { Exchange, OutgoingRequest, Transport } from './transport.ts';
import { readRefusal } from './upstream-error.ts';

/** A call that is answered with one JSON value. */
export interface JsonCall {
  readonly transport: Transport;
  readonly request: OutgoingRequest;
  readonly signal: AbortSignal | undefined;
  /** never part of an error's message */
  readonly secrets: readonly string[];
}

/** Longest answer that is taken whole. */
export const answerBytesMax = 256 * 2 ** 20;

/** Asks and waits for the whole answer. Throws what the upstream's refusal means; `client_closed` when the signal is aborted. */
export async function callJson(call: JsonCall): Promise<unknown> {
  const body = await callText(call);
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new GatewayError('engine_failed', `The engine answered ${call.request.path} with something that is not JSON.`, { cause });
  }
}

/** The same for an answer that is any text. */
export async function callText(call: JsonCall): Promise<string> {
  const { status, headers, body } = await collect(call);
  if (status !== 200) throw readRefusal({ status, headers, body, secrets: call.secrets });
  return body;
}

interface Collected {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string;
}

function collect({ transport, request, signal }: JsonCall): Promise<Collected> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(leftEarly());
    const answer = { status: 0, headers: {} as ResponseHeaders, chunks: [] as Uint8Array[], bytes: 0 };
    let exchange: Exchange | undefined;
    const finish = (settle: () => void) => {
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    const giveUp = (error: GatewayError) => finish(() => reject(error));
    const onAbort = () => {
      exchange?.abort();
      giveUp(leftEarly());
    };
    signal?.addEventListener('abort', onAbort);
    exchange = transport.send(request, {
      head: (status, headers) => Object.assign(answer, { status, headers }),
      data: (bytes) => {
        answer.chunks.push(bytes);
        answer.bytes += bytes.length;
        if (answer.bytes <= answerBytesMax) return;
        exchange?.abort();
        giveUp(new GatewayError('engine_failed', `The engine's answer to ${request.path} is over ${answerBytesMax} bytes.`));
      },
      end: () => finish(() => resolve({ ...answer, body: Buffer.concat(answer.chunks).toString('utf8') })),
      error: giveUp,
    });
  });
}

function leftEarly(): GatewayError {
  return new GatewayError('client_closed', 'The caller left before the engine answered.');
}
