import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { EngineEnd } from '../../protocol/engine.ts';
import { writeScriptedModel } from '../../testing/scripted-gguf.ts';
import type { Counters, RunRequest, RunStep } from './messages.ts';
import { loadNativeModel, type NativeModel } from './native.ts';
import { type ArmGrammar, Run } from './run.ts';
import { StepLoop } from './step-loop.ts';

const script = 'Let me count: many, many rooks.';
const folder = mkdtempSync(join(tmpdir(), 'rookery-step-loop-'));
let native: NativeModel;

before(async () => {
  const modelPath = join(folder, 'scripted.gguf');
  writeScriptedModel(modelPath, { scripts: script, pieceBytes: 3 });
  const options = { modelPath, modelId: 'm', slots: 3, gpu: 'off', enginePackage: 'node-llama-cpp', threads: 1 } as const;
  native = await loadNativeModel(options, () => undefined);
});

after(async () => {
  await native.close();
  rmSync(folder, { recursive: true });
});

function request(more: Partial<RunRequest> = {}, text = 'Hi'): RunRequest {
  const prompt = { segments: [{ text, isLiteral: false }], isRendered: false };
  return {
    prompt,
    sampling: { temperature: 0 },
    stop: [],
    stopTokenIds: [],
    ignoreEos: false,
    isStreamed: true,
    keptSpecialTokens: [],
    ...more,
  };
}

/** Runs all to their ends; gives what each wrote, and how many steps it took. */
async function runAll(runs: readonly { request: RunRequest; armGrammar?: ArmGrammar }[]) {
  const texts = runs.map(() => '');
  const ends: (EngineEnd | undefined)[] = runs.map(() => undefined);
  let left = runs.length;
  let reports = 0;
  let counters: Counters | undefined;
  const done = new Promise<void>((resolve) => {
    const loop = new StepLoop(native, (steps: readonly RunStep[]) => {
      reports++;
      for (const step of steps) {
        texts[step.run] += step.deltas.map((delta) => delta.text).join('');
        if (step.end) ends[step.run] = step.end;
        if (step.end || step.error) left--;
      }
      if (left > 0) return;
      counters = loop.counters();
      resolve();
    });
    for (const [id, { request, armGrammar }] of runs.entries()) loop.start(new Run(native, id, request, armGrammar));
  });
  await done;
  return { texts, ends, reports, counters };
}

test('a grammar armed by a callback binds from that token on and leaves the text before it alone', async () => {
  const asked: string[] = [];
  const armGrammar: ArmGrammar = (text) => {
    asked.push(text);
    return text.includes('count:');
  };
  const { texts, ends } = await runAll([{ request: request({ grammar: 'root ::= " "? [0-9] [0-9]' }), armGrammar }]);
  assert.equal(ends[0]?.reason, 'stop');
  const free = asked.at(-1) ?? '';
  assert.ok(asked.length > 3 && script.startsWith(free));
  assert.match((texts[0] ?? '').slice(free.length), /^ ?\d\d$/);
});

test('a grammar that is never armed changes nothing', async () => {
  const { texts } = await runAll([{ request: request({ grammar: 'root ::= "x"' }), armGrammar: () => false }]);
  assert.equal(texts[0], script);
});

test('runs advance in lockstep: as many reports as the longest run has steps, not their sum', async () => {
  const alone = await runAll([{ request: request() }]);
  const together = await runAll([{ request: request() }, { request: request() }, { request: request() }]);
  assert.deepEqual(together.texts, [script, script, script]);
  assert.equal(together.reports, alone.reports);
});

test('a long prompt is evaluated in chunks beside a run that writes, and neither waits for the other to end', async () => {
  const { texts, reports } = await runAll([{ request: request() }, { request: request({}, '1'.repeat(1500)) }]);
  assert.deepEqual(texts, [script, script]);
  assert.ok(reports > 12, `${reports} reports`);
});

test('more runs than slots wait for their turn', async () => {
  const { texts } = await runAll(Array.from({ length: 7 }, () => ({ request: request() })));
  assert.deepEqual(new Set(texts), new Set([script]));
});

test('a beginning that several runs share is evaluated once and copied, whoever comes first', async () => {
  const shared = '1'.repeat(1000);
  const { texts, counters } = await runAll(['a', 'b', 'c'].map((tail) => ({ request: request({}, shared + tail) })));
  assert.deepEqual(texts, [script, script, script]);
  assert.equal(counters?.copiedPromptTokens, 2000);
  assert.equal(counters?.evaluatedPromptTokens, 1003);
});

test('runs that share nothing do not wait for each other', async () => {
  const alone = await runAll([{ request: request({}, '1'.repeat(1500)) }]);
  const { reports, counters } = await runAll([{ request: request({}, '1'.repeat(1500)) }, { request: request({}, '2'.repeat(1500)) }]);
  assert.equal(counters?.copiedPromptTokens, 0);
  assert.ok(reports < 2 * alone.reports);
});
