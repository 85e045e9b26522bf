import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setUp } from '../setup.mjs';
import { endChildrenOnSignal, runChild, startChild } from './children.mjs';
import { runCompiler } from './compile.mjs';
import { places, propertySeed, root } from './paths.mjs';
import { showProgress } from './progress.mjs';
import { installPythonJudges } from './python-judges.mjs';
import { fetchSchemaSuite } from './schema-suite.mjs';
import { withSetupLock } from './setup-lock.mjs';
import { listFiles } from './stamp.mjs';
import { explainFileError, reportFailure, StepFailure } from './step-failure.mjs';
import { installTestParts } from './test-parts.mjs';
import { fetchTestTokenizers } from './test-tokenizers.mjs';

const tinyModel = 'smollm2-135m-instruct';
const limitMinutes = Number(process.env.ROOKERY_TEST_LIMIT_MINUTES ?? 20);
const recordFile = join(places.build, `test-record-${process.pid}.jsonl`);
const builtTests = join(places.build, 'test');

/** Sets up, runs the tests whose path holds one of the words (all without words) and sums up. Sets the exit code. */
export async function test(words) {
  try {
    await setUp();
    endChildrenOnSignal();
    await withSetupLock(buildTests);
    const files = chooseFiles(words);
    await installTestParts();
    const missing = {
      ROOKERY_TINY_MODEL_MISSING: await pullTinyModel(),
      ROOKERY_TEST_TOKENIZERS_MISSING: await fetchTestTokenizers(),
      ROOKERY_SCHEMA_SUITE_MISSING: await fetchSchemaSuite(),
      ROOKERY_PYTHON_JUDGES_MISSING: await installPythonJudges(),
    };
    process.exitCode = await runTests(files, Object.fromEntries(Object.entries(missing).filter(([, reason]) => reason !== undefined)));
  } catch (error) {
    reportFailure(explainFileError(error, 'npm test'));
  } finally {
    rmSync(recordFile, { force: true });
  }
}

async function buildTests() {
  rmSync(builtTests, { recursive: true, force: true });
  await showProgress('Building test/', () => runCompiler(['-p', 'test/tsconfig.json']));
}

function chooseFiles(words) {
  const files = [...listFiles(places.dist), ...listFiles(builtTests)]
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => relative(root, file));
  const chosen = words.length === 0 ? files : files.filter((file) => words.some((word) => file.includes(word)));
  if (chosen.length > 0) return chosen;
  throw new StepFailure(
    `No test file has ${words.join(' or ') || 'been built'} in its path.`,
    'run `npm test` without words to run all of them.',
  );
}

/** Gives undefined, or why the model is not here: tests that need it skip with this reason. */
async function pullTinyModel() {
  if (!existsSync(places.program)) return 'there is no program to fetch it';
  const pull = () => runChild(process.execPath, [places.program, 'pull', tinyModel], { cwd: root });
  const { code, output } = await showProgress(`Fetching the tiny model (${tinyModel})`, pull);
  if (code === 0) return undefined;
  process.stderr.write(`${output.trim()}\n`);
  return output.split('\n').findLast((line) => /^\S/.test(line)) ?? `\`rookery pull\` ended with code ${code}`;
}

async function runTests(files, environment) {
  const reporters = [
    ['spec', 'stdout'],
    ['./scripts/steps/test-record.mjs', recordFile],
  ].flatMap(([reporter, destination]) => [`--test-reporter=${reporter}`, `--test-reporter-destination=${destination}`]);
  const child = startChild(process.execPath, [...propertySeed, '--test', '--test-concurrency=2', ...reporters, ...files], {
    cwd: root,
    env: { ...process.env, ...environment },
    shows: true,
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    child.end('SIGKILL');
  }, limitMinutes * 60_000);
  const code = await child.ended;
  clearTimeout(timer);
  return sumUp(readRecord(), { code, isLate });
}

function readRecord() {
  if (!existsSync(recordFile)) return [];
  const lines = readFileSync(recordFile, 'utf8').split('\n');
  // a killed run may end in half a line
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

/** Prints what did not run and why; gives the exit code. */
function sumUp(record, { code, isLate }) {
  const say = (line) => process.stdout.write(`${line}\n`);
  const skipped = record.filter((entry) => entry.skipped !== undefined);
  if (skipped.length > 0) say(`\nSkipped (${skipped.length}):`);
  for (const entry of skipped) say(`  - ${entry.name} (${placeOf(entry)}): ${entry.skipped}`);
  if (isLate) {
    say(`\n✖ The tests took longer than ${limitMinutes} minutes and were ended. Under way:`);
    for (const entry of findUnfinished(record)) say(`  - ${entry.name} (${placeOf(entry)})`);
    return 1;
  }
  if (code !== 0) return code;
  const ran = record.filter((entry) => entry.kind === 'end' && !entry.isSuite && entry.skipped === undefined);
  if (ran.length === 0) say('\n✖ No test ran.');
  const mustRunAll = process.env.ROOKERY_REQUIRE_ALL === '1';
  if (mustRunAll && skipped.length > 0) say('\n✖ ROOKERY_REQUIRE_ALL=1: a skipped test is a failure here.');
  return ran.length === 0 || (mustRunAll && skipped.length > 0) ? 1 : 0;
}

function findUnfinished(record) {
  const keyOf = (entry) => `${entry.file} ${entry.nesting} ${entry.name}`;
  const ended = new Set(record.filter((entry) => entry.kind === 'end').map(keyOf));
  // a file's own entry, named by its path, ends only when the file fails
  return record.filter((entry) => entry.kind === 'begin' && entry.name !== entry.file && !ended.has(keyOf(entry)));
}

function placeOf(entry) {
  return entry.file === undefined ? '?' : relative(root, entry.file);
}
