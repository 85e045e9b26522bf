import { runChild } from '../steps/children.mjs';
import { showProgress } from '../steps/progress.mjs';
import { StepFailure } from '../steps/step-failure.mjs';

/**
 * Runs a program to its end and gives what it printed. With a `title` the time it takes is shown. Throws a StepFailure with `nextStep` and the end
 * of the output when the program is missing or fails.
 */
export async function runTool(command, args, { title, nextStep, cwd, env }) {
  const run = () => runChild(command, args, { cwd, env });
  const { code, output } = await (title === undefined ? run() : showProgress(title, run)).catch((error) => {
    throw error.code === 'ENOENT' ? new StepFailure(`${command} is not here`, nextStep) : error;
  });
  if (code !== 0)
    throw new StepFailure(`${command} ${args[0] ?? ''} ended with code ${code}`, nextStep, output.trim().split('\n').slice(-30).join('\n'));
  return output;
}

/** The first of some Python commands that is at least `leastMinor` (3.x). Throws a StepFailure when none is. */
export async function findPython(leastMinor) {
  for (const command of ['python3', 'python3.13', 'python3.12', 'python3.11', 'python']) {
    const found = await runChild(command, ['-c', 'import sys; print(*sys.version_info[:2])']).catch(() => undefined);
    const [major, minor] = (found?.output ?? '').split(' ').map(Number);
    if (found?.code === 0 && major === 3 && minor >= leastMinor) return command;
  }
  throw new StepFailure(
    `No Python 3.${leastMinor} or later is here`,
    'install one (`apt-get install python3 python3-venv`) and run the command again.',
  );
}
