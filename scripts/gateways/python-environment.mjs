import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from '../engines/engine-folder.mjs';
import { findPython, runTool } from '../engines/run-tool.mjs';

const nextStep = 'check that PyPI can be reached (`pip download six`) and run the command again: nothing half-made was kept.';

/**
 * Makes a Python environment with exactly these `packages` (`name==version`) from PyPI, once; wheels only, so that nothing is run while they are installed.
 * Gives the path of its Python.
 */
export async function installPython({ name, version, packages, log }) {
  const folder = await installOnce(name, version, async (place) => {
    log(`${name} ${version} is fetched from PyPI, once.`);
    await runTool(await findPython(10), ['-m', 'venv', join(place, 'env')], { title: 'Making a Python environment', nextStep });
    const list = join(place, 'requirements.txt');
    writeFileSync(list, `${packages.join('\n')}\n`);
    const how = ['--quiet', '--no-deps', '--no-cache-dir', '--only-binary', ':all:', '--requirement', list];
    await runTool(pythonIn(place), ['-m', 'pip', 'install', ...how], { title: `Fetching ${name} ${version}`, nextStep });
    return { source: `PyPI ${name} ${version}` };
  });
  return pythonIn(folder);
}

function pythonIn(folder) {
  return join(folder, 'env', 'bin', 'python');
}
