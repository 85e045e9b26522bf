import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeScriptedModel } from 'rookery/testing';
import { enginePid, type Program, post, readJson, startProgram } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'rookery-faults-'));
const endless = join(folder, 'endless.gguf');
let program: Program;

const ask = (more: Record<string, unknown> = {}) => ({
  model: 'endless',
  messages: [{ role: 'user', content: 'go' }],
  temperature: 0,
  ...more,
});

async function answersOn(): Promise<void> {
  const response = await post(`${program.url}/v1/chat/completions`, ask({ max_tokens: 4 }));
  assert.equal(response.status, 200);
  assert.equal((await readJson(response)).usage.completion_tokens, 4);
}

before(async () => {
  writeScriptedModel(endless, { scripts: [{ text: 'round and round the tower, ', end: 'loop' }], contextTokens: 200_000 });
  program = await startProgram(['--model', endless, '--slots', '2', '--queue', '8', '--context', '20000']);
});

after(async () => {
  assert.equal(await program.stop(), 0);
  rmSync(folder, { recursive: true });
});

test('a killed engine process ends its streams with one clear error each, and what nobody has seen a part of is asked for again', async () => {
  const complete = post(`${program.url}/v1/chat/completions`, ask({ max_tokens: 1000 }));
  const stream = await post(`${program.url}/v1/chat/completions`, ask({ stream: true }));
  process.kill(enginePid(program), 'SIGKILL');
  const saved = await complete;
  assert.equal(saved.status, 200);
  assert.match(saved.headers.get('x-rookery-plan') ?? '', /attempts=[23]/);
  assert.equal((await readJson(saved)).usage.completion_tokens, 1000);
  const streamed = await stream.text();
  assert.equal(streamed.match(/"code":"engine_failed"/g)?.length, 1);
  assert.ok(streamed.endsWith('data: [DONE]\n\n'));
  await answersOn();
});

test('a full queue answers 429 queue_full with a time to retry, and empties again', async () => {
  const leaving = new AbortController();
  const held = Array.from({ length: 16 }, () => post(`${program.url}/v1/chat/completions`, ask({ stream: true }), {}, leaving.signal));
  const refused = await Promise.race(held.map(async (each) => ((await each).status === 429 ? each : new Promise<never>(() => undefined))));
  assert.equal((await readJson(refused)).error.code, 'queue_full');
  const seconds = Number(refused.headers.get('retry-after'));
  assert.ok(Number.isInteger(seconds) && seconds >= 1 && seconds <= 60, `${seconds} s`);
  leaving.abort();
  await Promise.allSettled(held);
  await answersOn();
});

test('a body of 50 MB is refused with 413 and read no further', async () => {
  const response = await post(
    `${program.url}/v1/chat/completions`,
    ask({ messages: [{ role: 'user', content: 'x'.repeat(50 * 1024 * 1024) }] }),
  );
  assert.equal(response.status, 413);
  assert.equal((await readJson(response)).error.code, 'body_too_large');
  await answersOn();
});

/** Leaves a request after `afterBytes` of its answer (0: at once after sending), whatever it is. */
function leave(body: unknown, afterBytes: number): Promise<void> {
  return new Promise((resolve) => {
    const outgoing = httpRequest(`${program.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      agent: false,
    });
    outgoing.on('error', () => resolve()).on('close', () => resolve());
    outgoing.on('response', (response) => response.on('data', () => outgoing.destroy()).on('error', () => undefined));
    outgoing.end(JSON.stringify(body), () => afterBytes === 0 && setTimeout(() => outgoing.destroy(), 5));
  });
}

const residentBytes = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

test('1,000 requests that are left lose no slot and no memory', async () => {
  const pids = [program.process.pid ?? 0, enginePid(program)];
  const round = async (times: number) => {
    for (let done = 0; done < times; done += 4) {
      await Promise.all([
        leave(ask({ stream: true }), 1),
        leave(ask({ stream: true }), 0),
        leave(ask(), 0),
        leave(ask({ stream: true }), 1),
      ]);
    }
    await answersOn();
  };
  await round(200);
  const before = pids.map(residentBytes);
  await round(800);
  const grown = pids.map((pid, at) => residentBytes(pid) - (before[at] ?? 0));
  assert.ok(
    grown.every((bytes) => bytes < 60 * 1024 * 1024),
    `memory grew by ${grown} bytes`,
  );
  assert.equal((await fetch(`${program.url}/health/ready`)).status, 200);
  await answersOn();
});
