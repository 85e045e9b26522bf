import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain, readFaults, readGood, readTexts, readWarnings } from './read.test.support.ts';
import { listSecrets } from './read-configuration.ts';

const whole = `
server:
  host: 0.0.0.0
  port: 4100
  key: env:NODE_KEY
  key_header: X-Team-Key
  hosts: [rook.internal]
  origins: [https://chat.example]
  max_body: 8mb
  max_requests: 500
  grace: 10s
  log: {format: json, level: warn}
hub: {token: file:hub-token}
upstreams:
  gpu-1: {kind: vllm, url: http://gpu-1:8000/v1/, key: env:VLLM_KEY, slots: 128, silence_timeout: 500ms}
  gpu-2: {kind: vllm, url: http://gpu-2:8000, models: [Qwen/Qwen2.5-7B-Instruct, lora-a], headers: {X-Route: a, X-Token: env:VLLM_KEY}}
  cloud: {kind: openai, url: https://api.example/v1/}
  small: {kind: embedded, model: ./tiny.gguf, slots: 2, gpu: 'off'}
models:
  "*": {targets: [{upstream: cloud, model: "*"}]}
  qwen:
    aliases: [gpt-4o, {name: old, hidden: true}]
    targets:
      - {upstream: gpu-1, model: Qwen/Qwen2.5-7B-Instruct, weight: 3, limits: {parallel: 64, tokens_per_minute: 100000}}
      - {upstream: gpu-2, model: Qwen/Qwen2.5-7B-Instruct, order: 1, tags: [slow], timeout: 90, cost: {input: 0.1, output: 0.2}, drop_params: [user]}
    policy: {name: prefix-affinity, blocks: 16}
    fallbacks: [tiny]
    context_window_fallbacks: [anything/else]
    defaults: {temperature: 0.2, stop: ["\\n\\n"]}
    drop_params: true
    facts:
      like: Qwen/Qwen2.5-7B-Instruct
      dialect: Hermes
      sampling: {tools: {temperature: 0, top_k: 1}}
      select_tools: auto
      constrain_tool_calls: false
      chat_template: qwen.jinja
  tiny: {targets: [small], facts: {chat_template: llama-3-1}}
  "qw*": {targets: [{upstream: gpu-2, model: lora-a}]}
routing:
  policy: weighted
  retries: 1
  timeout: 2m
  fallbacks: [tiny]
  retries_for: {timeout: 0}
  queue: 10
pass_through:
  - {path: /rerank, target: http://tei:80/rerank, forward_headers: true}
`;
const files = { 'rookery.yaml': whole, 'hub-token': 'hf_0123456789\n', 'qwen.jinja': '{{ messages }}' };
const environment = { NODE_KEY: 'k-5f0e9d8c7b6a54321', VLLM_KEY: 'vllm-secret-1' };

