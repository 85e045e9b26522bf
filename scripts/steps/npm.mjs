import { basename } from 'node:path';
import { runChild } from './children.mjs';
import { root } from './paths.mjs';
import { StepFailure } from './step-failure.mjs';

/** Runs npm and gives `{ code, output }`; `onStart` gets its process id. The npm that started us is taken, else the one on the path. Throws when there is none. */
export async function runNpm(args, onStart) {
  const ours = process.env.npm_execpath;
  const isNpm = ours !== undefined && /^npm-cli\.c?js$/.test(basename(ours));
  const [command, first] = isNpm ? [process.execPath, [ours]] : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  try {
    return await runChild(command, [...first, ...args], { cwd: root, onStart });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new StepFailure(
      'npm was not found.',
      'install npm (it comes with Node from https://nodejs.org; Debian: `apt-get install npm`), then run the command again.',
    );
  }
}
