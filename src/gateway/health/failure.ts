import type { ErrorCode, GatewayError } from '../../protocol/error.ts';

/** Kinds of failures that operators count and retry apart. */
export const failureKinds = ['timeout', 'rate-limit', 'server-error', 'auth', 'bad-request', 'content-policy'] as const;

export type FailureKind = (typeof failureKinds)[number];

/** A count for some kinds of failures. */
export type FailureCounts = Readonly<Partial<Record<FailureKind, number>>>;

/** What a failed attempt says of the upstream and of what may follow. */
export interface Failure {
  readonly kind: FailureKind;
  /** the upstream is at fault, as far as can be seen: it is counted against it. A request that no upstream would take is not. */
  readonly isOfUpstream: boolean;
  /** another attempt, there or elsewhere, may go better */
  readonly mayRetry: boolean;
  /** it may be over after a pause: not so a key that is refused, a model that is missing, and our own full queue, which must not grow by those who wait for it */
  readonly isPassing: boolean;
  /** how long the upstream asked to be left alone */
  readonly retryAfterMs: number | undefined;
}

const kindsByStatus: Readonly<Record<number, FailureKind>> = {
  401: 'auth',
  403: 'auth',
  404: 'server-error',
  408: 'timeout',
  409: 'server-error',
  425: 'server-error',
  429: 'rate-limit',
  504: 'timeout',
  529: 'rate-limit',
};

/** Of our own codes, where no status came from the upstream. Every other is the request's fault. */
const kindsByCode: Readonly<Partial<Record<ErrorCode, FailureKind>>> = {
  queue_full: 'rate-limit',
  queue_timeout: 'timeout',
  request_timeout: 'timeout',
  answer_timeout: 'timeout',
  engine_busy: 'rate-limit',
  engine_failed: 'server-error',
  engine_unavailable: 'server-error',
  shutting_down: 'server-error',
  internal_error: 'server-error',
};

/** Ours, not the upstream's: our queue in front of it was full or slow, or we are stopping or at fault. */
const ownCodes: ReadonlySet<ErrorCode> = new Set(['queue_full', 'queue_timeout', 'request_timeout', 'shutting_down', 'internal_error']);

/**
 * What a failure before the first event means. `upstreamStatus` is the HTTP status that the upstream answered with; undefined where it gave none.
 * A key that is refused and a model that is missing there are that upstream's: others may do. The kind `content-policy` is for the caller to give.
 */
export function readFailure(error: GatewayError, upstreamStatus?: number): Failure {
  const kind = readKind(error, upstreamStatus);
  const isMissingThere = upstreamStatus === 404 && error.code === 'model_not_found';
  const mayRetry = error.kind.mayRetryElsewhere || isMissingThere;
  const isOfUpstream = mayRetry && !ownCodes.has(error.code);
  return {
    kind,
    isOfUpstream,
    mayRetry,
    isPassing: isOfUpstream && kind !== 'auth' && !isMissingThere,
    retryAfterMs: error.retryAfterSeconds === undefined ? undefined : error.retryAfterSeconds * 1000,
  };
}

function readKind({ code }: GatewayError, upstreamStatus: number | undefined): FailureKind {
  if (code === 'context_length_exceeded') return 'bad-request';
  const byStatus = upstreamStatus === undefined ? undefined : kindsByStatus[upstreamStatus];
  if (byStatus) return byStatus;
  if (upstreamStatus !== undefined && upstreamStatus >= 500) return 'server-error';
  return kindsByCode[code] ?? 'bad-request';
}
