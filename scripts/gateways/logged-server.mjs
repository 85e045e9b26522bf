import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../engines/start-server.mjs';
import { StepFailure } from '../steps/step-failure.mjs';

const shownChars = 4000;

/**
 * `startServer` for a gateway under load: what it prints goes to a file, which is removed with it, since a pipe would charge its reader with every line.
 * Gives `{ url, stop, output }`.
 */
export async function startLoggedServer({ command, args, ...options }) {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-gateway-'));
  const file = join(folder, 'log');
  const output = () => readFileSync(file, 'utf8').slice(-shownChars);
  const removeLog = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeLog);
  const stopAfter = async (stop) => {
    const code = await stop();
    removeLog();
    process.off('exit', removeLog);
    return code;
  };
  try {
    const redirected = ['-c', 'exec "$@" >"$0" 2>&1', file, command, ...args];
    const server = await startServer({ ...options, command: '/bin/sh', args: redirected });
    return { url: server.url, output, stop: () => stopAfter(server.stop) };
  } catch (error) {
    const said = output().trim();
    removeLog();
    throw error instanceof StepFailure ? new StepFailure(error.message, error.nextStep, said) : error;
  }
}
