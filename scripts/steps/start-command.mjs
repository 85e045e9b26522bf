import { pathToFileURL } from 'node:url';
import { setUp } from '../setup.mjs';
import { places } from './paths.mjs';
import { reportFailure } from './step-failure.mjs';

/** Sets up and serves with the given arguments. Failures of the set-up end with code 1; later ones are the program's own. */
export async function start(args) {
  try {
    await setUp();
  } catch (error) {
    reportFailure(error);
    return;
  }
  process.argv = [process.execPath, places.program, 'serve', ...args];
  await import(pathToFileURL(places.program).href);
}
