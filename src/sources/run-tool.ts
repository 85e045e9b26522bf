import { spawn } from 'node:child_process';

/** A program to run to its end, such as pip or npm. */
export interface ToolRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** variables it gets beside those of this process */
  readonly variables?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** called every `tickMs` while it runs */
  readonly onTick: () => void;
  /** default 500 */
  readonly tickMs?: number;
}

/** How a program ended. `output` is the end of what it wrote, both streams together, without passwords of addresses. */
export interface ToolEnd {
  /** null: ended by a signal */
  readonly exitCode: number | null;
  readonly output: string;
}

const keptChars = 16_000;

/** What `env` ends with when there is no such program. Source: POSIX.1-2017, env, "Exit status". */
const notFoundExitCode = 127;

/**
 * Runs a program with the variables of this process. Undefined where there is none of that name. An aborted signal ends it and, once it has ended,
 * throws the signal's reason.
 */
export async function runTool(run: ToolRun): Promise<ToolEnd | undefined> {
  run.signal.throwIfAborted();
  const variables = Object.entries(run.variables ?? {}).map(([name, value]) => `${name}=${value}`);
  const child = spawn('env', [...variables, run.command, ...run.args], { cwd: run.folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-keptChars);
    });
  }
  const tick = setInterval(run.onTick, run.tickMs ?? 500);
  const stop = () => child.kill('SIGTERM');
  run.signal.addEventListener('abort', stop, { once: true });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      // without a PATH even env is not found
      child.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(notFoundExitCode) : reject(error)));
      child.once('close', resolve);
    });
    run.signal.throwIfAborted();
    return exitCode === notFoundExitCode ? undefined : { exitCode, output: hidePasswords(output) };
  } finally {
    clearInterval(tick);
    run.signal.removeEventListener('abort', stop);
  }
}

/** The last lines of a program's output that say something, for an error message. */
export function lastLines(output: string, count: number): string {
  const lines = output.split(/[\r\n]+/).map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .slice(-count)
    .join(' | ');
}

function hidePasswords(text: string): string {
  return text.replace(/(https?:\/\/)[^\s/@]+@/g, '$1***@');
}
