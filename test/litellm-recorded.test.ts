import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Comparison, compare } from './litellm/compare.ts';
import { commonDifferences } from './litellm/decisions.ts';
import type { Sight } from './litellm/observation.ts';
import { runScene } from './litellm/run-scene.ts';
import { scenes } from './litellm/scenes/index.ts';
import { startOurs } from './litellm/start-ours.ts';
import { type Summary, summarise } from './litellm/summarise.ts';

const root = dirname(fileURLToPath(import.meta.resolve('rookery/package.json')));
const program = join(root, 'dist', 'cli', 'main.js');
const recording = readJson('test/litellm/recorded.json') as { readonly litellm: string; readonly scenes: Readonly<Record<string, Sight>> };
const comparisons = new Map<string, Comparison>();

interface PageRenderer {
  renderLiteLlmPage(page: string, runs: unknown): string;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}

for (const scene of scenes) {
  test(`LiteLLM ${recording.litellm} did the same with its file: ${scene.name}`, { timeout: 120_000 }, async () => {
    const litellm = recording.scenes[scene.name];
    assert.ok(litellm, `Nothing is recorded of ${scene.name}: run \`npm run test:litellm -- --only ${scene.name} --write\`.`);
    const ours = await runScene(scene, (path, environment) => startOurs(program, path, environment));
    const comparison = compare(scene, { litellm, ours, common: commonDifferences });
    comparisons.set(scene.name, comparison);
    assert.deepEqual(comparison.problems, []);
  });
}

test('every difference that is listed for all scenes is met in one of them', () => {
  assert.equal(comparisons.size, scenes.length, 'a scene could not be compared');
  const gone = commonDifferences.filter((difference) => ![...comparisons.values()].some(({ met }) => met.has(difference)));
  assert.deepEqual(gone, []);
});

test('docs/litellm.md tells of each decision, and where it was met', async () => {
  const results = scenes.flatMap((scene) => {
    const comparison = comparisons.get(scene.name);
    return comparison === undefined ? [] : [{ scene, comparison }];
  });
  const runs = readJson('docs/litellm-runs.json') as Summary;
  const stale = 'run `npm run test:litellm -- --recorded --write` and commit the pages';
  assert.deepEqual({ scenes: runs.scenes, decisions: runs.decisions }, summarise(results), stale);
  const renderer = (await import(pathToFileURL(join(root, 'scripts', 'gateways', 'litellm-page.mjs')).href)) as PageRenderer;
  const page = readFileSync(join(root, 'docs', 'litellm.md'), 'utf8');
  assert.equal(renderer.renderLiteLlmPage(page, runs), page, stale);
});