test('everything that a file can say is in the configuration', async () => {
  const configuration = await readGood(files, environment);
  assert.deepEqual(plain({ ...configuration.server, hub: configuration.hub, upstreams: configuration.upstreams }), {
    ...{ host: '0.0.0.0', port: 4100, key: `env:NODE_KEY = ${environment.NODE_KEY}`, keyHeader: 'x-team-key' },
    ...{ hosts: ['rook.internal'], origins: ['https://chat.example'], graceMs: 10_000, trustsRequestTemplates: false },
    limits: { bodyBytes: 8 * 1024 ** 2, bodyTimeoutMs: 60_000, parallel: 500 },
    log: { format: 'json', level: 'warn' },
    hub: { token: 'file:/c/hub-token = hf_0123456789' },
    upstreams: [
      {
        ...{ name: 'gpu-1', kind: 'vllm', baseUrl: 'http://gpu-1:8000', apiKey: 'env:VLLM_KEY = vllm-secret-1', headers: {} },
        ...{ slots: 128, silenceTimeoutMs: 500, verifiesCertificate: true },
      },
      {
        ...{ name: 'gpu-2', kind: 'vllm', baseUrl: 'http://gpu-2:8000', models: ['Qwen/Qwen2.5-7B-Instruct', 'lora-a'] },
        ...{ headers: { 'x-route': 'a', 'x-token': 'env:VLLM_KEY = vllm-secret-1' }, verifiesCertificate: true },
      },
      { name: 'cloud', kind: 'openai', baseUrl: 'https://api.example/v1', headers: {}, verifiesCertificate: true },
      { name: 'small', kind: 'embedded', model: '/c/tiny.gguf', slots: 2, gpu: 'off' },
    ],
  });
  assert.deepEqual(
    configuration.models.map(({ name }) => name),
    ['qwen', 'tiny', 'qw*', '*'],
  );
  const common = { order: 0, tags: [], limits: {}, timeouts: {}, defaults: {}, rules: {}, drops: { dropsUnsupported: false, paths: [] } };
  assert.deepEqual(configuration.models[0], {
    name: 'qwen',
    aliases: [
      { name: 'gpt-4o', isHidden: false },
      { name: 'old', isHidden: true },
    ],
    targets: [
      {
        ...{ ...common, upstream: 'gpu-1', model: 'Qwen/Qwen2.5-7B-Instruct', weight: 3 },
        limits: { parallel: 64, tokensPerMinute: 100_000 },
      },
      {
        ...{ ...common, upstream: 'gpu-2', model: 'Qwen/Qwen2.5-7B-Instruct', weight: 1, order: 1, tags: ['slow'] },
        ...{ timeouts: { requestMs: 90_000 }, cost: { input: 0.1, output: 0.2 }, drops: { dropsUnsupported: false, paths: ['user'] } },
      },
    ],
    rules: {
      ...{ policy: { name: 'prefix-affinity', options: { blocks: 16 } }, retries: 1, retriesFor: { timeout: 0 }, retryPauseMs: 0 },
      ...{ cooldownMs: 5000, longestCooldownMs: 60_000, allowedFails: 3, failsFor: {}, timeouts: { requestMs: 120_000 } },
      ...{ fallbacks: ['tiny'], contextFallbacks: ['anything/else'], contentFallbacks: [], mostFallbacks: 5 },
    },
    defaults: { temperature: 0.2, stop: ['\n\n'] },
    drops: { dropsUnsupported: true, paths: [] },
    ...{ tags: [], groups: [] },
    facts: {
      ...{ likeModel: 'Qwen/Qwen2.5-7B-Instruct', dialect: 'Hermes', sampling: { tools: { temperature: 0, topK: 1 } } },
      ...{ toolSelection: 'auto', constrainToolCalls: false },
      chatTemplate: { kind: 'file', path: '/c/qwen.jinja', text: '{{ messages }}' },
    },
  });
  assert.deepEqual(configuration.models[1]?.facts.chatTemplate, { kind: 'own', name: 'llama-3-1' });
  assert.deepEqual(configuration.models[1]?.rules.fallbacks, [], 'a model does not fall back to itself');
  assert.equal(configuration.servesUnlisted, false);
  assert.deepEqual(configuration.passThrough, [{ path: '/rerank', target: 'http://tei:80/rerank', headers: {}, forwardsHeaders: true }]);
});

test('a configuration is frozen, and shows its secrets to nobody who does not ask', async () => {
  const configuration = await readGood(files, environment);
  assert.throws(() => Object.assign(configuration.models[0]?.targets[0] ?? {}, { weight: 9 }), TypeError);
  assert.doesNotMatch(JSON.stringify(configuration), /k-5f0e9d8c7b6a54321|vllm-secret-1|hf_0123456789/);
  assert.deepEqual(new Set(listSecrets(configuration)), new Set([...Object.values(environment), 'hf_0123456789']));
});

test('an empty file serves what local engines have, on loopback', async () => {
  const { server, servesUnlisted, models } = await readGood('# nothing\n');
  assert.deepEqual([server.host, server.port, servesUnlisted, models.length], ['127.0.0.1', 4000, true, 0]);
});

