import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The built program, as a user runs it. */
export const mainPath = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Id of the model that tests, benches and CI name. */
export const tinyModel = 'smollm2-135m-instruct';

/** A running `rookery serve`. */
export interface Program {
  readonly url: string;
  readonly process: ChildProcess;
  /** everything it printed so far: answers to the user, and the log */
  readonly output: () => string;
  readonly log: () => string;
  /** Sends the signal and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts `rookery serve` on a free port and resolves when it is ready to answer. Fails with its words when it ends before. */
export async function startProgram(args: readonly string[]): Promise<Program> {
  const child = spawn(process.execPath, [mainPath, 'serve', '--port', '0', '--log', 'json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (address && output.includes('curl')) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`rookery serve ended with ${code}:\n${output}\n${log}`)));
  });
  const exited = once(child, 'exit');
  return {
    url,
    process: child,
    output: () => output,
    log: () => log,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      const [code] = await exited;
      return code as number | null;
    },
  };
}

/** Waits until a condition holds; the test's own time limit ends a wait that never comes true. */
export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Posts JSON and gives the response. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
  return fetch(url, signal ? { ...init, signal } : init);
}

/** The process id of the engine that a program started, as its log tells it. */
export function enginePid(program: Program): number {
  const pids = [...program.log().matchAll(/"event":"engine-ready".*?"pid":(\d+)/g)];
  return Number(pids.at(-1)?.[1]);
}

/** What the tests read of any answer, whatever its surface. */
export interface Wire {
  readonly id: string;
  readonly created: number;
  readonly choices: readonly [WireChoice, ...WireChoice[]];
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly prompt_tokens_details: { readonly cached_tokens: number };
  };
  readonly error: { readonly code: string; readonly message: string; readonly param: string };
  readonly data: readonly [WireVector, ...WireVector[]];
  readonly tokens: readonly [number, ...number[]];
  readonly count: number;
  readonly max_model_len: number;
  readonly prompt: string;
}

interface WireChoice {
  readonly index: number;
  readonly text: string;
  readonly message: { readonly content: string };
  readonly delta: { readonly content?: string };
  readonly finish_reason: string;
  readonly logprobs: {
    readonly content: readonly (WireCandidate & { readonly top_logprobs: readonly [WireCandidate, ...WireCandidate[]] })[];
  };
}

interface WireVector {
  readonly embedding: readonly number[];
}

interface WireCandidate {
  readonly token: string;
  readonly logprob: number;
}

/** The JSON of an answer. */
export async function readJson(response: Response): Promise<Wire> {
  return (await response.json()) as Wire;
}
