import { readdirSync, readFileSync } from 'node:fs';
import { cpuMicroseconds, residentBytes } from './cpu.ts';

/** CPU time so far of processes and of all that they started and that still run; microseconds, in steps of the kernel's ticks. Linux only. */
export function treeCpuMicroseconds(roots: readonly number[]): number {
  return sumOver(roots, cpuMicroseconds);
}

/** CPU time so far of all processes that this one started and that run, and of those that they started; seconds. Linux only. */
export function cpuSecondsOfChildren(): number {
  return treeCpuMicroseconds(childrenOf(process.pid)) / 1e6;
}

/** Resident memory of processes and all that they started, bytes; pages that several share are counted for each. Linux only. */
export function treeResidentBytes(roots: readonly number[]): number {
  return sumOver(roots, residentBytes);
}

/** The processes that a process started and that run, all of its threads taken together. */
export function childrenOf(pid: number): readonly number[] {
  const threads = unlessGone(() => readdirSync(`/proc/${pid}/task`), []);
  const lists = threads.map((thread) => unlessGone(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8'), ''));
  return lists.flatMap((list) => list.split(' ').filter(Boolean)).map(Number);
}

function sumOver(pids: readonly number[], read: (pid: number) => number): number {
  return pids.reduce((sum, pid) => sum + unlessGone(() => read(pid), 0) + sumOver(childrenOf(pid), read), 0);
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
