import { setUp } from '../setup.mjs';
import { endChildrenOnSignal } from './children.mjs';
import { runCompiler } from './compile.mjs';
import { showProgress } from './progress.mjs';
import { withSetupLock } from './setup-lock.mjs';

/** Sets up as `npm test` does and builds test/. From here on Ctrl-C ends what this process started. */
export async function buildTests() {
  await setUp();
  endChildrenOnSignal();
  await withSetupLock(() => showProgress('Building test/', () => runCompiler(['-p', 'test/tsconfig.json'])));
}
