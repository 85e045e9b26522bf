import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { GenerateRequest } from '../protocol/request.ts';
import { startFakeEngine } from '../testing/index.ts';
import { openNode } from './open-node.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

/** Asks for these models at once and gives the order in which Ollama saw them. */
async function orderOf(models: string, mostLoaded: number, slots: number): Promise<string> {
  const replies = () => ({ pieces: ['Hi'], firstByteDelayMs: 3 });
  const fake = await startFakeEngine({ face: 'ollama', models: ['a', 'b', 'c'], mostLoaded, replies });
  const node = openNode({
    upstreams: [{ name: 'o', engine: 'ollama', options: { baseUrl: fake.origin, slots } }],
    ...{ queueLimit: 100, queueTimeoutMs: 60_000, log: () => undefined },
  });
  closings.push(
    () => node.close(0),
    () => fake.close(),
  );
  await node.ready(new AbortController().signal);
  const ask = async (model: string) => {
    const request: GenerateRequest = {
      ...{ id: 'r', model, input: { type: 'chat', messages: [{ role: 'user', content: 'Hi' }] }, sampling: {}, stop: [], stopTokenIds: [] },
      ...{ ignoreEos: false, isStreamed: true, n: 1, unknownFields: {}, agent: {} },
    };
    await node.generate(request, new AbortController().signal).whole();
  };
  await Promise.all([...models].map(ask));
  const asked = fake.requests.filter(({ path }) => path === '/api/chat' || path === '/api/generate');
  return asked.map(({ body }) => String((body as { model: unknown }).model).charAt(0)).join('');
}

const countSwaps = (order: string) => [...order].filter((model, at) => at > 0 && model !== order[at - 1]).length;

test('requests to an Ollama that holds one model are grouped: ABCABC costs two swaps', async () => {
  for (const slots of [1, 4]) assert.equal(countSwaps(await orderOf('abcabcabc', 1, slots)), 2, `${slots} slots`);
});

test('models that it was seen to hold together are asked side by side', async () => {
  const order = await orderOf('abababababababab', 3, 4);
  assert.equal([...order].sort().join(''), 'aaaaaaaabbbbbbbb');
  assert.ok(countSwaps(order) >= 1);
});
