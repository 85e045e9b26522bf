import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from './node-flags.ts';

/** A process that takes part in a benchmark and serves on loopback. */
export interface SideProcess {
  readonly pid: number;
  /** where it listens, without a path */
  readonly url: string;
  /** Has it collect its garbage now, so that its memory can be compared; gives what is still held. */
  collectGarbage(): Promise<HeldMemory>;
  /** CPU time so far as the process itself knows it, all threads, microseconds: finer than the ticks of /proc. */
  cpuMicroseconds(): Promise<number>;
  stop(): Promise<void>;
}

/** What a process can reach, in bytes. */
export interface HeldMemory {
  readonly heapBytes: number;
  /** outside of the heap: buffers mostly */
  readonly bufferBytes: number;
}

/** What a side process is started with. */
export interface SideOptions {
  /** the file beside this one, without its ending */
  readonly program: 'gateway-process' | 'relay-process' | 'fake-process' | 'gateways-engine-process';
  /** handed over as JSON text */
  readonly input: object;
  /** the core it is kept on, where the machine has two and `taskset` */
  readonly core: 0 | 1;
  readonly nodeArguments?: readonly string[];
}

/** What the side processes and the benchmark tell each other. */
export type SideMessage = { readonly url: string } | HeldMemory | { readonly cpuMicroseconds: number };

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

/** Starts a side process and resolves once it listens. Its own words go to stderr only when it fails. */
export async function startSide(options: SideOptions): Promise<SideProcess> {
  const path = fileURLToPath(new URL(`./${options.program}.js`, import.meta.url));
  const ours = options.program === 'gateway-process' ? nodeFlags : [];
  const node = [process.execPath, '--expose-gc', ...ours, ...(options.nodeArguments ?? []), path, JSON.stringify(options.input)];
  const [command = '', ...rest] = canPin ? ['taskset', '-c', String(options.core), ...node] : node;
  // the log is written as in earnest, but to nowhere
  const child = spawn(command, rest, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const { url } = (await nextMessage(child, options.program)) as { url: string };
  return {
    pid: child.pid ?? 0,
    url,
    async collectGarbage() {
      child.send('collect');
      return (await nextMessage(child, options.program)) as HeldMemory;
    },
    async cpuMicroseconds() {
      child.send('cpu');
      const { cpuMicroseconds } = (await nextMessage(child, options.program)) as { cpuMicroseconds: number };
      return cpuMicroseconds;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** Keeps this process, which makes the load, off the core of the measured one. */
export function pinSelf(): void {
  if (canPin) spawnSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)]);
}

/** A side process's part of the conversation: says where it listens, and collects garbage or tells its CPU time when asked. Started by hand it prints its address. */
export function reportSide(url: string): void {
  const send = (message: SideMessage) => process.send?.(message) ?? process.stdout.write(`${url}\n`);
  process.on('message', (asked) => {
    if (asked === 'cpu') return send({ cpuMicroseconds: sum(process.cpuUsage()) });
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    send({ heapBytes: heapUsed, bufferBytes: external });
  });
  process.on('disconnect', () => process.exit());
  send({ url });
}

function sum({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

async function nextMessage(child: ChildProcess, name: string): Promise<SideMessage> {
  const failed = new AbortController();
  const fail = (code: number | null) => failed.abort(new Error(`${name} ended with ${code}`));
  child.once('exit', fail);
  try {
    const [message] = await once(child, 'message', { signal: failed.signal });
    return message as SideMessage;
  } catch (error) {
    throw failed.signal.aborted ? failed.signal.reason : error;
  } finally {
    child.off('exit', fail);
  }
}