const broken: readonly { readonly what: string; readonly text: string; readonly faults: readonly string[] }[] = [
  {
    what: 'a misspelt key',
    text: 'server:\n  prot: 80\n',
    faults: ['rookery.yaml:2:3: server.prot: this key is not known. Did you mean `port`?'],
  },
  {
    what: 'a misspelt section',
    text: 'upstreems: {}\n',
    faults: ['rookery.yaml:1:1: upstreems: this key is not known. Did you mean `upstreams`?'],
  },
  {
    what: 'a number out of range',
    text: 'server:\n  port: 70000\n',
    faults: ['rookery.yaml:2:9: server.port: expected a whole number from 0 to 65535, found 70000.'],
  },
  {
    what: 'a section without its contents',
    text: 'server:\n',
    faults: ['rookery.yaml:1:1: server: expected a map of settings, found nothing.'],
  },
  {
    what: 'an unknown kind of engine',
    text: 'upstreams:\n  a:\n    kind: vlm\n',
    faults: [
      'rookery.yaml:3:11: upstreams.a.kind: expected one of openai, vllm, ollama, llama-server, anthropic, embedded, found another text. Did you mean `vllm`?',
    ],
  },
  {
    what: 'a kind that is missing',
    text: 'upstreams:\n  a: {url: http://b}\n',
    faults: [
      'rookery.yaml:2:3: upstreams.a: the key `kind` is missing: expected one of openai, vllm, ollama, llama-server, anthropic, embedded.',
    ],
  },
  {
    what: 'a secret in the file',
    text: 'upstreams:\n  a: {kind: vllm, key: sk-live-0123456789}\n',
    faults: [
      'rookery.yaml:2:24: upstreams.a.key: expected where the secret is, as env:NAME or file:path; a secret itself may not stand in this file, found another text.',
    ],
  },
  {
    what: 'a secret that is not set',
    text: 'upstreams:\n  a: {kind: vllm, key: env:VLLM_KYE}\n',
    faults: [
      'rookery.yaml:2:24: upstreams.a.key: the environment variable VLLM_KYE is not set, or is empty. `VLLM_KEY` is set: did you mean that?',
    ],
  },
  {
    what: 'a secret file that is not there',
    text: 'hub: {token: file:none}\n',
    faults: ['rookery.yaml:1:14: hub.token: the file none cannot be read (ENOENT).'],
  },
  {
    what: 'an address for others without a key',
    text: 'server: {host: 0.0.0.0}\n',
    faults: ['rookery.yaml:1:16: server.host: others can reach this address, so callers need a key. Add `key: env:NAME` beside it.'],
  },
  {
    what: 'a key that is an example',
    text: 'server: {key: env:WEAK}\n',
    faults: ['rookery.yaml:1:15: server.key: the key in env:WEAK is an example, not a secret. Make one with: openssl rand -hex 32'],
  },
  {
    what: 'names that mean nothing, all at once',
    text: `upstreams:
  gpu-1: {kind: vllm, models: [m]}
models:
  m:
    targets: [gpu-2, {upstream: gpu-1, model: n}]
    fallbacks: [m, mm]
    facts: {dialect: herms, like: nobody, chat_template: llama-3}
  k: {targets: [gpu-1], aliases: [m]}
`,
    faults: [
      'rookery.yaml:5:15: models.m.targets[0]: there is no upstream `gpu-2`. Did you mean `gpu-1`?',
      'rookery.yaml:5:47: models.m.targets[1].model: there is no model in the list of the upstream gpu-1: `n`. Did you mean `m`?',
      'rookery.yaml:6:17: models.m.fallbacks[0]: a model cannot fall back to itself.',
      'rookery.yaml:6:20: models.m.fallbacks[1]: there is no model `mm`. Did you mean `m`?',
      'rookery.yaml:7:22: models.m.facts.dialect: there is no dialect `herms`. Did you mean `hermes`?',
      'rookery.yaml:7:35: models.m.facts.like: no family of models fits this name. Name one that is known, such as Qwen/Qwen2.5-7B-Instruct.',
      'rookery.yaml:7:58: models.m.facts.chat_template: there is no chat template of ours `llama-3`. Did you mean `llama-3-1`?',
      'rookery.yaml:8:17: models.k.targets[0]: there is no model in the list of the upstream gpu-1: `k`. Did you mean `m`?',
      'rookery.yaml:8:35: models.k.aliases[0]: the name `m` is taken by the model m.',
    ],
  },
  {
    what: 'a fault does not hide what is wrong elsewhere, nor make what points at it wrong',
    text: 'server: {prt: 1}\nupstreams:\n  a: {kind: vllm, slots: many}\nmodels:\n  m: {targets: [a, b]}\n',
    faults: [
      'rookery.yaml:1:10: server.prt: this key is not known. Did you mean `port`?',
      'rookery.yaml:3:26: upstreams.a.slots: expected a whole number from 1 to 65536, found another text.',
      'rookery.yaml:5:20: models.m.targets[1]: there is no upstream `b`. Did you mean `a`?',
    ],
  },
  {
    what: 'a target that is half a map',
    text: 'upstreams: {a: {kind: vllm}}\nmodels:\n  m:\n    targets:\n      - {upstraem: a, model: x}\n',
    faults: [
      'rookery.yaml:5:9: models.m.targets[0]: the key `upstream` is missing: expected a name of at most 200 characters.',
      'rookery.yaml:5:10: models.m.targets[0].upstraem: this key is not known. Did you mean `upstream`?',
    ],
  },
  {
    what: 'a default that belongs to the caller',
    text: 'upstreams: {a: {kind: vllm}}\nmodels:\n  m: {targets: [a], defaults: {api_base: http://x, seed: .inf}}\n',
    faults: [
      'rookery.yaml:3:32: models.m.defaults.api_base: this field cannot have a default.',
      'rookery.yaml:3:58: models.m.defaults.seed: a body cannot hold this number. Expected a finite one.',
    ],
  },
  {
    what: 'the same key twice, and what else is wrong',
    text: 'server:\n  port: 1\n  port: 2\nrouting: {retries: -1}\n',
    faults: [
      'rookery.yaml:3:3: this key is in the same map twice. Remove one of them.',
      'rookery.yaml:4:20: routing.retries: expected a whole number from 0 to 100, found -1.',
    ],
  },
  {
    what: 'a tab',
    text: 'server:\n\tport: 1\n',
    faults: ['rookery.yaml:2:1: there is a tab in the indentation. Expected spaces.'],
  },
  {
    what: 'a quote that is not closed, told where it was opened',
    text: 'server:\n  host: "127.0.0.1\n  port: 4\nhub: {}\n',
    faults: [
      'rookery.yaml:2:9: something that was opened is not closed, or a `:` is missing. Expected a closing quote or bracket, or `key: value`.',
    ],
  },
  { what: 'a list', text: '- a\n', faults: ['rookery.yaml:1:1: expected a map of settings (`key: value` lines).'] },
  {
    what: 'an alias without an anchor',
    text: 'server: *x\n',
    faults: ['rookery.yaml:1:9: server: there is no anchor of this name above it; anchors are written `&name`.'],
  },
  {
    what: 'a key that would be a prototype',
    text: 'models:\n  __proto__: {targets: [a]}\n',
    faults: ['rookery.yaml:2:3: models: this cannot be a key. Expected a plain text.'],
  },
];

