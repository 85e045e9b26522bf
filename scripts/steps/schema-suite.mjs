import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './children.mjs';
import { places } from './paths.mjs';
import { showProgress } from './progress.mjs';

const version = '4.26.0';
/** SHA-256 of the source distribution. */
const hash = '0c26707e2efad8aa1bfc5b7ce170f3fccc2e4918ff85989ba9ffa9facb2be326';
const pips = [['python3', '-m', 'pip'], ['pip3'], ['pip']];

/**
 * Fetches the JSON Schema Test Suite (draft 2020-12) into build/json-schema-suite, once: PyPI's jsonschema brings it in its source distribution (0.4 MB). It is test data, not a dependency.
 * Gives undefined, or why it is missing: the test that needs it skips with this reason.
 */
export async function fetchSchemaSuite() {
  const suite = join(places.build, 'json-schema-suite');
  if (existsSync(suite)) return undefined;
  const place = join(places.build, `.json-schema-suite-${process.pid}`);
  try {
    mkdirSync(place, { recursive: true });
    await showProgress('Fetching the JSON Schema Test Suite (0.4 MB, once)', () => fetchTo(place));
    renameSync(join(place, 'suite'), suite);
    return undefined;
  } catch (error) {
    process.stderr.write(`The JSON Schema Test Suite is not here: ${error.message}\n`);
    return error.message;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function fetchTo(place) {
  await download(place);
  const file = join(place, `jsonschema-${version}.tar.gz`);
  const found = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (found !== hash) throw new Error(`jsonschema ${version} is not what was published`);
  const suite = join(place, 'suite');
  mkdirSync(suite);
  const folder = `jsonschema-${version}/json`;
  const kept = [`${folder}/tests/draft2020-12`, `${folder}/LICENSE`];
  const { code, output } = await runChild('tar', ['-xzf', file, '-C', suite, '--strip-components=2', ...kept]);
  if (code !== 0) throw new Error(`tar could not unpack ${file}: ${output.trim()}`);
}

/** With the first pip that is there. */
async function download(place) {
  const wanted = [
    'download',
    '--no-deps',
    '--no-binary',
    'jsonschema',
    '--disable-pip-version-check',
    '-q',
    '-d',
    place,
    `jsonschema==${version}`,
  ];
  let last = 'there is no pip';
  for (const [command, ...args] of pips) {
    try {
      const { code, output } = await runChild(command, [...args, ...wanted]);
      if (code === 0) return;
      last = output.trim().split('\n').at(-1) ?? `pip ended with code ${code}`;
    } catch {
      // no such program: the next name
    }
  }
  throw new Error(last);
}
