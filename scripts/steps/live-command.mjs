import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findModel } from '../engines/engine-command.mjs';
import { findFreePort, startServer } from '../engines/start-server.mjs';
import { buildTests } from './build-tests.mjs';
import { endChildrenOnSignal, runChild, startChild } from './children.mjs';
import { readOutcomes, summarise, writeResult } from './live-results.mjs';
import { contextTokens, describeRunning, gpuVariant, slots, variants } from './live-variants.mjs';
import { places, root } from './paths.mjs';
import { readFlags } from './read-flags.mjs';
import { explainFileError, reportFailure, StepFailure } from './step-failure.mjs';
import { pullTinyModel } from './tiny-model.mjs';

const flags = {
  only: { type: 'string', default: '' },
  keep: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  gpu: { type: 'boolean', default: false },
  built: { type: 'string', default: '' },
};
const limitMinutes = Number(process.env.ROOKERY_LIVE_LIMIT_MINUTES ?? 30);

/** Runs the acceptance suite over the variants that the words name, one after another. Sets the exit code: 1 where a check failed. */
export async function live(args) {
  try {
    const { values, positionals } = readFlags(args, flags, { allowPositionals: true });
    const chosen = values.gpu ? await chooseForGpu(positionals) : chooseVariants(positionals);
    if (chosen.length === 0) return;
    const built = await prepare(values.built);
    const runs = [];
    for (const variant of chosen) runs.push(await runVariant(variant, values, built));
    process.stdout.write(`\n${summarise(runs)}\n`);
    if (values.write) await showPage();
    if (runs.some(({ failed }) => failed > 0)) process.exitCode = 1;
  } catch (error) {
    reportFailure(explainFileError(error, 'the live suite'));
  }
}

/** Names of engines, of variants, or `kind=address`. A cloud without its key is left out, loudly. */
function chooseVariants(words) {
  const chosen = words.flatMap((word) => {
    if (word.includes('=')) return [describeRunning(word)];
    const found = variants.filter(({ name, engine }) => name === word || engine === word);
    if (found.length > 0) return found;
    const names = [...new Set(variants.map(({ engine }) => engine))].join(', ');
    throw new StepFailure(
      `No engine or variant is called ${word}.`,
      `engines: ${names}; variants: ${variants.map(({ name }) => name).join(', ')}.`,
    );
  });
  if (words.length === 0) throw new StepFailure('No engine was named.', 'name one, such as `node scripts/live.mjs llama-server`.');
  return chosen.filter(({ name, key }) => key === undefined || process.env[key] || skip(`${name}: ${key} is not in the environment`));
}

/** The embedded engine and servers that run already, where there is a GPU. */
async function chooseForGpu(words) {
  const seen = await runChild('nvidia-smi', ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader']).catch(
    () => undefined,
  );
  if (seen?.code !== 0 || seen.output.trim() === '') {
    skip('no GPU: nvidia-smi is missing or lists none. Nothing here was ever run on a GPU; docs/engines.md says so.');
    return [];
  }
  process.stderr.write(`GPU: ${seen.output.trim()}\n`);
  return [gpuVariant, ...words.map(describeRunning)];
}

/** Says what does not run and why; a failure where everything must. Gives false. */
function skip(reason) {
  process.stdout.write(`\n⚠ SKIPPED ${reason}\n\n`);
  if (process.env.ROOKERY_REQUIRE_ALL === '1') process.exitCode = 1;
  return false;
}

/** Builds what is missing and gives the program and the suite. `--built folder` takes both from a build of one's own: `dist` and `test/live` in it. */
async function prepare(folder) {
  if (folder !== '') {
    endChildrenOnSignal();
    return { program: join(root, folder, 'dist', 'cli', 'main.js'), suite: join(root, folder, 'test', 'live', 'acceptance.live.js') };
  }
  await buildTests();
  await pullTinyModel();
  return { program: places.program, suite: join(places.build, 'test', 'live', 'acceptance.live.js') };
}

