import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './children.mjs';
import { places, root } from './paths.mjs';
import { showProgress } from './progress.mjs';

const requirements = join(root, 'test', 'python-judges.txt');

/**
 * Installs the Python packages that judge our grammars (test/python-judges.txt) into build/python-judges, again only when the list or the Python has changed. They are test
 * data, not dependencies. Gives undefined, or why they are missing: the tests that need them skip with this reason.
 */
export async function installPythonJudges() {
  const place = join(places.build, `.python-judges-${process.pid}`);
  try {
    const stamp = await makeStamp();
    const folder = join(places.build, 'python-judges');
    const stampFile = join(folder, '.made-for');
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return undefined;
    mkdirSync(place, { recursive: true });
    await showProgress('Installing the Python judges of the grammars (11 MB, once)', () => installTo(place));
    writeFileSync(join(place, '.made-for'), stamp);
    rmSync(folder, { recursive: true, force: true });
    renameSync(place, folder);
    return undefined;
  } catch (error) {
    process.stderr.write(`The Python judges of the grammars are not here: ${error.message}\n`);
    return error.message;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Wheels are made for one Python: its tag and the list's hash. */
async function makeStamp() {
  const { code, output } = await runPython(['-c', 'import sys, sysconfig; print(sys.implementation.cache_tag, sysconfig.get_platform())']);
  if (code !== 0) throw new Error(output.trim() || `python3 ended with code ${code}`);
  return `${output.trim()} ${createHash('sha256').update(readFileSync(requirements)).digest('hex')}\n`;
}

async function installTo(place) {
  const options = [
    '--no-deps',
    '--only-binary',
    ':all:',
    '--require-hashes',
    '--disable-pip-version-check',
    '--root-user-action=ignore',
    '-q',
  ];
  const { code, output } = await runPython(['-m', 'pip', 'install', ...options, '--target', place, '-r', requirements]);
  if (code !== 0) throw new Error(output.trim().split('\n').at(-1) || `pip ended with code ${code}`);
}

async function runPython(args) {
  try {
    return await runChild('python3', args, { cwd: root });
  } catch {
    throw new Error('there is no python3');
  }
}
