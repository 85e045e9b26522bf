import { type Program, startProgram } from '../test/program.ts';
import { openKept } from './kept-results.ts';
import { say } from './report.ts';

/** Requests of each kind; `ROOKERY_BENCH_REQUESTS=20 npm run bench -- constraints` is a quick look. */
export const requestsEach = readCount(process.env.ROOKERY_BENCH_REQUESTS ?? '200');

/** answers at once in the runs that only count */
const usualSlots = 8;
const usualContextTokens = 2560;
const progressMs = 5_000;

/** Starts the built program with the real model, and stops it whatever happens, Ctrl-C included. */
export async function withProgram<Result>(
  work: (program: Program) => Promise<Result>,
  { slots = usualSlots, contextTokens = usualContextTokens } = {},
): Promise<Result> {
  const program = await startProgram(['--tiny', '--slots', String(slots), '--context', String(contextTokens)]);
  const leave = () => {
    program.process.kill();
    // closes our connections: the server need not wait for what is in flight
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, leave);
  try {
    return await work(program);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, leave);
    await program.stop();
  }
}

/**
 * Does the work for every item, as many at once as there are slots, and tells every few seconds how far it is. Results are in the order of the items.
 * A run that was stopped goes on from what `openKept` kept.
 */
export async function doAll<Item, Result>(
  what: string,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const kept = await openKept<Result>(what);
  const results = [...kept.results] as Result[];
  let next = 0;
  let done = results.filter((result) => result !== undefined).length;
  const timer = setInterval(() => say(`${what}: ${done} of ${items.length}`), progressMs);
  const lane = async () => {
    while (next < items.length) {
      const at = next++;
      if (results[at] !== undefined) continue;
      const result = await work(items[at] as Item);
      results[at] = result;
      await kept.keep(at, result);
      done++;
    }
  };
  try {
    await Promise.all(Array.from({ length: usualSlots }, lane));
  } finally {
    clearInterval(timer);
  }
  say(`${what}: all ${items.length}`);
  return results;
}

/** `97.5 %`; a share that is not whole is never shown as 100 % or 0 %. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '-';
  const tenths = Math.round((1000 * part) / whole);
  const shown = part < whole ? Math.min(tenths, 999) : tenths;
  return `${(part > 0 ? Math.max(shown, 1) : shown) / 10} %`;
}

function readCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`ROOKERY_BENCH_REQUESTS is '${text}'; give a whole number above 0.`);
}
