import { readdirSync, readFileSync } from 'node:fs';
import { cpuMicroseconds } from './cpu.ts';

/** CPU time so far of all processes that this one started and that run, and of those that they started; seconds. Linux only. */
export function cpuSecondsOfChildren(): number {
  return sumOver(childrenOf(process.pid));
}

function sumOver(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + unlessGone(() => cpuMicroseconds(pid) / 1e6 + sumOver(childrenOf(pid)), 0), 0);
}

function childrenOf(pid: number): readonly number[] {
  const threads = unlessGone(() => readdirSync(`/proc/${pid}/task`), []);
  const lists = threads.map((thread) => unlessGone(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'), ''));
  return lists.flatMap((list) => list.split(' ').filter(Boolean)).map(Number);
}

/** Processes and threads end while they are listed. */
function unlessGone<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return otherwise;
    throw error;
  }
}
