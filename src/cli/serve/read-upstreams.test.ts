import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUpstreams } from './read-upstreams.ts';

test('an upstream is named by its host and port, numbered where two share them', () => {
  assert.deepEqual(
    readUpstreams(
      ['http://127.0.0.1:8000/v1', 'openai=https://api.example.org/v1,key=env:KEY', 'openai=http://127.0.0.1:8000/v2,model=m'],
      { KEY: 'k-123' },
    ),
    [
      { name: '127.0.0.1:8000', engine: 'openai', options: { baseUrl: 'http://127.0.0.1:8000/v1' } },
      { name: 'api.example.org', engine: 'openai', options: { baseUrl: 'https://api.example.org/v1', apiKey: 'k-123' } },
      { name: '127.0.0.1:8000#2', engine: 'openai', options: { baseUrl: 'http://127.0.0.1:8000/v2', models: ['m'] } },
    ],
  );
});

test('one bad flag among good ones is refused', () => {
  assert.throws(() => readUpstreams(['http://127.0.0.1:8000/v1', 'parrot=http://x'], {}), { code: 'bad_usage' });
});