for (const { what, text, faults } of broken) {
  test(`refused with its place: ${what}`, async () => {
    assert.deepEqual(await readFaults(text, { VLLM_KEY: 'x', WEAK: 'sk-1234567890123456' }), faults);
  });
}

test('aliases that grow without end are refused, and soon', async () => {
  const lines = Array.from(
    { length: 9 },
    (_, index) => `a${index + 1}: &a${index + 1} [${Array.from({ length: 9 }, () => `*a${index}`).join(', ')}]`,
  );
  assert.match((await readFaults(`a0: &a0 [x]\n${lines.join('\n')}\n`)).join('\n'), /holds more than 100000 values/);
  assert.match((await readFaults('a: &a [*a]\n')).join('\n'), /nested deeper than 64 levels, or holds itself/);
});

test('anchors and merge keys are understood', async () => {
  const { upstreams } = await readGood(
    'upstreams:\n  a: &engine {kind: vllm, slots: 8, url: http://a}\n  b: {<<: *engine, url: http://b}\n  c: *engine\n',
  );
  assert.deepEqual(
    upstreams.map((each) => ('baseUrl' in each ? [each.baseUrl, each.slots] : [])),
    [
      ['http://a', 8],
      ['http://b', 8],
      ['http://a', 8],
    ],
  );
});

test('a file with byte order mark, Windows lines or no end of line is read', async () => {
  const { server } = await readGood('\uFEFFserver:\r\n  port: 5\r\nhub: {}');
  assert.equal(server.port, 5);
});

