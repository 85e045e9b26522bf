import { GatewayError } from '../../protocol/error.ts';
import { readErrorEvent as readAnyError } from '../http/upstream-error.ts';

/** Errors of the API that another try may not meet. */
const passing: ReadonlySet<unknown> = new Set(['overloaded_error', 'rate_limit_error', 'timeout_error']);

/** The error of an `error` event in the middle of an answer. Source: platform.claude.com, "Errors", 2026. */
export function readErrorEvent(error: unknown, secrets: readonly string[]): GatewayError {
  const read = readAnyError(error, secrets);
  const { type } = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  return passing.has(type) ? new GatewayError('engine_unavailable', read.message) : read;
}
