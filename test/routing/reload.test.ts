import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startFakeEngine } from 'rookery/testing';
import { type Program, post, startProgram, until } from '../program.ts';
import { findDropped, type HeldEngine, openStream, openStreams, startHeldEngine } from './held-streams.ts';

const folder = mkdtempSync(join(tmpdir(), 'rookery-reload-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const streamCount = 1000;

interface Scene {
  readonly program: Program;
  /** Writes the file anew, as editors do it: another one is put in its place. */
  readonly write: (text: string) => void;
  /** Resolves once the log tells so many events of this name. */
  readonly logged: (event: string, times?: number) => Promise<void>;
}

function fileOf(upstreams: Readonly<Record<string, HeldEngine>>, models: Readonly<Record<string, readonly string[]>>): string {
  const engines = Object.entries(upstreams).map(([name, { fake }]) => `  ${name}: {kind: openai, url: "${fake.url}", slots: 1500}`);
  const served = Object.entries(models).map(
    ([name, targets]) => `  ${name}: {targets: [${targets.map((target) => `{upstream: ${target}, model: fake-model}`).join(', ')}]}`,
  );
  return `upstreams:\n${engines.join('\n')}\nmodels:\n${served.join('\n')}\n`;
}

async function startScene(t: TestContext, name: string, text: string): Promise<Scene> {
  const file = join(folder, `${name}.yaml`);
  const write = (changed: string) => {
    writeFileSync(`${file}.new`, changed);
    renameSync(`${file}.new`, file);
  };
  write(text);
  const program = await startProgram(['--config', file]);
  t.after(() => program.process.kill('SIGKILL'));
  const logged = (event: string, times = 1) => until(() => program.log().split(`"event":"${event}"`).length > times);
  return { program, write, logged };
}

async function startEngine(t: TestContext, name: string): Promise<HeldEngine> {
  const engine = await startHeldEngine(name);
  t.after(() => engine.fake.close());
  return engine;
}

const askOf = async (url: string, model: string) => {
  const response = await post(`${url}/v1/chat/completions`, { model, messages: [{ role: 'user', content: 'Say mark-999999.' }] });
  const body = (await response.json()) as { readonly choices?: readonly [{ readonly message: { readonly content: string } }] };
  return [response.status, body.choices?.[0].message.content] as const;
};

const getJson = async (url: string): Promise<unknown> => (await fetch(url)).json();

test('a reload drops none of 1,000 open streams, and new requests go by the new file at once', { timeout: 180_000 }, async (t) => {
  const [first, second, third] = [await startEngine(t, 'first'), await startEngine(t, 'second'), await startEngine(t, 'third')];
  const before = fileOf({ a: first, b: second }, { rook: ['a', 'b'], crow: ['b'] });
  const { program, write, logged } = await startScene(t, 'streams', before);
  const streams = [...(await openStreams(program.url, 'rook', streamCount))];
  assert.equal(first.fake.counts().open + second.fake.counts().open, streamCount);

  await t.test('an upstream is replaced, a model has another name, an upstream is gone', async () => {
    write(fileOf({ a: third }, { raven: ['a'] }));
    await logged('configuration-loaded');
    assert.deepEqual(await askOf(program.url, 'raven'), [200, 'third has mark-999999, and says so.']);
    assert.equal((await askOf(program.url, 'rook'))[0], 404);
    assert.equal((await askOf(program.url, 'crow'))[0], 404);
    assert.equal(first.fake.counts().open + second.fake.counts().open, streamCount);
  });

  await t.test('a second reload while the streams of the first one are open', async () => {
    write(fileOf({ a: third, b: second }, { raven: ['a'], rook: ['b'] }));
    await logged('configuration-loaded', 2);
    streams.push(openStream(program.url, 'rook', streamCount));
    assert.equal(await streams.at(-1)?.begun, 200);
  });

  await t.test('every stream ends whole, and what is gone is let go of', async () => {
    const held = second.fake.counts();
    assert.ok(held.open > 0);
    for (const engine of [first, second, third]) engine.release();
    assert.deepEqual(await findDropped(streams, ['first', 'second']), []);
    await first.fake.until(({ connections }) => connections === 0);
    assert.deepEqual(await askOf(program.url, 'rook'), [200, 'second has mark-999999, and says so.']);
  });
  assert.equal(await program.stop(), 0);
});

test('a file that cannot be used is refused and told, and the old one stays until it can', { timeout: 60_000 }, async (t) => {
  const [old, next] = [await startEngine(t, 'old'), await startEngine(t, 'next')];
  const { program, write, logged } = await startScene(t, 'refused', fileOf({ a: old }, { rook: ['a'] }));
  const told = async () => {
    const health = (await getJson(`${program.url}/health`)) as { readonly configuration: string };
    const upstreams = (await getJson(`${program.url}/health/upstreams`)) as { readonly configuration: { readonly refused?: string } };
    const metrics = await (await fetch(`${program.url}/metrics`)).text();
    const successful = /^rookery_config_last_reload_successful (\d)$/m.exec(metrics)?.[1];
    return { health: health.configuration, refused: upstreams.configuration.refused, successful };
  };
  assert.deepEqual(await told(), { health: 'current', refused: undefined, successful: '1' });

  for (const [at, bad] of ['upstreams: [', fileOf({ a: next }, { rook: ['b'] }), ''].entries()) {
    write(bad);
    await logged('configuration-refused', at + 1);
    const { health, refused, successful } = await told();
    assert.deepEqual([health, successful], ['refused', '0']);
    assert.match(String(refused), /refused\.yaml/);
    assert.deepEqual(await askOf(program.url, 'rook'), [200, 'old has mark-999999, and says so.']);
  }
  write(fileOf({ a: next }, { rook: ['a'] }));
  await logged('configuration-loaded');
  assert.deepEqual(await told(), { health: 'current', refused: undefined, successful: '1' });
  assert.deepEqual(await askOf(program.url, 'rook'), [200, 'next has mark-999999, and says so.']);
  assert.equal(await program.stop(), 0);
});

test('SIGHUP has the file read again, and ends nothing', { timeout: 60_000 }, async (t) => {
  const engine = await startEngine(t, 'only');
  const { program, logged } = await startScene(t, 'hang-up', fileOf({ a: engine }, { rook: ['a'] }));
  const stream = openStream(program.url, 'rook', 1);
  assert.equal(await stream.begun, 200);
  program.process.kill('SIGHUP');
  await logged('configuration-loaded');
  program.process.kill('SIGHUP');
  await logged('configuration-loaded', 2);
  assert.deepEqual(await askOf(program.url, 'rook'), [200, 'only has mark-999999, and says so.']);
  engine.release();
  assert.deepEqual(await findDropped([stream], ['only']), []);
  assert.equal(await program.stop(), 0);
});

test('an address that is wrong at the start is put right in the file while it is waited for', { timeout: 60_000 }, async (t) => {
  const there = await startEngine(t, 'there');
  const wrong = await startFakeEngine({ routes: { 'GET /v1/models': { status: 503, body: { error: { message: 'not here' } } } } });
  t.after(() => wrong.close());
  const file = join(folder, 'wrong.yaml');
  const write = (url: string) => writeFileSync(file, `upstreams:\n  a: {kind: openai, url: "${url}"}\nrouting: {serve_unlisted: true}\n`);
  write(wrong.url);
  const starting = startProgram(['--config', file]);
  await until(() => wrong.requests.length > 0);
  write(there.fake.url);
  const program = await starting;
  t.after(() => program.process.kill('SIGKILL'));
  assert.deepEqual(await askOf(program.url, 'fake-model'), [200, 'there has mark-999999, and says so.']);
  assert.equal(await program.stop(), 0);
});
