import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import type { GatewayError } from '../../protocol/error.ts';
import { type FakeEngineOptions, startFakeEngine } from '../../testing/index.ts';
import anthropic from '../anthropic.ts';
import openai, { type OpenAiOptions } from '../openai.ts';
import { collect, isError, never, request } from './answers.test.support.ts';
import { checkHeaders, listSecrets } from './operator-headers.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

async function start(fakeOptions: FakeEngineOptions, options: Partial<OpenAiOptions>) {
  const fake = await startFakeEngine(fakeOptions);
  const lines: string[] = [];
  const context = { log: (...line: readonly unknown[]) => void lines.push(JSON.stringify(line)) };
  const engine = openai.open({ baseUrl: fake.url, ...options }, context);
  closings.push(
    () => engine.close(),
    () => fake.close(),
  );
  return { fake, engine, lines };
}

test('headers go with every request, and replace ours of the same name', async () => {
  const headers = { 'X-Route': 'a', authorization: 'Basic dXNlcjp3b3Jk' };
  const { fake, engine } = await start({}, { apiKey: 'secret-key', headers });
  await engine.models();
  await collect(engine.stream(request, never));
  assert.equal(fake.requests.length, 2);
  for (const { headers: sent } of fake.requests) {
    assert.deepEqual([sent['x-route'], sent.authorization], ['a', 'Basic dXNlcjp3b3Jk']);
  }
});

test("an engine's own headers stay beside those of the operator", async () => {
  const fake = await startFakeEngine({ face: 'anthropic' });
  const engine = anthropic.open({ baseUrl: fake.origin, apiKey: 'k', headers: { 'anthropic-beta': 'b' } }, { log: () => {} });
  await engine.models();
  const sent = fake.requests[0]?.headers;
  assert.deepEqual([sent?.['anthropic-version'], sent?.['anthropic-beta'], sent?.['x-api-key']], ['2023-06-01', 'b', 'k']);
  await engine.close();
  await fake.close();
});

test('headers that the connection writes, and ones that HTTP cannot carry, are refused without their values', () => {
  const own = ['Host', 'content-length', 'Connection', 'transfer-encoding', 'accept-encoding', 'upgrade', 'expect'];
  for (const name of own) {
    const open = () => openai.open({ baseUrl: 'http://127.0.0.1:1', headers: { [name]: 'secret-key' } }, { log: () => {} });
    assert.throws(open, isError('bad_usage', /written by the connection itself/));
  }
  for (const [name, value] of [
    ['x-a', 'secret-key\r\nx-b: 1'],
    ['x-a', 'secret-key 🎉'],
    ['not a name', 'secret-key'],
    ['', 'secret-key'],
  ] as const) {
    assert.throws(() => checkHeaders({ [name]: value }), isError('bad_usage', /cannot be sent/));
  }
});

test('secrets in headers are kept out of errors and the log, however the upstream quotes them', async () => {
  const headers = { authorization: 'Bearer tok-1234567', 'x-team': 'team=very-hidden; b' };
  const error = { message: 'No: tok-1234567, Bearer tok-1234567, team=very-hidden; b, very-hidden, secret-key.' };
  for (const fault of [
    { kind: 'status', status: 400, error },
    { kind: 'status', status: 503, error },
    { kind: 'error-event', afterPieces: 1, error },
  ] as const) {
    const { engine, lines } = await start({ replies: { pieces: ['a'], fault } }, { apiKey: 'secret-key', headers });
    const told = await collect(engine.stream(request, never)).then(
      () => assert.fail('it answers'),
      (failure: GatewayError) => failure.message,
    );
    assert.match(told, /No: \[key\], \[key\], \[key\], \[key\], \[key\]\.$/);
    assert.doesNotMatch(lines.join(), /tok-|hidden|secret-key/);
  }
});

test('no text that holds a value keeps it', () => {
  const value = fc.stringMatching(/^[!-~]([ -~]{6,30})[!-~]$/);
  fc.assert(
    fc.property(fc.array(value, { maxLength: 4 }), fc.option(fc.stringMatching(/^[!-~]{1,20}$/), { nil: undefined }), (values, key) => {
      const secrets = listSecrets(key, Object.fromEntries(values.map((each, index) => [`x-${index}`, each])));
      assert.ok(!secrets.includes(''));
      for (const text of [...values, ...(key === undefined ? [] : [key])]) {
        const hidden = secrets.reduce((rest, secret) => rest.replaceAll(secret, '\u0000'), `a ${text} b`);
        assert.ok(!hidden.slice(2, -2).includes(text));
      }
    }),
  );
});
