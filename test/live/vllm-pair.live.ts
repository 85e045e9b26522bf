import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import OpenAI from 'openai';
import { createLog, createServer } from 'rookery/server';
import { type NodeOptions, openNode } from '#dist/gateway/open-node.js';

import { post, until } from '../program.ts';
import { writeLoraAdapter } from './lora-adapter.ts';

// Two real vLLM servers on the CPU. Started by `npm run test:vllm-pair`.

interface Vllm {
  readonly url: string;
  stop(): Promise<unknown>;
}

const limitMs = 120_000;
const folder = mkdtempSync(join(tmpdir(), 'rookery-vllm-pair-'));
const adapterPath = join(folder, 'adapter');
const closings: (() => Promise<unknown>)[] = [];
let first: Vllm;
let second: Vllm;

before(async () => {
  // servers lead process groups of their own: Ctrl-C does not reach them by itself
  const { endChildrenOnSignal } = (await import(new URL('../../../scripts/steps/children.mjs', import.meta.url).href)) as {
    endChildrenOnSignal(): void;
  };
  endChildrenOnSignal();
  writeLoraAdapter(adapterPath, 7);
  const { start } = (await import(new URL('../../../scripts/engines/vllm.mjs', import.meta.url).href)) as {
    start(options: object): Promise<Vllm>;
  };
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const options = {
    modelPath: join(cache, 'rookery', 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf'),
    threads: 1,
    slots: 4,
    extraArgs: ['--enable-lora', '--max-lora-rank', '8', '--max-loras', '1'],
    env: { VLLM_SERVER_DEV_MODE: '1', VLLM_ALLOW_RUNTIME_LORA_UPDATING: 'True' },
    log: (line: string) => process.stderr.write(`${line}\n`),
  };
  first = await start({ ...options, servedName: 'first' });
  closings.push(() => first.stop());
  second = await start({ ...options, servedName: 'second' });
  closings.push(() => second.stop());
});

after(async () => {
  for (const close of closings.reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

/** Our server in front of both, and an unmodified client of it. */
async function serve(more: Pick<NodeOptions, 'probes'>, gpu: object = {}) {
  const swaps: object[] = [];
  const written = createLog({ format: 'json', write: (line) => process.stderr.write(line), now: Date.now, secrets: [] });
  const log: NodeOptions['log'] = (level, event, fields) => {
    if (event === 'gpu-swap') swaps.push({ ...fields });
    else if (level !== 'debug') written(level, event, fields);
  };
  const upstreams = [first, second].map(({ url }, at) => {
    return { name: `vllm-${at}`, engine: 'vllm' as const, options: { baseUrl: url, slots: 4, sleepLevel: 0 as const }, ...gpu };
  });
  const node = openNode({ upstreams, queueLimit: 100, queueTimeoutMs: 60_000, log, ...more });
  closings.push(() => node.close(1_000));
  await node.ready(AbortSignal.timeout(limitMs));
  const server = await createServer({ node, port: 0, log });
  closings.push(() => server.close({ graceMs: 1_000 }));
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'unused', maxRetries: 0, timeout: limitMs });
  const ask = async (model: string) => {
    const { choices } = await client.chat.completions.create({
      ...{ model, messages: [{ role: 'user', content: 'Tell me about rooks.' }], max_tokens: 16, temperature: 0 },
    });
    return String(choices[0]?.message.content);
  };
  const listModels = async () => (await client.models.list()).data.map(({ id }) => id).sort();
  return { ask, listModels, swaps };
}

async function isAsleep({ url }: Vllm): Promise<boolean> {
  return ((await (await fetch(`${url}/is_sleeping`)).json()) as { is_sleeping: boolean }).is_sleeping;
}

test('two servers that share a GPU take turns: one is awake, and a burst for both costs two swaps at most', {
  timeout: limitMs,
}, async () => {
  const { ask, swaps } = await serve({}, { sharesGpu: 'gpu-0' });
  assert.equal((await Promise.all([first, second].map(isAsleep))).filter(Boolean).length, 1);
  const before = swaps.length;
  const answers = await Promise.all([...'abababab'].map((letter) => ask(letter === 'a' ? 'first' : 'second')));
  assert.equal(new Set(answers).size, 1, 'the same weights give the same text');
  assert.ok(swaps.length - before <= 2, `${swaps.length - before} swaps`);
  await ask('first');
  assert.deepEqual([await isAsleep(first), await isAsleep(second)], [false, true]);
  await ask('second');
  assert.deepEqual([await isAsleep(first), await isAsleep(second)], [true, false]);
  await post(`${first.url}/wake_up`, {});
});

test('an adapter is a model where it is loaded, and gone when it was unloaded', { timeout: limitMs }, async () => {
  const { ask, listModels } = await serve({ probes: { intervalMs: 200, timeoutMs: 10_000 } });
  assert.deepEqual(await listModels(), ['first', 'second']);
  const loaded = await post(`${second.url}/v1/load_lora_adapter`, { lora_name: 'rooks', lora_path: adapterPath });
  assert.equal(loaded.status, 200, await loaded.text());
  await until(async () => (await listModels()).includes('rooks'));
  const [adapted, plain] = [await ask('rooks'), await ask('second')];
  assert.notEqual(adapted, plain);
  assert.equal(plain, await ask('first'));
  assert.equal((await post(`${second.url}/v1/unload_lora_adapter`, { lora_name: 'rooks' })).status, 200);
  await until(async () => !(await listModels()).includes('rooks'));
  await assert.rejects(ask('rooks'), { status: 404 });
});
