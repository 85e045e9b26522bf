import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { places, root } from '../steps/paths.mjs';
import { renderLiteLlmPage } from './litellm-page.mjs';

/** What LiteLLM did in each scene, which `npm test` compares ours with. */
const recordingFile = join(root, 'test', 'litellm', 'recorded.json');
/** What the last whole run came to, which docs/litellm.md is made from. */
const runsFile = join(root, 'docs', 'litellm-runs.json');
const page = join(root, 'docs', 'litellm.md');

/** What is recorded: the release, the day, and what it did by the names of scenes. */
export function readRecording() {
  return existsSync(recordingFile) ? JSON.parse(readFileSync(recordingFile, 'utf8')) : { scenes: {} };
}

/** Puts the given scenes into the recording and leaves the others of `scenes` as they are. */
export function writeRecording(scenes, release, fresh) {
  const all = { ...readRecording().scenes, ...fresh };
  const kept = Object.fromEntries(scenes.flatMap(({ name }) => (all[name] === undefined ? [] : [[name, all[name]]])));
  writeJson(recordingFile, { litellm: release, date: today(), scenes: kept });
}

/** Keeps what a run came to and puts its tables into the page. */
export function writeRuns({ results, summarise }) {
  const { litellm, date } = readRecording();
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const runs = { litellm, recorded: date, rookery: version, node: process.version, date: today(), ...summarise(results) };
  writeJson(runsFile, runs);
  writeFileSync(page, renderLiteLlmPage(readFileSync(page, 'utf8'), runs));
}

/** As `npm run check` wants it. */
function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
  execFileSync(process.execPath, [places.biome, 'format', '--write', file], { cwd: root, stdio: 'ignore' });
}

function today() {
  return new Date().toISOString().slice(0, 10);
}
