import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUpstreams } from './read-upstreams.ts';

const environment = { KEY: 'k-123', EMPTY: '' };

test('an address alone is an OpenAI-compatible server; kinds and keys may be named', () => {
  assert.deepEqual(
    readUpstreams(
      ['http://127.0.0.1:8000/v1', 'openai=https://api.example.org/v1,key=env:KEY', 'openai=http://127.0.0.1:8000/v2'],
      environment,
    ),
    [
      { name: '127.0.0.1:8000', engine: 'openai', options: { baseUrl: 'http://127.0.0.1:8000/v1' } },
      { name: 'api.example.org', engine: 'openai', options: { baseUrl: 'https://api.example.org/v1', apiKey: 'k-123' } },
      { name: '127.0.0.1:8000#2', engine: 'openai', options: { baseUrl: 'http://127.0.0.1:8000/v2' } },
    ],
  );
});

const faults: readonly (readonly [string, string, RegExp])[] = [
  ['parrot=http://127.0.0.1:1', 'bad_usage', /knows the kinds openai, not 'parrot'/],
  ['127.0.0.1:8000', 'bad_usage', /begins with http/],
  ['openai=ftp://x', 'bad_usage', /begins with http/],
  ['http://x/v1,key=sk-secret', 'bad_usage', /key=env:NAME/],
  ['http://x/v1,key=env:EMPTY', 'key_unusable', /EMPTY, which --upstream names/],
  ['http://x/v1,key=env:MISSING', 'key_unusable', /MISSING/],
];

for (const [written, code, message] of faults) {
  test(`${written} is refused, without the key`, () => {
    assert.throws(
      () => readUpstreams([written], environment),
      (error: Error & { code?: string }) => error.code === code && message.test(error.message) && !error.message.includes('sk-secret'),
    );
  });
}
