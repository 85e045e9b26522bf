import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { places, root } from './paths.mjs';

/** The dated results of the last runs, which docs/engines.md is made from. */
export const runsFile = join(root, 'docs', 'engine-runs.json');

/** What the suite wrote down, one outcome for each check. A killed run may end in half a line. */
export function readOutcomes(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));
}

/**
 * Keeps a run in `build/live/<variant>.json`, and with `isKept` in docs/engine-runs.json in place of the variant's last one. A run of some checks only
 * is kept nowhere. Gives its summary.
 */
export function writeResult({ variant, version, outcomes, isWhole, isKept }) {
  const { name, engine, what } = variant;
  const run = { variant: name, engine, what, version, rookery: ownVersion(), node: process.version, date: today(), checks: outcomes };
  if (isWhole && outcomes.length > 0) {
    const folder = join(places.build, 'live');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(run, null, 2)}\n`);
    if (isKept) keepRun(run);
  }
  const count = (result) => outcomes.filter((outcome) => outcome.result === result).length;
  return {
    name,
    version,
    checks: outcomes,
    works: count('works'),
    unmet: count('unmet'),
    refused: count('refused'),
    // nothing written down is a failure too
    failed: outcomes.length === 0 ? 1 : count('failed'),
  };
}

/** The runs that are kept. */
export function readRuns() {
  return existsSync(runsFile) ? JSON.parse(readFileSync(runsFile, 'utf8')) : [];
}

/** A table of runs, and what failed. */
export function summarise(runs) {
  const rows = runs.map(
    ({ name, version, works, unmet, refused, failed }) => `| ${[name, version, works, unmet, refused, failed].join(' | ')} |`,
  );
  const faults = runs.flatMap(({ name, checks }) =>
    checks.filter(({ result }) => result === 'failed').map(({ id, told }) => `✖ ${name} ${id}: ${String(told).split('\n')[0]}`),
  );
  return ['| variant | version | works | unmet | refused | failed |', '|---|---|---|---|---|---|', ...rows, '', ...faults].join('\n');
}

function keepRun(run) {
  // times change with every run and machine: they are for build/live only
  const checks = run.checks.map(({ ms: _, told, ...rest }) => (rest.result === 'works' ? rest : { ...rest, told }));
  const others = readRuns().filter(({ variant }) => variant !== run.variant);
  const all = [...others, { ...run, checks }].sort((left, right) => (left.variant < right.variant ? -1 : 1));
  writeFileSync(runsFile, `${JSON.stringify(all, null, 2)}\n`);
}

function ownVersion() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

function today() {
  return new Date().toISOString().slice(0, 10);
}
