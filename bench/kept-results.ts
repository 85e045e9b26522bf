import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What earlier runs have done of a work, by its places, and where to put more. */
export interface KeptResults<Result> {
  readonly results: readonly (Result | undefined)[];
  keep(at: number, result: Result): Promise<void>;
}

/** With `ROOKERY_BENCH_KEEP=folder` results are kept there as JSON lines, and a run that was stopped goes on from them; without it nothing is. */
export async function openKept<Result>(what: string): Promise<KeptResults<Result>> {
  const folder = process.env.ROOKERY_BENCH_KEEP;
  const results: Result[] = [];
  if (folder === undefined) return { results, keep: async () => {} };
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${what.replaceAll(' ', '-')}.jsonl`);
  const text = await readFile(path, 'utf8').catch(() => '');
  for (const line of text.split('\n').slice(0, -1)) {
    const { at, result } = JSON.parse(line) as { at: number; result: Result };
    results[at] = result;
  }
  return { results, keep: (at, result) => appendFile(path, `${JSON.stringify({ at, result })}\n`) };
}
