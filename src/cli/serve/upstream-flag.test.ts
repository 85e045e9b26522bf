import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUpstreamFlag } from './upstream-flag.ts';

const environment = { KEY: 'k-123', EMPTY: '' };

const examples: readonly (readonly [string, string, string])[] = [
  // what is written, its kind, its address
  ['http://127.0.0.1:8000/v1', 'openai', 'http://127.0.0.1:8000/v1'],
  ['openai=https://api.example.org/v1/', 'openai', 'https://api.example.org/v1/'],
  ['http://h/v1?kind=x', 'openai', 'http://h/v1?kind=x'],
  ['vllm=http://host:8000', 'vllm', 'http://host:8000'],
  ['vllm=http://host:8000/', 'vllm', 'http://host:8000'],
  ['vllm=http://host:8000/v1', 'vllm', 'http://host:8000'],
  ['ollama=http://host:11434/v1/', 'ollama', 'http://host:11434'],
  ['llama-server=https://host/llama/v1', 'llama-server', 'https://host/llama'],
  ['anthropic=https://proxy.example/v1', 'anthropic', 'https://proxy.example'],
  ['anthropic,key=env:KEY', 'anthropic', 'https://api.anthropic.com'],
  ['vllm', 'vllm', 'http://127.0.0.1:8000'],
  [' ollama ', 'ollama', 'http://127.0.0.1:11434'],
  ['llama-server', 'llama-server', 'http://127.0.0.1:8080'],
];

for (const [written, kind, baseUrl] of examples) {
  test(`${written} is ${kind} at ${baseUrl}`, () => {
    const read = readUpstreamFlag(written, environment);
    assert.deepEqual([read.kind, read.options.baseUrl], [kind, baseUrl]);
  });
}

test('a key, models and slots follow in any order', () => {
  const baseUrl = 'https://x.example/v1';
  assert.deepEqual(readUpstreamFlag(`openai=${baseUrl}, model=a/b:c=1, key=env:KEY, model=d`, environment), {
    kind: 'openai',
    options: { baseUrl, apiKey: 'k-123', models: ['a/b:c=1', 'd'] },
  });
  assert.deepEqual(readUpstreamFlag(baseUrl, environment), { kind: 'openai', options: { baseUrl } });
  assert.deepEqual(readUpstreamFlag('ollama,slots=8', environment).options, { baseUrl: 'http://127.0.0.1:11434', slots: 8 });
});

const faults: readonly (readonly [string, string, RegExp])[] = [
  ['parrot=http://127.0.0.1:1', 'bad_usage', /knows the kinds openai, vllm, ollama, llama-server, anthropic, not 'parrot'/],
  ['', 'bad_usage', /begins with http/],
  ['openai', 'bad_usage', /begins with http/],
  ['parrot', 'bad_usage', /begins with http/],
  ['127.0.0.1:8000', 'bad_usage', /begins with http/],
  ['vllm=', 'bad_usage', /begins with http/],
  ['vllm=host:8000', 'bad_usage', /begins with http/],
  ['openai=ftp://x', 'bad_usage', /begins with http/],
  ['openai=http://', 'bad_usage', /begins with http/],
  ['http://x/v1,key=sk-secret', 'bad_usage', /key=env:NAME/],
  ['http://x/v1,sk-secret', 'bad_usage', /,key=env:NAME ,model=NAME and ,slots=N, nothing else/],
  ['http://x/v1,token=sk-secret', 'bad_usage', /nothing else/],
  ['http://x/v1,model=', 'bad_usage', /nothing else/],
  ['ollama,slots=0', 'bad_usage', /integer from 1/],
  ['ollama,slots=many', 'bad_usage', /integer from 1/],
  ['ollama,slots=1,slots=2', 'bad_usage', /one number of slots/],
  ['http://x/v1,key=env:KEY,key=env:KEY', 'bad_usage', /one key and one number of slots at most/],
  ['anthropic', 'bad_usage', /anthropic needs a key/],
  ['http://x/v1,key=env:EMPTY', 'key_unusable', /EMPTY, which --upstream names/],
  ['http://x/v1,key=env:MISSING', 'key_unusable', /MISSING/],
];

for (const [written, code, message] of faults) {
  test(`'${written}' is refused, without the key`, () => {
    assert.throws(
      () => readUpstreamFlag(written, environment),
      (error: Error & { code?: string }) => error.code === code && message.test(error.message) && !error.message.includes('sk-secret'),
    );
  });
}
