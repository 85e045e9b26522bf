import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRuns } from './live-results.mjs';
import { root } from './paths.mjs';

const page = join(root, 'docs', 'engines.md');
const begin = '<!-- generated from docs/engine-runs.json by `node scripts/live.mjs … --write`; do not edit -->';
const end = '<!-- end of the generated part -->';

/** Puts the tables of the kept runs between the markers of docs/engines.md. */
export function writeEnginesPage() {
  writeFileSync(page, renderEnginesPage(readFileSync(page, 'utf8'), readRuns()));
}

/** The page with the tables of `runs` between its markers; the rest is written by hand and stays. */
export function renderEnginesPage(text, runs) {
  const [before, after] = [text.indexOf(begin), text.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`docs/engines.md has lost its markers: ${begin} and ${end}`);
  return `${text.slice(0, before)}${begin}\n${renderRuns(runs)}\n\n${renderCapabilities(runs)}\n${text.slice(after)}`;
}

/** Engines in the order of the page's paragraphs. */
const order = ['embedded', 'llama-server', 'ollama', 'vllm', 'openai', 'cloud'];

function sortRuns(runs) {
  const rank = ({ engine }) => (order.indexOf(engine) + order.length) % order.length;
  return [...runs].sort((left, right) => rank(left) - rank(right) || left.variant.length - right.variant.length);
}

/** One line for each run: what it was, and how many checks came to what. */
function renderRuns(runs) {
  const lines = sortRuns(runs).map((run) => {
    const count = (result) => run.checks.filter((check) => check.result === result).length;
    const tools = run.checks.find(({ id }) => id === 'tools.auto')?.plan ?? '';
    const counts = ['works', 'unmet', 'refused', 'failed'].map(count);
    return `| ${[`\`${run.variant}\``, run.what, run.version, run.date, `\`${tools}\``, ...counts].join(' | ')} |`;
  });
  return ['| run | with | version | day | plan with tools | works | unmet | refused | failed |', `|${'---|'.repeat(9)}`, ...lines].join(
    '\n',
  );
}

/** Capabilities down, runs across. */
function renderCapabilities(runs) {
  const sorted = sortRuns(runs);
  const names = new Map(sorted.flatMap(({ checks }) => checks.map(({ id, name }) => [id, name])));
  const lines = [...names].map(([id, name]) => {
    const cells = sorted.map(({ checks }) => describeOutcome(checks.find((check) => check.id === id)));
    return `| ${[name, ...cells].join(' | ')} |`;
  });
  const head = ['', ...sorted.map(({ variant }) => `\`${variant}\``)];
  return [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`, ...lines].join('\n');
}

/** What holds an answer is of interest where something may be missed. */
function describeOutcome(check) {
  if (check === undefined) return '';
  if (check.result === 'refused') return 'refused';
  if (check.result === 'failed') return '**failed**';
  if (check.result === 'unmet') return 'checked, unmet';
  const enforcement = /enforcement=(\w+)/.exec(check.plan ?? '')?.[1];
  return /^(tools|format|conversation)/.test(check.id) && enforcement ? enforcement : 'yes';
}
