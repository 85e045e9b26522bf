import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython, runTool } from './run-tool.mjs';

const nextStep = 'check that PyPI can be reached (`pip download six`) and run the command again.';

/** Fetches the source archive of a package from PyPI with pip, checks its hash (`sha256:…`) and unpacks it into `folder`, without its outermost folder. */
export async function fetchSource({ requirement, hash, folder }) {
  mkdirSync(folder, { recursive: true });
  const list = join(folder, 'requirements.txt');
  writeFileSync(list, `${requirement} --hash=${hash}\n`);
  const python = await findPython(9);
  const how = ['--no-deps', '--no-binary', requirement.split('==')[0], '--require-hashes', '--dest', folder, '--requirement', list];
  await runTool(python, ['-m', 'pip', 'download', '--quiet', ...how], { title: `Fetching ${requirement} from PyPI`, nextStep });
  const archive = readdirSync(folder).find((name) => name.endsWith('.tar.gz'));
  await runTool('tar', ['-xzf', join(folder, archive), '-C', folder, '--strip-components=1'], { title: `Unpacking ${archive}`, nextStep });
  rmSync(join(folder, archive));
}
