import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { EngineEnd } from '../../protocol/engine.ts';
import { writeScriptedModel } from '../../testing/scripted-gguf.ts';
import type { Binding } from './call-binding.ts';
import type { Counters, RunRequest, RunStep } from './messages.ts';
import { loadNativeModel, type NativeModel } from './native.ts';
import { Run } from './run.ts';
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
async function runAll(runs: readonly { request: RunRequest; binding?: Binding }[]) {
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
    for (const [id, { request, binding }] of runs.entries()) loop.start(new Run(native, id, request, binding));
  });
  await done;
  return { texts, ends, reports, counters };
}

test('a grammar binds from where its binding says until it sets free, and leaves the text before and behind alone', async () => {
  let written = '';
  const free: string[] = [];
  const binding: Binding = {
    isComplete: false,
    push: ({ text }) => void (written += text),
    next: () => {
      if (/\d\d$/.test(written)) return 'free';
      if (free.length > 0 || !written.includes('count:')) return undefined;
      free.push(written);
      return { grammar: 'root ::= " "? [0-9] [0-9] .*' };
    },
  };
  const { texts, ends } = await runAll([{ request: request({ maxTokens: 40 }), binding }]);
  const [before = ''] = free;
  assert.ok(script.startsWith(before));
  assert.match((texts[0] ?? '').slice(before.length), /^ ?\d\d/);
  assert.ok(ends[0]);
});

test('a binding that never binds changes nothing', async () => {
  const { texts } = await runAll([{ request: request(), binding: { isComplete: false, push: () => undefined, next: () => undefined } }]);
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
