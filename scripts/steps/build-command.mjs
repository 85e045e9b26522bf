import { existsSync } from 'node:fs';
import { endChildrenOnSignal } from './children.mjs';
import { compile } from './compile.mjs';
import { places } from './paths.mjs';
import { showProgress } from './progress.mjs';
import { withSetupLock } from './setup-lock.mjs';
import { explainFileError, reportFailure, StepFailure } from './step-failure.mjs';

/** Builds once, alone. */
export async function build() {
  endChildrenOnSignal();
  try {
    if (!existsSync(places.typescript))
      throw new StepFailure('The packages are not installed.', 'run `npm ci --include=dev --ignore-scripts`, or just `npm start`.');
    await withSetupLock(() => showProgress('Building', compile));
  } catch (error) {
    reportFailure(explainFileError(error, 'build'));
  }
}
