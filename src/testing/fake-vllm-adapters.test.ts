import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, startFake } from './fake-case.ts';

test('adapters are loaded and unloaded as by the real one, and listed with their model as parent', async () => {
  const fake = await startFake({ face: 'vllm', models: ['base', 'alias'], adapters: ['first'] });
  const steps = [
    ['load', { lora_name: 'sql', lora_path: '/a' }, 200, /'sql' added successfully/],
    ['load', { lora_name: 'sql', lora_path: '/a' }, 400, /already been loaded/],
    ['load', { lora_name: 'sql', lora_path: '/b', load_inplace: true }, 200, /added successfully/],
    ['load', { lora_name: 'base', lora_path: '/a' }, 400, /conflicts with a served base model/],
    ['load', { lora_name: 'x' }, 400, /must be provided/],
    ['unload', { lora_name: 'first' }, 200, /'first' removed successfully/],
    ['unload', { lora_name: 'first' }, 404, /cannot be found/],
    ['unload', {}, 400, /needs to be provided/],
  ] as const;
  for (const [verb, body, status, words] of steps) {
    const answer = await ask(fake, `/v1/${verb}_lora_adapter`, body);
    assert.deepEqual([verb, body, answer.status], [verb, body, status]);
    assert.match(answer.text, words);
  }
  const { data } = (await (await fetch(`${fake.url}/models`)).json()) as { readonly data: readonly Readonly<Record<string, unknown>>[] };
  assert.deepEqual(
    data.map(({ id, root, parent, max_model_len }) => [id, root, parent, max_model_len]),
    [
      ['base', 'base', null, 8192],
      ['alias', 'alias', null, 8192],
      ['sql', '/b', 'base', null],
    ],
  );
});
