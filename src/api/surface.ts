import type { Node } from '../gateway/node.ts';
import type { GatewayError } from '../protocol/error.ts';
import type { EventBatch, GenerateResult } from '../protocol/event.ts';
import type { JsonValue } from '../protocol/json.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { WrittenBody } from './decode/written-body.ts';

/** What a request brings to a surface, read and checked by the server. */
export interface ApiCall {
  /** our id of the request */
  readonly id: string;
  readonly path: string;
  /** what stood in the place of the `*` at the end of the route's path, decoded */
  readonly tail: string;
  /** undefined on GET */
  readonly body: JsonValue | undefined;
  /** undefined where there is no text of the body */
  readonly written: WrittenBody | undefined;
  /** names in lower case */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** aborted when the client leaves or the server ends */
  readonly signal: AbortSignal;
}

interface RouteBase {
  readonly method: 'GET' | 'POST';
  /** fixed, or ending in `/*`, where the rest (slashes included) is the call's `tail` */
  readonly path: string;
  /** `public` routes answer without a key */
  readonly access: 'public' | 'key';
  /** one line for the list of routes at `GET /` */
  readonly what: string;
}

/** A route that answers at once with one JSON value. */
export interface AnswerRoute extends RouteBase {
  readonly kind: 'answer';
  readonly answer: (call: ApiCall, node: Node) => Promise<ApiAnswer> | ApiAnswer;
}

/** A JSON answer; the status is 200 unless given. */
export interface ApiAnswer {
  readonly status?: number;
  readonly body: unknown;
}

/** A route that generates: streamed or collected, over one code path. */
export interface GenerateRoute extends RouteBase {
  readonly kind: 'generate';
  /** Throws `invalid_request` and its kin, naming the field. */
  readonly decode: (call: ApiCall) => DecodedGenerate;
}

/** A decoded body: the request, and how to write its answer. */
export interface DecodedGenerate {
  readonly request: GenerateRequest;
  readonly encoder: TurnEncoder;
}

/** Writes one answer in the surface's wire format. Made for each request; every method gives text ready for the socket ('' for nothing). */
export interface TurnEncoder {
  /** events of one engine read; the first call also writes whatever opens the stream */
  push(batch: EventBatch): string;
  /** the in-band error that ends a stream */
  error(error: GatewayError): string;
  /** what ends a stream that went well */
  end(): string;
  /** the body of an answer that is not streamed */
  result(result: GenerateResult): unknown;
}

/** One public HTTP API. The name of the file is its name. */
export interface Surface {
  readonly routes: readonly (AnswerRoute | GenerateRoute)[];
  /** the body of a refusal or failure, in this API's shape */
  readonly encodeError: (error: GatewayError, requestId: string) => unknown;
  /** bodies and what they decode to or are refused with; the conformance test runs over them */
  readonly examples: readonly SurfaceExample[];
}

/** A body for one of the surface's routes, and the error code it is refused with (absent: it decodes or answers). */
export interface SurfaceExample {
  readonly path: string;
  readonly body: JsonValue;
  readonly refusedWith?: string;
}

/** Names the type of a surface's definition; the file's default export. */
export function defineSurface(definition: Surface): Surface {
  return definition;
}
