import type { ApiCall, DecodedGenerate, GenerateRoute } from '../api/surface.ts';
import type { Node, Redecoding, Turn } from '../gateway/node.ts';
import { type GatewayError, toGatewayError } from '../protocol/error.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import { collectTurn } from '../translate/collect.ts';
import { decodeCall } from './decode-call.ts';
import type { Exchange } from './exchange.ts';
import { GenerationMeter, type MeterOptions } from './metrics/generation-meter.ts';
import { sendJson } from './send-json.ts';
import { StreamReply } from './stream-reply.ts';

/** Times of a streamed answer, milliseconds. */
export interface StreamTimes {
  readonly keepAliveMs: number;
  readonly writeStallMs: number;
}

/** What a generation is answered with. */
export interface GenerateWalk {
  readonly exchange: Exchange;
  readonly call: ApiCall;
  readonly node: Node;
  readonly times: StreamTimes;
  readonly instruments: MeterOptions['instruments'];
  readonly nowMs: () => number;
}

/**
 * Decodes, generates and answers, streamed or whole. What fails before the head is thrown, for the caller to answer with a status;
 * after it, the failure is written into the stream.
 */
export function walkGenerate(route: GenerateRoute, walk: GenerateWalk): Promise<void> {
  const { exchange, call, node, instruments, nowMs } = walk;
  const meter = new GenerationMeter({ instruments, startedMs: exchange.startedMs, nowMs });
  exchange.meter = meter;
  const { decoded, redecoding } = decodeCall(route, call, node);
  exchange.notes.model = decoded.request.model.slice(0, 128);
  exchange.notes.stream = decoded.request.isStreamed;
  const turn = openTurn(decoded.request, redecoding, { walk, meter });
  const reply = { turn, meter, encoder: decoded.encoder, exchange };
  return decoded.request.isStreamed ? streamTurn(reply, walk.times) : answerTurn(reply);
}

function openTurn(
  request: GenerateRequest,
  redecoding: Redecoding,
  { walk: { exchange, node }, meter }: { readonly walk: GenerateWalk; readonly meter: GenerationMeter },
): Turn {
  try {
    const turn = node.generate(request, exchange.signal, redecoding);
    meter.begin(turn, request.isStreamed);
    return turn;
  } catch (error) {
    // a name that nobody serves is the client's own, and those are without number
    const isServed = node.targets().some(({ model }) => model === request.model);
    meter.refuse(isServed ? request.model : '');
    throw error;
  }
}

/** A turn, what times and counts it, and where it is written. Nothing here holds the request: the answer may take minutes. */
interface Reply {
  readonly turn: Turn;
  readonly meter: GenerationMeter;
  readonly encoder: DecodedGenerate['encoder'];
  readonly exchange: Exchange;
}

async function answerTurn({ turn, meter, encoder, exchange: { response, signal } }: Reply): Promise<void> {
  try {
    const batches = await turn.whole();
    for (const batch of batches) meter.note(batch);
    if (signal.aborted) throw signal.reason;
    response.setHeader('x-rookery-plan', turn.plan);
    sendJson(response, 200, encoder.result(collectTurn(batches)));
  } catch (error) {
    // errors tell it too: what was tried is half of what went wrong
    if (!response.headersSent) response.setHeader('x-rookery-plan', turn.plan);
    throw error;
  }
}

async function streamTurn({ turn, meter, encoder, exchange }: Reply, times: StreamTimes): Promise<void> {
  const { response, signal, abort } = exchange;
  const reply = new StreamReply({ response, signal, abort, ...times, headers: () => ({ 'x-rookery-plan': turn.plan }) });
  try {
    for await (const batch of turn.batches) {
      meter.note(batch);
      if (signal.aborted) break;
      reply.write(encoder.push(batch));
      const failed = batch.events.find((event) => event.type === 'error');
      if (failed !== undefined) noteFailure(exchange, failed.error);
      if (reply.isFull) await reply.drained();
      if (failed !== undefined) break;
    }
    if (signal.aborted) throw signal.reason;
    reply.end(encoder.end());
  } catch (error) {
    const failure = toGatewayError(signal.aborted ? signal.reason : error);
    if (!reply.hasHead) throw failure;
    noteFailure(exchange, failure);
    reply.end(encoder.error(failure));
  } finally {
    reply.stop();
  }
}

/** Puts a failure into the log line of the request. */
export function noteFailure(exchange: Exchange, failure: GatewayError): void {
  exchange.notes.code = failure.code;
  if (failure.param !== undefined) exchange.notes.param = failure.param;
  // messages of refusals may quote the request, which is not the log's business
  if (failure.kind.status >= 500) exchange.notes.error = failure;
}
