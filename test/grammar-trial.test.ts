import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { openGrammarTrials, type Verdict } from '#dist/engines/embedded/grammar-trial.js';

const enginePackage = 'node-llama-cpp';
const trials = openGrammarTrials({ enginePackage, timeLimitMs: 300 });
after(() => trials.close());

function reasonOf(verdict: Verdict): string {
  assert.equal(verdict.isSafe, false);
  return verdict.isSafe ? '' : verdict.reason;
}

test('grammars that people write pass', async () => {
  for (const grammar of [
    'root ::= "yes" | "no"',
    'root ::= item (", " item){0,9}\nitem ::= [A-Z] [a-zé]{1,20} # a name',
    'root ::= expression\nexpression ::= term (" + " term)*\nterm ::= [0-9]+ | "(" expression ")"',
  ]) {
    assert.deepEqual(await trials.try(grammar), { isSafe: true }, grammar);
  }
});

test('what our reader refuses is refused with its place', async () => {
  assert.match(reasonOf(await trials.try(`root ::= ${'('.repeat(20_000)}"a"${')'.repeat(20_000)}`)), /nest deeper than 64/);
  assert.match(reasonOf(await trials.try('root ::= [z-a]')), /line 1, column/);
  assert.match(reasonOf(await trials.try('root ::= "(" root')), /allows no text/);
});

test('forty characters that hold up llama.cpp are refused; meanwhile the event loop turns, and the next grammar passes', async () => {
  const ambiguous = 'root ::= "a" (root root root)? | "a" root?';
  let verdict: Verdict | undefined;
  const trial = trials.try(ambiguous).then((found) => (verdict = found));
  let turns = 0;
  for (; verdict === undefined; turns++) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.match(reasonOf(await trial), /more than 0\.3 s/);
  assert.ok(turns > 20, `${turns} turns`);
  assert.deepEqual(await trials.try('root ::= "next"'), { isSafe: true });
  // remembered: no process is asked
  assert.equal(await trials.try(ambiguous), verdict);
});

test('without its engine no grammar passes, and that is not remembered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-trial-'));
  const file = pathToFileURL(join(folder, 'engine.mjs'));
  const lost = openGrammarTrials({ enginePackage: file.href });
  assert.match(reasonOf(await lost.try('root ::= "a"')), /cannot be tried/);
  writeFileSync(file, `export * from ${JSON.stringify(import.meta.resolve(enginePackage))};`);
  assert.deepEqual(await lost.try('root ::= "a"'), { isSafe: true });
  lost.close();
  rmSync(folder, { recursive: true });
});

test('closing refuses what waits, and all that comes later', async () => {
  const closed = openGrammarTrials({ enginePackage });
  const waiting = ['"a"', '"b"', '"c"'].map((body) => assert.rejects(closed.try(`root ::= ${body}`), { code: 'shutting_down' }));
  closed.close();
  await Promise.all(waiting);
  await assert.rejects(closed.try('root ::= "d"'), { code: 'shutting_down' });
});
