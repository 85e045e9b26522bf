import { runChild } from './children.mjs';
import { places, root } from './paths.mjs';
import { showProgress } from './progress.mjs';
import { StepFailure } from './step-failure.mjs';

const tinyModel = 'smollm2-135m-instruct';

/** Has the built program fetch the tiny model where it is not there yet. */
export async function pullTinyModel() {
  const pull = () => runChild(process.execPath, [places.program, 'pull', tinyModel], { cwd: root });
  const { code, output } = await showProgress(`Fetching the tiny model (${tinyModel})`, pull);
  if (code !== 0) throw new StepFailure('The tiny model could not be fetched.', 'read its words above and run the command again.', output);
}