async function runVariant(variant, { only, keep, write }, built) {
  process.stderr.write(`\n${variant.name}: ${variant.what}\n`);
  const engine = variant.module === undefined ? undefined : await startEngine(variant);
  const server = await startOurs(variant, engine, built.program).catch(async (error) => {
    await engine?.stop();
    throw error;
  });
  const recordFile = join(places.build, `live-${process.pid}.jsonl`);
  // Ctrl-C ends this process without the way out below
  process.once('exit', () => rmSync(recordFile, { force: true }));
  try {
    const environment = describeSituation(variant, { engine, server, recordFile, only });
    const isOver = await runSuite(built.suite, environment);
    const outcomes = readOutcomes(recordFile);
    if (keep) await stay(engine, server);
    return writeResult({
      variant,
      version: engine?.version ?? versionOf(variant),
      outcomes,
      isWhole: isOver && only === '',
      isKept: write,
    });
  } finally {
    rmSync(recordFile, { force: true });
    await server.stop();
    await engine?.stop();
  }
}

async function startEngine({ module, start = {} }) {
  const { start: open } = await import(`../engines/${module}.mjs`);
  const say = (line) => process.stderr.write(`${line}\n`);
  return open({ modelPath: findModel(), slots, contextTokens, log: say, ...start });
}

/** Our server in front of the engine, ready to answer. */
async function startOurs({ name, serve, upstream }, engine, program) {
  const port = await findFreePort();
  const where = upstream === undefined ? serve : ['--upstream', upstream(engine.url)];
  return startServer({
    name: `Rookery before ${name}`,
    command: process.execPath,
    args: [program, 'serve', '--port', String(port), '--log', 'json', ...where],
    env: {},
    url: `http://127.0.0.1:${port}`,
    healthPath: '/health/ready',
    readyWithinMs: 120_000,
  });
}

function describeSituation(variant, { engine, server, recordFile, only }) {
  const engineUrl = variant.engineUrl ?? engine?.url;
  return {
    ROOKERY_LIVE_URL: server.url,
    ROOKERY_LIVE_VARIANT: variant.name,
    ROOKERY_LIVE_WATCH: variant.watch ?? 'none',
    ...(engineUrl === undefined ? {} : { ROOKERY_LIVE_ENGINE_URL: engineUrl }),
    ROOKERY_LIVE_SLOTS: String(slots),
    ROOKERY_LIVE_CONTEXT: String(variant.contextTokens ?? contextTokens),
    ROOKERY_LIVE_IS_TINY: variant.isTiny === false ? '0' : '1',
    ROOKERY_LIVE_RECORD: recordFile,
    ROOKERY_LIVE_ONLY: only,
  };
}

/** Shows every check as it ends; one that never ends is ended with all others after the limit. Gives whether the suite came to its end. */
async function runSuite(suite, environment) {
  if (!existsSync(suite)) throw new StepFailure(`The suite is not at ${suite}.`, 'build it, or leave --built out.');
  const child = startChild(process.execPath, ['--test', '--test-reporter=spec', suite], {
    cwd: root,
    env: { ...process.env, ...environment },
    shows: true,
  });
  let isOver = true;
  const timer = setTimeout(() => {
    isOver = false;
    process.stderr.write(`\n✖ The suite took longer than ${limitMinutes} minutes and was ended.\n`);
    process.exitCode = 1;
    child.end('SIGKILL');
  }, limitMinutes * 60_000);
  await child.ended;
  clearTimeout(timer);
  return isOver;
}

function versionOf({ engine }) {
  if (engine !== 'embedded') return engine;
  const facts = JSON.parse(readFileSync(join(places.modules, 'node-llama-cpp', 'package.json'), 'utf8'));
  return `node-llama-cpp ${facts.version}`;
}

/** Leaves both servers running until Ctrl-C. */
async function stay(engine, server) {
  process.stderr.write(`\nOurs: ${server.url}${engine === undefined ? '' : `, the engine: ${engine.url}`}. Ctrl-C ends both.\n`);
  await new Promise(() => setInterval(() => {}, 60_000));
}

async function showPage() {
  const { writeEnginesPage } = await import('./engines-page.mjs');
  writeEnginesPage();
}
