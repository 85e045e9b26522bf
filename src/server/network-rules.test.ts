import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../protocol/error.ts';
import { checkContentType, checkHost, checkOrigin, isLoopback } from './network-rules.ts';

const rules = { allowedHosts: ['Box.example'], allowedOrigins: ['https://chat.example/'] };

function refusal(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
}

const hosts: readonly (readonly [string | undefined, boolean])[] = [
  ['127.0.0.1:4000', true],
  ['127.8.9.1', true],
  ['LOCALHOST:4000', true],
  ['[::1]:4000', true],
  ['localhost.:4000', true],
  ['box.example:4000', true],
  ['192.168.1.5:4000', true],
  ['192.168.1.6:4000', false],
  ['evil.example', false],
  ['127.0.0.1.evil.example', false],
  ['127.evil', false],
  ['localhost:4000@evil.example', false],
  ['', false],
  [undefined, false],
];

for (const [host, passes] of hosts) {
  test(`Host ${JSON.stringify(host)} ${passes ? 'passes' : 'is refused'} on a connection to 192.168.1.5`, () => {
    assert.equal(
      refusal(() => checkHost(host, '::ffff:192.168.1.5', rules)),
      passes ? undefined : 'forbidden_host',
    );
  });
}

const origins: readonly (readonly [string | undefined, boolean])[] = [
  [undefined, true],
  ['http://127.0.0.1:4000', true],
  ['https://chat.example', true],
  ['http://127.0.0.1:5000', false],
  ['https://127.0.0.1:4000', false],
  ['null', false],
  ['https://chat.example.evil', false],
];

for (const [origin, passes] of origins) {
  test(`Origin ${JSON.stringify(origin)} ${passes ? 'passes' : 'is refused'}`, () => {
    const headers = origin === undefined ? { host: '127.0.0.1:4000' } : { host: '127.0.0.1:4000', origin };
    assert.equal(
      refusal(() => checkOrigin(headers, rules)),
      passes ? undefined : 'forbidden_origin',
    );
  });
}

const types: readonly (readonly [Record<string, string>, boolean])[] = [
  [{ 'content-type': 'application/json' }, true],
  [{ 'content-type': 'Application/JSON; charset="UTF-8"' }, true],
  [{ 'content-type': 'text/plain' }, false],
  [{ 'content-type': 'application/x-www-form-urlencoded' }, false],
  [{ 'content-type': 'application/jsonp' }, false],
  [{ 'content-type': 'application/json; charset=latin1' }, false],
  [{ 'content-type': 'application/json', 'content-encoding': 'gzip' }, false],
  [{}, false],
];

for (const [headers, passes] of types) {
  test(`a body with ${JSON.stringify(headers)} ${passes ? 'passes' : 'is refused'}`, () => {
    assert.equal(
      refusal(() => checkContentType(headers)),
      passes ? undefined : 'unsupported_media_type',
    );
  });
}

test('only addresses of this machine are loopback', () => {
  assert.deepEqual(['127.0.0.1', '127.1.2.3', 'localhost', '::1', '[::1]', '0.0.0.0', '::', '10.0.0.1', '127.example'].map(isLoopback), [
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
