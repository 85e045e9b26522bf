import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeScriptedModel } from 'rookery/testing';
import { enginePid, type Program, post, startProgram, until } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'rookery-signals-'));
const endless = join(folder, 'endless.gguf');

before(() => {
  writeScriptedModel(endless, { scripts: [{ text: 'round and round the tower, ', end: 'loop' }], contextTokens: 200_000 });
});

after(() => rmSync(folder, { recursive: true }));

/** Starts a server and a stream on it, and resolves once the stream writes. */
async function startWithStream(maxTokens: number): Promise<{ program: Program; rest: Promise<string> }> {
  const program = await startProgram(['--model', endless, '--context', '100000']);
  const body = { model: 'endless', messages: [{ role: 'user', content: 'go' }], stream: true, max_tokens: maxTokens };
  const response = await post(`${program.url}/v1/chat/completions`, body);
  return { program, rest: response.text() };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('one Ctrl-C, even one that arrives twice at once, lets the answer in flight end and then ends with 0', async () => {
  const { program, rest } = await startWithStream(3000);
  const engine = enginePid(program);
  program.process.kill('SIGINT');
  program.process.kill('SIGINT');
  const code = await program.stop('SIGCONT');
  assert.equal(code, 0);
  assert.match(await rest, /"finish_reason":"length"[\s\S]*data: \[DONE\]\n\n$/);
  assert.match(program.log(), /Stopping/);
  assert.equal(isAlive(engine), false);
});

test('a second Ctrl-C ends at once, the engine too', async () => {
  const { program, rest } = await startWithStream(90_000);
  const engine = enginePid(program);
  const cut = assert.rejects(rest);
  program.process.kill('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 700));
  assert.equal(await program.stop('SIGINT'), 130);
  await cut;
  await until(() => !isAlive(engine));
});

test('SIGTERM past the grace time ends an endless answer with an in-band error', async () => {
  const program = await startProgram(['--model', endless, '--context', '100000', '--grace', '0.2']);
  const body = { model: 'endless', messages: [{ role: 'user', content: 'go' }], stream: true };
  const response = await post(`${program.url}/v1/chat/completions`, body);
  const rest = response.text();
  assert.equal(await program.stop(), 0);
  assert.match(await rest, /"code":"shutting_down"/);
});

test('a server whose parent is killed takes its engine with it', async () => {
  const { program, rest } = await startWithStream(90_000);
  const engine = enginePid(program);
  const cut = assert.rejects(rest);
  await program.stop('SIGKILL');
  await cut;
  await until(() => !isAlive(engine));
});

test('a port that is taken is told with the next step, and nothing is left running', async () => {
  const program = await startProgram(['--model', endless]);
  const port = new URL(program.url).port;
  await assert.rejects(startProgram(['--model', endless, '--port', port]), /ended with 1:[\s\S]*listens on[\s\S]*--port/);
  await program.stop();
});
