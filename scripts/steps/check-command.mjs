import { relative } from 'node:path';
import { generate } from '../generate.mjs';
import { setUp } from '../setup.mjs';
import { endChildrenOnSignal, runChild } from './children.mjs';
import { compile, runCompiler } from './compile.mjs';
import { places, propertySeed, root } from './paths.mjs';
import { showProgress } from './progress.mjs';
import { withSetupLock } from './setup-lock.mjs';
import { listFiles } from './stamp.mjs';
import { explainFileError, reportFailure, StepFailure } from './step-failure.mjs';

const steps = [
  { title: 'packages', run: () => setUp({ builds: false }) },
  { title: 'indexes', run: generate },
  { title: 'format and lint', run: lint },
  { title: 'types and build', run: () => withSetupLock(compile) },
  { title: 'types of test/', run: () => runCompiler(['-p', 'test/tsconfig.json', '--noEmit']) },
  { title: 'types of bench/', run: () => runCompiler(['-p', 'bench/tsconfig.json', '--noEmit']) },
  { title: 'generated pages', run: checkPages },
  { title: 'unit tests', run: runUnitTests },
];

/** Runs every step and prints its time. */
export async function check() {
  endChildrenOnSignal();
  try {
    for (const { title, run } of steps) {
      const startMs = Date.now();
      await showProgress(title, run);
      process.stdout.write(`✔ ${title.padEnd(18)} ${((Date.now() - startMs) / 1000).toFixed(1).padStart(6)} s\n`);
    }
  } catch (error) {
    reportFailure(explainFileError(error, 'check'));
  }
}

function lint() {
  return runNode(
    [places.biome, 'check', '--colors=off', '--max-diagnostics=10', '--diagnostic-level=error', '.'],
    'Format or lint.',
    'run `npm run format`, then mend what is left.',
  );
}

function checkPages() {
  return runNode(
    ['scripts/generate-docs.mjs', '--check'],
    'A generated page is stale.',
    'run `node scripts/generate-docs.mjs` and commit the page.',
  );
}

function runUnitTests() {
  const files = listFiles(places.dist).filter((file) => file.endsWith('.test.js'));
  if (files.length === 0) throw new StepFailure('No unit tests were found in dist.', 'see why the build left them out.');
  const names = files.map((file) => relative(root, file));
  return runNode(
    [...propertySeed, '--test', '--test-reporter=dot', ...names],
    'A unit test fails.',
    'run it alone: `node --test dist/<room>/<name>.test.js`.',
  );
}

async function runNode(args, message, nextStep) {
  const { code, output } = await runChild(process.execPath, args, { cwd: root });
  if (code !== 0) throw new StepFailure(message, nextStep, output.replace(/^\.*\n/gm, '').trim());
}
