import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../steps/children.mjs';
import { showProgress } from '../steps/progress.mjs';
import { StepFailure } from '../steps/step-failure.mjs';

const pollMs = 200;
const graceMs = 15_000;

/**
 * Starts a server and waits until `healthPath` answers 200. Gives `{ url, output, stop }`; `stop()` ends it and all it started, politely and after 15 s
 * by force, and gives its exit code. Throws a StepFailure with the end of what it printed when it ends before that or `readyWithinMs` pass.
 */
export async function startServer({ name, command, args, env, cwd, url, healthPath, readyWithinMs = 600_000, endSignal = 'SIGTERM' }) {
  const child = startChild(command, args, { cwd, env: { ...process.env, ...env } });
  const state = { isOver: false };
  const ended = child.ended.then(
    (code) => Object.assign(state, { isOver: true, code }),
    (error) => Object.assign(state, { isOver: true, error }),
  );
  const stop = async () => {
    child.end(endSignal);
    const isDone = await Promise.race([ended.then(() => true), sleep(graceMs, false, { ref: false })]);
    if (!isDone) child.end('SIGKILL');
    await ended;
    // what it started may outlive it
    child.end('SIGKILL');
    return state.code;
  };
  try {
    await showProgress(`Starting ${name}`, () => waitUntilHealthy(`${url}${healthPath}`, state, readyWithinMs));
  } catch (error) {
    await stop();
    const output = child.output().trim().split('\n').slice(-30).join('\n');
    throw new StepFailure(
      `${name} did not start: ${error.message}`,
      'read its words above; docs/engines-notes.md names what it needs.',
      output,
    );
  }
  return { url, output: child.output, stop };
}

/** A port of the loopback address that is free now. */
export async function findFreePort() {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function waitUntilHealthy(address, state, readyWithinMs) {
  const endMs = Date.now() + readyWithinMs;
  while (Date.now() < endMs) {
    if (state.isOver) throw new Error(state.error?.message ?? `it ended with code ${state.code}`);
    const isHealthy = await fetch(address, { signal: AbortSignal.timeout(5000) }).then(
      (response) => response.body?.cancel().then(() => response.ok) ?? response.ok,
      () => false,
    );
    if (isHealthy) return;
    await sleep(pollMs);
  }
  throw new Error(`nothing healthy at ${address} within ${readyWithinMs / 1000} s`);
}
