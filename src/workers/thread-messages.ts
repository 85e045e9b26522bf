import type { ErrorCode } from '../protocol/error.ts';

/** One question with its number. */
export interface ToThread<Question> {
  readonly call: number;
  readonly question: Question;
}

/** An answer, or why there is none. */
export type FromThread = { readonly call: number; readonly value: unknown } | { readonly call: number; readonly error: ThreadError };

/** A `GatewayError` on its way between threads. */
export interface ThreadError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly param?: string;
}
