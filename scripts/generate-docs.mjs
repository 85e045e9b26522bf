// Writes docs/errors.md from the built table of errors. `--check` writes nothing and fails when the page is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { places, root } from './steps/paths.mjs';

const page = join(root, 'docs', 'errors.md');
const { errorKinds } = await import(pathToFileURL(join(places.dist, 'protocol', 'error.js')).href);
const text = renderErrors(errorKinds);

if (!process.argv.includes('--check')) {
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, text);
} else if (readPage() !== text) {
  process.stderr.write(`${relative(root, page)} is stale. Run \`npm run build && node scripts/generate-docs.mjs\` and commit it.\n`);
  process.exitCode = 1;
}

function readPage() {
  try {
    return readFileSync(page, 'utf8');
  } catch {
    return undefined;
  }
}

function renderErrors(kinds) {
  const entries = Object.entries(kinds);
  const answers = entries.filter(([, kind]) => kind.type !== 'setup_error');
  const faults = entries.filter(([, kind]) => kind.type === 'setup_error');
  return [
    '<!-- Generated from src/protocol/error.ts by scripts/generate-docs.mjs. -->',
    '# Errors',
    '',
    'Every error has a `code`. Over HTTP it comes in OpenAI\'s shape: `{"error": {"message", "type", "param", "code"}}`; once a stream has begun,',
    'as the last event of the stream. The message names the particulars; this page says what a code means and what to do.',
    '',
    '## Answers of the server',
    '',
    '"Elsewhere" tells whether another upstream may be tried with the same request.',
    '',
    '| code | status | type | elsewhere | what happened, what to do |',
    '|---|---|---|---|---|',
    ...answers.map(
      ([code, kind]) =>
        `| \`${code}\` | ${kind.status} | \`${kind.type}\` | ${kind.mayRetryElsewhere ? 'yes' : 'no'} | ${cell(kind.advice)} |`,
    ),
    '',
    '## Faults of the set-up',
    '',
    'Printed by `rookery` on the command line.',
    '',
    '| code | what happened, what to do |',
    '|---|---|',
    ...faults.map(([code, kind]) => `| \`${code}\` | ${cell(kind.advice)} |`),
    '',
  ].join('\n');
}

function cell(words) {
  return words.replaceAll('|', '\\|');
}
