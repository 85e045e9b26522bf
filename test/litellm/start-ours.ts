import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Running } from './run-scene.ts';

const readyWithinMs = 60_000;

/**
 * Starts the built program with the file of LiteLLM, as somebody would who moves over. Undefined where it refuses the file; any other end before it is ready
 * is an error.
 */
export async function startOurs(
  program: string,
  configPath: string,
  environment: Readonly<Record<string, string>>,
): Promise<Running | undefined> {
  const home = mkdtempSync(join(tmpdir(), 'rookery-home-'));
  const child = spawn(process.execPath, [program, 'serve', '--config', configPath, '--port', '0', '--log', 'json'], {
    env: { PATH: process.env.PATH, HOME: home, ...environment },
  });
  const exited = once(child, 'exit').finally(() => rmSync(home, { recursive: true, force: true }));
  const { url, output } = await waitUntilReady(child, exited);
  if (url === undefined && !output.includes('configuration_invalid')) throw new Error(`rookery serve was not ready:\n${output}`);
  if (url === undefined) return undefined;
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  return { url, stop };
}

/** Waits for the address and the line to try it with, which comes last. */
async function waitUntilReady(
  child: ChildProcessWithoutNullStreams,
  exited: Promise<unknown>,
): Promise<{ readonly url?: string; readonly output: string }> {
  let output = '';
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), readyWithinMs);
  const url = await new Promise<string | undefined>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      told += text;
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(told)?.[0];
      if (address !== undefined && told.includes('curl')) resolve(address);
    });
    void exited.then(() => resolve(undefined));
  });
  clearTimeout(timer);
  return url === undefined ? { output } : { url, output };
}
