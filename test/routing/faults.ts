import type { FakeReply } from 'rookery/testing';
import type { MarkedRequest } from './marks.ts';

type Fault = NonNullable<FakeReply['fault']>;

/** One way in which an engine fails, or is odd. */
export interface FaultMode {
  readonly name: string;
  readonly reply: Partial<FakeReply>;
  /** no upstream would take the request: it is refused, not tried again */
  readonly isRefusal?: boolean;
  /** a stream that it breaks has begun */
  readonly isLate?: boolean;
}

const mode = (fault: Fault, name: string = fault.kind): FaultMode => ({
  ...{ name, reply: { fault } },
  isLate: fault.kind === 'no-finish' || ('afterPieces' in fault && fault.afterPieces !== 0),
});
const status = (code: number, headers?: Readonly<Record<string, string>>): FaultMode =>
  mode({ kind: 'status', status: code, error: { message: 'no' }, ...(headers && { headers }) }, `status ${code}`);

/** Every mode of the fake engine. */
export const faultModes: readonly FaultMode[] = [
  { name: 'slow first byte', reply: { firstByteDelayMs: 40 } },
  { name: 'slow pieces', reply: { delayMs: 10 } },
  mode({ kind: 'stall', afterPieces: 1, delayMs: 40 }),
  mode({ kind: 'slices', bytes: 7 }),
  mode({ kind: 'huge-event', bytes: 100_000 }),
  mode({ kind: 'late-arguments' }),
  mode({ kind: 'no-done' }),
  mode({ kind: 'no-finish' }),
  { ...status(400), isRefusal: true },
  status(401),
  status(404),
  status(429, { 'retry-after': '1' }),
  status(500),
  status(503),
  mode({ kind: 'status', status: 502, body: '<html>Bad gateway</html>' }, 'a proxy’s page'),
  mode({ kind: 'content-type', contentType: 'text/html' }),
  mode({ kind: 'content-type', contentType: 'application/json', body: '{}' }, 'an empty object'),
  { ...mode({ kind: 'overflow', promptTokens: 9000 }), isRefusal: true },
  mode({ kind: 'reset' }),
  mode({ kind: 'reset', afterPieces: 0 }, 'reset after the head'),
  mode({ kind: 'reset', afterPieces: 1 }, 'reset in the middle'),
  mode({ kind: 'cut', afterPieces: 0 }, 'cut after the head'),
  mode({ kind: 'cut', afterPieces: 1 }),
  mode({ kind: 'cut-inside', afterPieces: 0 }, 'cut inside of the first event'),
  mode({ kind: 'cut-inside', afterPieces: 1 }),
  mode({ kind: 'early-end', afterPieces: 0 }, 'an end before the first event'),
  mode({ kind: 'early-end', afterPieces: 1 }),
  mode({ kind: 'garbage', afterPieces: 0 }, 'garbage first'),
  mode({ kind: 'garbage', afterPieces: 1 }),
  mode({ kind: 'error-event', afterPieces: 0, error: { message: 'out of memory' } }, 'an error as the first event'),
  mode({ kind: 'error-event', afterPieces: 1, error: { message: 'out of memory' } }),
  mode({ kind: 'hang-before-headers' }),
  mode({ kind: 'hang', afterPieces: 0 }, 'hang after the head'),
  mode({ kind: 'hang', afterPieces: 1 }),
];

/** Whether nothing of an answer has been given when this goes wrong, so that another try can save the request. */
export function isSavable({ isRefusal, isLate }: FaultMode, { isStreamed }: MarkedRequest): boolean {
  return isRefusal !== true && !(isStreamed && isLate);
}

/** Numbers from 0 to 1 that are the same in each run. Source: Mulberry32 by Tommy Ettinger. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
