import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import { type FakeEngineOptions, startFakeEngine } from '../../testing/index.ts';
import { createStyle } from '../output.ts';
import { findPlaces } from '../places.ts';
import type { CheckFlags } from './check.ts';
import { checkServer } from './check-server.ts';

const turns = `{% for message in messages %}<|im_start|>{{ message.role }}
{{ message.content if message.content is string else '' }}<|im_end|>
{% endfor %}`;
const opening = `{{ '<|im_start|>assistant\\n' }}`;
/** What the fake engine's llama-server renders with: it opens an answer always. */
const openTemplate = turns + opening;
/** What its vLLM renders with. */
const fakeTemplate = `${turns}{% if add_generation_prompt %}${opening}{% endif %}`;

const folder = mkdtempSync(join(tmpdir(), 'rookery-check-server-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const file = write('fake.jinja', fakeTemplate);
const other = write('other.jinja', openTemplate.replace('<|im_end|>', '<|end|>'));

interface Outcome {
  readonly text: string;
  readonly failure: GatewayError | undefined;
}

async function check(
  reference: string | undefined,
  flags: CheckFlags & { readonly server: string },
  signal = new AbortController().signal,
): Promise<Outcome> {
  let text = '';
  const settings = {
    ...{ places: findPlaces(folder, {}), style: createStyle(false), signal, environment: { THE_KEY: 'sk-right' } },
    write: (piece: string) => void (text += piece),
    openCutter: async () => undefined,
    now: () => new Date(),
  };
  try {
    await checkServer(reference, flags, settings);
    return { text, failure: undefined };
  } catch (error) {
    assert.ok(error instanceof GatewayError, String(error));
    return { text, failure: error };
  }
}

async function withEngine(options: FakeEngineOptions, use: (origin: string) => Promise<void>): Promise<void> {
  const engine = await startFakeEngine(options);
  try {
    await use(engine.origin);
  } finally {
    await engine.close();
  }
}

const llamaServer = { face: 'llama-server', chatTemplate: openTemplate } as const;

test('llama-server renders its own template as we do', () =>
  withEngine(llamaServer, async (origin) => {
    const { text, failure } = await check(undefined, { server: origin });
    assert.equal(failure, undefined, text);
    assert.match(text, /^llama-server b11434 at http/);
    assert.match(text, /our side renders +http.*\/props\n/);
    assert.match(text, /✔ 38 of 38 conversations give the same tokens on both sides\n/);
    assert.match(text, /not asked, as no client of its API can say it: .*lone surrogates/);
  }));

test('another template than the one the server renders with: the first difference of each conversation, and a failure', () =>
  withEngine(llamaServer, async (origin) => {
    const { text, failure } = await check(other, { server: `llama-server=${origin}` });
    assert.equal(failure?.code, 'template_faulty');
    assert.match(text, /✖ 38 of 38 conversations differ \(first: the server, then ours\)/);
    assert.match(text, /\n {2}plain, character \d+\n.*»im_end.*\n.*»end/);
  }));

test('known ways of a server are told, and fail a strict check only', () =>
  withEngine({ ...llamaServer, chatTemplate: openTemplate.replace("if message.content is string else ''", '') }, async (origin) => {
    const isEasy = await check(undefined, { server: origin });
    // the fake drops what is no text, which llama-server does not: parts stay a difference
    assert.match(isEasy.text, /empty-content: it gives a message without content an empty text\n {6}null content\n/);
    assert.match(isEasy.text, /✖ 2 of 38 conversations differ/);
    const json = await check(undefined, { server: origin, json: true, strict: true });
    const told = JSON.parse(json.text) as { hasIds: boolean; conversations: { conversation: string; verdict: string; ways?: string[] }[] };
    assert.equal(told.hasIds, true);
    assert.deepEqual(told.conversations.find(({ conversation }) => conversation === 'null content')?.ways, ['empty-content']);
    assert.match(json.failure?.message ?? '', /3 conversations otherwise/);
  }));

test('vLLM is told the template, or shows it where it was started so', async () => {
  await withEngine({ face: 'vllm' }, async (origin) => {
    const untold = await check(undefined, { server: origin });
    assert.equal(untold.failure?.code, 'bad_usage');
    assert.match(untold.failure?.message ?? '', /--enable-tokenizer-info-endpoint/);
    const { text, failure } = await check(file, { server: `vllm=${origin}/v1` });
    assert.equal(failure, undefined, text);
    assert.match(text, /✔ 38 of 38 conversations give the same tokens/);
  });
  const info = { status: 200, body: { tokenizer_class: 'T', chat_template: fakeTemplate, bos_token: '<s>' } };
  await withEngine({ face: 'vllm', routes: { 'GET /tokenizer_info': info } }, async (origin) => {
    const { text, failure } = await check(undefined, { server: origin });
    assert.equal(failure, undefined, text);
    assert.match(text, /our side renders +http.*\/tokenizer_info\n/);
  });
});

test('Ollama shows prompts and no tokens', async () => {
  const reply = { status: 200, body: { message: {}, done: false, _debug_info: { rendered_template: 'always this' } } };
  await withEngine({ face: 'ollama', routes: { 'POST /api/chat': reply } }, async (origin) => {
    const { text, failure } = await check(write('this.jinja', 'always this'), { server: origin });
    assert.equal(failure, undefined, text);
    assert.match(text, /compared +prompts; it does not tell token ids\n/);
    assert.match(text, /give the same prompt on both sides/);
  });
});

test('one of several models is asked for by name', () =>
  withEngine({ face: 'vllm', models: ['one', 'two'] }, async (origin) => {
    const several = await check(file, { server: origin });
    assert.match(several.failure?.message ?? '', /Name one with --model: one, two/);
    assert.match((await check(file, { server: origin, model: 'three' })).failure?.message ?? '', /no model "three".*It serves: one, two/);
    const { text, failure } = await check(file, { server: origin, model: 'two' });
    assert.equal(failure, undefined);
    assert.match(text, /model +two\n/);
  }));

test('a key is sent, and wanting one is told without showing it', () =>
  withEngine({ ...llamaServer, apiKey: 'sk-right' }, async (origin) => {
    assert.equal((await check(undefined, { server: `${origin},key=env:THE_KEY` })).failure, undefined);
    const without = await check(undefined, { server: origin });
    assert.equal(without.failure?.code, 'key_unusable');
    assert.match(without.failure?.message ?? '', /add ,key=env:NAME/);
    const written = await check(undefined, { server: `${origin},key=sk-right` });
    assert.equal(written.failure?.code, 'bad_usage');
    assert.ok(!written.failure?.message.includes('sk-right') && !written.failure?.message.includes('--upstream'));
  }));

test('what cannot be asked is told with what to do', async () => {
  await withEngine({ face: 'openai' }, async (origin) => {
    const { failure } = await check(file, { server: `${origin}/v1` });
    assert.equal(failure?.code, 'unsupported_feature');
    assert.match(failure?.message ?? '', /llama-server, vLLM, Ollama and Rookery can be asked/);
  });
  await withEngine(llamaServer, async (origin) => {
    const { failure } = await check(file, { server: `vllm=${origin}` });
    assert.equal(failure?.code, 'bad_usage');
    assert.match(failure?.message ?? '', /is llama-server b11434, not vllm/);
  });
  await withEngine({ ...llamaServer, isLoading: true }, async (origin) => {
    assert.match((await check(file, { server: origin })).failure?.message ?? '', /still loading its model/);
  });
  await withEngine({ face: 'anthropic' }, async (origin) => {
    assert.equal((await check(file, { server: `anthropic=${origin}` })).failure !== undefined, true);
  });
});

test('an address where nothing listens is told', async () => {
  const engine = await startFakeEngine();
  await engine.close();
  const { failure } = await check(file, { server: engine.origin });
  assert.equal(failure?.code, 'engine_unavailable');
  assert.match(failure?.message ?? '', /^Nothing answers at http/);
});

test('a web server that is no engine is told as such', async () => {
  const server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hello</html>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { failure } = await check(file, { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  server.close();
  assert.equal(failure?.code, 'bad_usage');
  assert.match(failure?.message ?? '', /lists no models/);
});

test('a caller who leaves ends the comparison at once', async () => {
  const stop = new AbortController();
  const leave = () => {
    stop.abort();
    return { status: 200, body: { prompt: 'x' } };
  };
  await withEngine({ ...llamaServer, routes: { 'POST /apply-template': leave } }, async (origin) => {
    assert.equal((await check(undefined, { server: origin }, stop.signal)).failure?.code, 'client_closed');
  });
});
