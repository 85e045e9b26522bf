import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { setUp } from '../setup.mjs';
import { endChildrenOnSignal, startChild } from './children.mjs';
import { runCompiler } from './compile.mjs';
import { places, root } from './paths.mjs';
import { showProgress } from './progress.mjs';
import { withSetupLock } from './setup-lock.mjs';
import { listFiles } from './stamp.mjs';
import { explainFileError, reportFailure, StepFailure } from './step-failure.mjs';
import { pullTinyModel } from './tiny-model.mjs';

const built = join(places.build, 'bench');
const page = join(root, 'docs', 'benchmarks.md');
const ending = '.bench.js';

/** Runs the benchmarks whose name holds one of the words (all without words), one after another, and prints their tables. Sets the exit code. */
export async function bench(args) {
  const words = args.filter((arg) => arg !== '--write');
  try {
    await setUp();
    endChildrenOnSignal();
    await withSetupLock(build);
    const names = chooseNames(words);
    await fetchModel();
    const { reports, failed } = await runAll(names);
    if (args.includes('--write')) writePage(reports, failed);
    if (failed.length > 0) throw new StepFailure(`Failed: ${failed.join(', ')}.`, `run one alone: \`npm run bench -- ${failed[0]}\`.`);
  } catch (error) {
    reportFailure(explainFileError(error, 'npm run bench'));
  }
}

async function build() {
  rmSync(built, { recursive: true, force: true });
  await showProgress('Building bench/', () => runCompiler(['-p', 'bench/tsconfig.json']));
}

function chooseNames(words) {
  const unknown = words.find((word) => word.startsWith('-'));
  if (unknown !== undefined) throw new StepFailure(`There is no option ${unknown}.`, 'use names of benchmarks and `--write`.');
  const all = listFiles(built)
    .filter((file) => file.endsWith(ending))
    .map((file) => basename(file, ending));
  // a whole name is that one, though it be the beginning of another
  const isMeant = (name, word) => (all.includes(word) ? name === word : name.includes(word));
  const chosen = all.filter((name) => words.length === 0 || words.some((word) => isMeant(name, word)));
  if (chosen.length > 0) return chosen;
  throw new StepFailure(`No benchmark has ${words.join(' or ')} in its name.`, `there are: ${all.join(', ')}.`);
}

/** Benchmarks that need the model fail by themselves where it cannot be had. */
async function fetchModel() {
  await pullTinyModel().catch((error) => process.stderr.write(`${error.message}\n${error.output ?? ''}\n`));
}

async function runAll(names) {
  const reports = new Map();
  const failed = [];
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (isStopping = true));
  for (const name of names) {
    const report = await runOne(name);
    // the handler of signals ends this process; nothing new is started meanwhile
    if (isStopping) return new Promise(() => {});
    if (report === undefined) failed.push(name);
    else reports.set(name, report);
    process.stdout.write(report === undefined ? `\n✖ ${name} failed; its words are above.\n\n` : `\n${report}\n`);
  }
  return { reports, failed };
}

/** Each in a process of its own, so that none inherits the memory, threads and compiled code of another. Gives its table, or undefined. */
async function runOne(name) {
  const reportFile = join(places.build, `bench-report-${process.pid}.md`);
  process.stderr.write(`${name}\n`);
  try {
    const child = startChild(process.execPath, [join(built, 'run.js'), join(built, name + ending), reportFile], { cwd: root, shows: true });
    const code = await child.ended;
    return code === 0 && existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : undefined;
  } finally {
    rmSync(reportFile, { force: true });
  }
}

const marker = (name) => `<!-- bench:${name} -->`;

/** Tables of benchmarks that were not run this time stay, each with the day and machine it was made on. */
function writePage(reports, failed) {
  const kept = existsSync(page) ? readSections(readFileSync(page, 'utf8')) : new Map();
  for (const [name, report] of reports) kept.set(name, `${marker(name)}\n${report}\n${describeRun(name)}\n`);
  const missing = failed.length === 0 ? [] : [`Failed in the last run: ${failed.join(', ')}.`, ''];
  const sections = [...kept].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, section]) => section);
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(page, [...introduction, ...missing, ...sections].join('\n'));
}

const introduction = [
  '<!-- Written by `npm run bench -- --write`. -->',
  '# Benchmarks',
  '',
  'Made with `npm run bench -- --write`, and again with the same command; `npm run bench -- proxy` runs those with that word in their name.',
  '',
  '**Read the ratios.** Both sides of a ratio ran in the same minutes on the same machine, in turn. Times and speeds tell only how fast that machine was at',
  'that moment, and differences under a quarter are noise on a shared one. Budgets: see the notes above the tables.',
  '',
];

function describeRun(name) {
  const processors = cpus();
  const day = new Date().toISOString().slice(0, 10);
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  const machine = `${processors.length} cores of ${processors[0]?.model.trim() ?? 'an unknown processor'}, ${gigabytes} GB`;
  const settings = ['ROOKERY_BENCH_REQUESTS', 'ROOKERY_BENCH_ROUNDS', 'ROOKERY_BENCH_VLLM'].filter((key) => process.env[key] !== undefined);
  const command = [...settings.map((key) => `${key}=${process.env[key]}`), `npm run bench -- ${name} --write`].join(' ');
  return `${day}, ${machine}, Node ${process.versions.node}, \`${command}\``;
}

function readSections(text) {
  const parts = text.split(/^(?=<!-- bench:)/m).slice(1);
  return new Map(parts.map((part) => [/^<!-- bench:(.*?) -->/.exec(part)?.[1], part.trimEnd().concat('\n')]));
}
