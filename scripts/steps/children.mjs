import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { StringDecoder } from 'node:string_decoder';

/** Programs that run now. Each leads a process group of its own, so that what it started ends with it. */
const running = new Set();
const hasGroups = process.platform !== 'win32';
const keptOutputChars = 64_000;

/**
 * Starts a program in a process group of its own. `shows: true` passes its output through; else it is kept for `output()`.
 * `onStart` gets its process id. `ended` gives the exit code (128 + signal for a killed one) and rejects only when it cannot be started.
 */
export function startChild(command, args, options = {}) {
  const { shows = false, cwd, env = process.env, onStart } = options;
  const child = spawn(command, args, {
    cwd,
    env,
    detached: hasGroups,
    stdio: ['ignore', shows ? 'inherit' : 'pipe', shows ? 'inherit' : 'pipe'],
  });
  if (child.pid !== undefined) onStart?.(child.pid);
  let output = '';
  for (const stream of shows ? [] : [child.stdout, child.stderr]) {
    const decoder = new StringDecoder('utf8');
    stream.on('data', (bytes) => {
      output = (output + decoder.write(bytes)).slice(-keptOutputChars);
    });
  }
  running.add(child);
  const ended = new Promise((resolve, reject) => {
    child.once('error', (error) => {
      running.delete(child);
      reject(error);
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
  return { ended, output: () => output, end: (signal = 'SIGTERM') => endGroup(child, signal) };
}

/** Runs a program to its end and gives `{ code, output }`. */
export async function runChild(command, args, options) {
  const child = startChild(command, args, options);
  const code = await child.ended;
  return { code, output: child.output() };
}

/**
 * Until the returned function is called, Ctrl-C and a polite kill end the running programs and then this one, with the usual code.
 * A second signal more than half a second later kills them: one Ctrl-C under npm arrives twice.
 */
export function endChildrenOnSignal() {
  let firstMs;
  const handle = (signal) => {
    const nowMs = Date.now();
    if (firstMs !== undefined && nowMs - firstMs < 500) return;
    const isSecond = firstMs !== undefined;
    firstMs ??= nowMs;
    const waiting = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)));
    for (const child of running) endGroup(child, isSecond ? 'SIGKILL' : signal);
    const leave = () => process.exit(128 + constants.signals[signal]);
    Promise.all(waiting).then(leave);
    if (!isSecond) setTimeout(() => killAll(leave), 10_000).unref();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return () => {
    process.off('SIGINT', handle);
    process.off('SIGTERM', handle);
  };
}

function killAll(then) {
  for (const child of running) endGroup(child, 'SIGKILL');
  then();
}

function endGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(hasGroups ? -child.pid : child.pid, signal);
  } catch (error) {
    // gone already
    if (error.code !== 'ESRCH') throw error;
  }
}