test('included files are read first; this one wins, lists are joined, and places stay theirs', async () => {
  const parts = {
    'rookery.yaml': 'include: [parts/engines.yaml, parts/more.yaml]\nserver: {port: 2, hosts: [b]}\nmodels:\n  m: {targets: [a, c]}\n',
    'parts/engines.yaml':
      'server: {port: 1, grace: 1s, hosts: [a]}\nupstreams:\n  a: {kind: vllm}\n  b: {kind: vllm, url: http://b}\nhub: {token: file:../token}\n',
    'parts/more.yaml': 'upstreams:\n  c: {kind: ollama}\nrouting: {serve_unlisted: true}\n',
    token: 'hub-secret',
  };
  const reading = await readTexts(parts);
  assert.ok(reading.isUsable);
  const { server, upstreams, hub } = reading.configuration;
  assert.deepEqual([server.port, server.graceMs, server.hosts, upstreams.map(({ name }) => name)], [2, 1000, ['a', 'b'], ['a', 'b', 'c']]);
  assert.equal(hub.token?.reveal(), 'hub-secret');
  assert.deepEqual(reading.files, ['/c/rookery.yaml', '/c/parts/engines.yaml', '/c/parts/more.yaml', '/c/token']);
  assert.deepEqual(await readFaults({ ...parts, 'parts/more.yaml': 'upstreams:\n  a: {kind: ollama}\n  c: {kind: olama}\n' }), [
    'parts/more.yaml:2:3: upstreams.a: it is in parts/engines.yaml:3 already. Give it another name, or remove one of the two.',
    'parts/more.yaml:3:13: upstreams.c.kind: expected one of openai, vllm, ollama, llama-server, anthropic, embedded, found another text. Did you mean `ollama`?',
  ]);
});

test('includes that go in a circle, or to nowhere, are refused where they stand', async () => {
  assert.deepEqual(await readFaults({ 'a.yaml': 'include: b.yaml\n', 'b.yaml': 'include: [./none.yaml, a.yaml]\n' }), [
    'b.yaml:1:11: the file none.yaml cannot be read (ENOENT).',
    'b.yaml:1:24: include: the file includes itself, perhaps by way of another. Remove one of the two lines.',
  ]);
});

test('a file that is not there is said as such', async () => {
  assert.deepEqual(await readFaults({}), ['rookery.yaml:1:1: the file rookery.yaml cannot be read (ENOENT).']);
});

test('dialects of the operator are read, a later file extends an earlier one, and models may name them', async () => {
  const main =
    'dialects: [formats/own.yaml, formats/more.yaml]\nupstreams: {a: {kind: vllm}}\nmodels:\n  m: {targets: [a], facts: {dialect: acme-two}}\n';
  const texts = {
    'rookery.yaml': main,
    'formats/own.yaml': 'dialects:\n  acme:\n    extends: gorilla-2\n    models: ["acme-*"]\n',
    'formats/more.yaml': 'acme-two: {extends: acme}\n',
  };
  const { dialects } = await readGood(texts);
  assert.deepEqual(dialects?.files, ['/c/formats/own.yaml', '/c/formats/more.yaml']);
  assert.deepEqual(dialects.formats.models, [{ pattern: 'acme-*', dialect: 'acme' }]);
  assert.ok('acme-two' in dialects.formats.dialects && 'hermes' in dialects.formats.dialects);
  assert.deepEqual(await readFaults({ ...texts, 'formats/own.yaml': 'dialects:\n  acme:\n    extends: gorilla-2\n    layuot: {}\n' }), [
    'formats/own.yaml:4:13: dialects.acme.layuot: this key is not known. Did you mean `layout`?',
  ]);
});

test('an upstream that nothing uses is a warning', async () => {
  assert.deepEqual(await readWarnings('upstreams: {a: {kind: vllm}, b: {kind: vllm}}\nmodels: {m: {targets: [a]}}\n'), [
    'rookery.yaml:1:30: upstreams.b: no model has a target on it, so it is never used.',
  ]);
});

test('a GPU that is shared with none is a warning', async () => {
  const shared = (other: string) => `upstreams: {a: {kind: vllm, shares_gpu: gpu-0}, b: {kind: vllm, shares_gpu: ${other}}}`;
  assert.deepEqual(await readWarnings(shared('gpu-0')), []);
  assert.deepEqual(await readWarnings(shared('gpu-O')), [
    'rookery.yaml:1:29: upstreams.a.shares_gpu: no other upstream names the GPU `gpu-0`, so it is shared with none.',
    'rookery.yaml:1:65: upstreams.b.shares_gpu: no other upstream names the GPU `gpu-O`, so it is shared with none.',
  ]);
  assert.match(String(await readFaults('upstreams: {a: {kind: ollama, shares_gpu: gpu-0}}')), /shares_gpu: this key is not known/);
});
