// Everything between a fresh clone and a program that can run: packages, generated indexes, build. Node's own modules only.

import { endChildrenOnSignal } from './steps/children.mjs';
import { compile, isBuilt } from './steps/compile.mjs';
import { install, isInstalled } from './steps/install.mjs';
import { showProgress } from './steps/progress.mjs';
import { withSetupLock } from './steps/setup-lock.mjs';
import { explainFileError } from './steps/step-failure.mjs';

/**
 * Does what is missing and nothing else; with `builds: false` only the packages. Several at once wait for each other.
 * Throws a StepFailure that says what to do.
 */
export async function setUp({ builds = true } = {}) {
  const isReady = () => isInstalled() && (!builds || isBuilt());
  try {
    if (!isReady()) await doSteps(builds);
  } catch (error) {
    throw explainFileError(error, 'set-up');
  }
}

async function doSteps(builds) {
  const stopListening = endChildrenOnSignal();
  try {
    await withSetupLock(async () => {
      if (!isInstalled()) await install();
      if (builds && !isBuilt()) await showProgress('Building', compile);
    });
  } finally {
    stopListening();
  }
}
