import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildTests } from '../steps/build-tests.mjs';
import { endChildrenOnSignal } from '../steps/children.mjs';
import { places, root } from '../steps/paths.mjs';
import { readFlags } from '../steps/read-flags.mjs';
import { explainFileError, reportFailure, StepFailure } from '../steps/step-failure.mjs';
import { release, start } from './litellm.mjs';
import { readRecording, writeRecording, writeRuns } from './litellm-results.mjs';

const flags = {
  only: { type: 'string', default: '' },
  recorded: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  built: { type: 'string', default: '' },
};

/** Lets LiteLLM and ours live through the scenes and compares them. Sets the exit code: 1 where something differs that nobody decided. */
export async function testLiteLlm(args) {
  try {
    const { values } = readFlags(args, flags);
    const { modules, program } = await prepare(values.built);
    const chosen = modules.scenes.filter(({ name }) => name.includes(values.only));
    if (chosen.length === 0) throw noSuchScene(values.only, modules.scenes);
    const results = [];
    for (const scene of chosen) {
      const litellm = await seeTheirs(scene, values, modules);
      const ours = await modules.runScene(scene, (path, environment) => modules.startOurs(program, path, environment));
      const comparison = modules.compare(scene, { litellm, ours, common: modules.commonDifferences });
      results.push({ scene, comparison });
      process.stdout.write(`${tell(scene, comparison)}\n`);
    }
    const isWhole = values.only === '';
    const gone = isWhole ? findGone(modules.commonDifferences, results) : [];
    for (const why of gone) process.stdout.write(`✖ listed for all scenes, and met in none: ${why}\n`);
    if (gone.length > 0 || results.some(({ comparison }) => comparison.problems.length > 0)) process.exitCode = 1;
    else if (values.write && isWhole) writeRuns({ results, summarise: modules.summarise });
  } catch (error) {
    reportFailure(explainFileError(error, 'the comparison with LiteLLM'));
  }
}

/** What LiteLLM does in a scene, or did. With `write` it is kept at once: a run that is stopped has not been for nothing. */
async function seeTheirs(scene, { recorded, write }, { scenes, runScene }) {
  if (!recorded) {
    const seen = await runScene(scene, (path, environment) => startTheirs(scene, path, environment));
    if (write) writeRecording(scenes, release, { [scene.name]: seen });
    return seen;
  }
  const kept = readRecording().scenes[scene.name];
  if (kept === undefined) throw new StepFailure(`Nothing is recorded of ${scene.name}.`, 'run this without --recorded.');
  return kept;
}

function noSuchScene(word, scenes) {
  return new StepFailure(`No scene has ${word} in its name.`, `scenes: ${scenes.map(({ name }) => name).join(', ')}.`);
}

/** Builds what is missing. Gives the program and what test/litellm exports. */
async function prepare(folder) {
  if (folder === '') {
    await buildTests();
  } else {
    endChildrenOnSignal();
  }
  const entry = join(folder === '' ? places.build : join(root, folder), 'test', 'litellm', 'index.js');
  if (!existsSync(entry)) throw new StepFailure(`The scenes are not at ${entry}.`, 'build them, or leave --built out.');
  const program = folder === '' ? places.program : join(root, folder, 'dist', 'cli', 'main.js');
  return { modules: await import(pathToFileURL(entry).href), program };
}

/** LiteLLM, or undefined where it refuses the file. Weak keys and none are permitted unless the scene is about them. */
async function startTheirs({ isStrict }, configPath, environment) {
  const permits = isStrict ? {} : { LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: 'true' };
  try {
    return await start({ configPath, environment: { ...permits, ...environment }, log: (line) => process.stderr.write(`${line}\n`) });
  } catch (error) {
    if (error instanceof StepFailure && /refused to start/.test(error.output ?? '')) return undefined;
    throw error;
  }
}

function findGone(commonDifferences, results) {
  return commonDifferences.filter((each) => !results.some(({ comparison }) => comparison.met.has(each))).map(({ why }) => why);
}

function tell({ name, steps }, { places: count, findings, problems }) {
  const head = `${problems.length === 0 ? '✔' : '✖'} ${name}: ${steps.length} steps, ${count} places, ${findings.length} differ`;
  return [head, ...problems.map((problem) => `    ${problem}`)].join('\n');
}
