import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Configuration } from '../configuration.ts';
import { writeConfiguration } from '../print/write-configuration.ts';
import { plain, readFaults, readGood, readWarnings } from '../read.test.support.ts';
import { liteLlmCases } from './cases/all.test.support.ts';

for (const { what, texts: written, environment, becomes, missing, warnings } of liteLlmCases) {
  test(`a file of LiteLLM is read unchanged: ${what}`, async () => {
    const texts = Object.fromEntries(Object.entries(written).map(([name, text]) => [name, text.slice(1)]));
    const configuration = await readGood(texts, environment);
    const { text, missingVariables } = writeConfiguration(configuration);
    assert.equal(`\n${text}`, becomes);
    assert.deepEqual(missingVariables, missing);
    assert.deepEqual(await readWarnings(texts, environment), warnings);
    const literal = Object.fromEntries(missing.map((name) => [name, 'k-5f0e9d8c7b6a54321']));
    const again = await readGood(text, { ...environment, ...literal });
    assert.deepEqual(withoutLiterals(again), withoutLiterals(configuration), 'what is printed says the same');
  });
}

/** Secrets of the file itself have another place, and perhaps another value, when it was printed. */
function withoutLiterals({ form: _, ...configuration }: Configuration): unknown {
  return JSON.parse(JSON.stringify(configuration, (key, value: unknown) => (key === 'reference' ? 'somewhere' : value)));
}

const row = (params: string, rest = '') => `model_list:\n  - model_name: m\n    litellm_params: {${params}}\n${rest}`;

const refused: readonly { readonly what: string; readonly text: string; readonly faults: readonly string[] }[] = [
  {
    what: 'a variable that is not set',
    text: row('model: openai/m, api_base: "http://x", api_key: os.environ/NOT_THERE'),
    faults: ['rookery.yaml:3:70: model_list[0].litellm_params.api_key: the environment variable NOT_THERE is not set, or is empty.'],
  },
  {
    what: 'a provider that is not spoken',
    text: row('model: azure/dep, api_base: "http://x"'),
    faults: [
      'rookery.yaml:3:29: model_list[0].litellm_params.model: the provider azure is not spoken here. Azure also answers as OpenAI does: use `openai/<deployment>` with `api_base: https://<resource>.openai.azure.com/openai/v1`.',
    ],
  },
  {
    what: 'a name without a provider',
    text: row('model: something'),
    faults: [
      'rookery.yaml:3:29: model_list[0].litellm_params.model: no provider is known for it. Expected one of openai/, text-completion-openai/, custom_openai/, openai_like/, hosted_vllm/, vllm/, ollama/, ollama_chat/, anthropic/, gemini/, openrouter/, groq/, mistral/, deepseek/, together_ai/, fireworks_ai/, lm_studio/, llamafile/, litellm_proxy/ before the name, or an `api_base` of an OpenAI-compatible server.',
    ],
  },
  {
    what: 'a server whose address nobody says',
    text: row('model: hosted_vllm/m'),
    faults: ['rookery.yaml:3:29: model_list[0].litellm_params.model: nobody knows where it is. Add `api_base: http://…` beside it.'],
  },
  {
    what: 'a cloud without its key',
    text: row('model: groq/m'),
    faults: [
      'rookery.yaml:3:29: model_list[0].litellm_params.model: this provider needs a key. Set GROQ_API_KEY, or add `api_key: os.environ/NAME`.',
    ],
  },
  {
    what: 'rows without their parts',
    text: 'model_list:\n  - litellm_params: {model: ollama/m}\n  - model_name: m\n  - model_name: n\n    litellm_params: {api_base: "http://x"}\n  - text\n',
    faults: [
      'rookery.yaml:2:5: model_list[0]: the key `model_name` is missing: expected the name that callers ask for.',
      'rookery.yaml:3:5: model_list[1]: the key `litellm_params` is missing: expected a map with `model`.',
      'rookery.yaml:5:21: model_list[2].litellm_params.model: the key `model` is missing: expected `provider/name`.',
      'rookery.yaml:6:5: model_list[3]: expected a map, found another text.',
    ],
  },
  {
    what: 'the master key of the examples',
    text: row('model: ollama/m', 'general_settings: {master_key: sk-1234}\n'),
    faults: ['rookery.yaml:4:32: general_settings.master_key: the key has fewer than 16 characters. Make one with: openssl rand -hex 32'],
  },
  {
    what: 'wrong types, all of them',
    text: row(
      'model: ollama/m, rpm: often, timeout: -1, tags: [{}], drop_params: 3, order: 1.5',
      'router_settings: {num_retries: [], model_group_alias: {x: nobody}}\nlitellm_settings: [a]\n',
    ),
    faults: [
      'rookery.yaml:3:44: model_list[0].litellm_params.rpm: expected a number of at least 0, found another text.',
      'rookery.yaml:3:60: model_list[0].litellm_params.timeout: expected a number from 0 to 10000000, found -1.',
      'rookery.yaml:3:70: model_list[0].litellm_params.tags: expected a list of texts, found a list.',
      'rookery.yaml:3:89: model_list[0].litellm_params.drop_params: expected true or false, found 3.',
      'rookery.yaml:3:99: model_list[0].litellm_params.order: expected a whole number.',
      'rookery.yaml:4:32: router_settings.num_retries: expected a number of at least 0, found a list.',
      'rookery.yaml:4:59: router_settings.model_group_alias.x: there is no model `nobody` in `model_list`.',
      'rookery.yaml:5:19: litellm_settings: expected a map, found a list.',
    ],
  },
  {
    what: 'more stars than callers write',
    text: row('model: "ollama/*"'),
    faults: ['rookery.yaml:3:29: model_list[0].litellm_params.model: it has more `*` than `model_name`, which say what they stand for.'],
  },
  {
    what: 'a credential that is not there',
    text: row('model: ollama/m, litellm_credential_name: c'),
    faults: [
      'rookery.yaml:3:64: model_list[0].litellm_params.litellm_credential_name: there is no credential of this name in `credential_list`.',
    ],
  },
];

for (const { what, text, faults } of refused) {
  test(`a file of LiteLLM is refused for ${what}`, async () => {
    assert.deepEqual(await readFaults(text), faults);
  });
}

test('a variable that only ignored sections name need not be set', async () => {
  const text = row('model: ollama/m', 'general_settings: {database_url: os.environ/DATABASE_URL}\n');
  assert.deepEqual(await readFaults(text), []);
});

test('a key of the environment goes to its provider alone', async () => {
  const keys = { OPENAI_API_KEY: 'sk-openai-0123456789' };
  const [own, other] = await Promise.all(['', ', api_base: "http://evil"'].map((rest) => readGood(row(`model: openai/m${rest}`), keys)));
  assert.match(JSON.stringify(plain(own?.upstreams)), /sk-openai/);
  assert.doesNotMatch(JSON.stringify(plain(other?.upstreams)), /sk-openai/);
});

test('LITELLM_MASTER_KEY is the key where the file names none', async () => {
  const { server } = await readGood(row('model: ollama/m'), { LITELLM_MASTER_KEY: 'sk-9f8e7d6c5b4a39281706' });
  assert.equal(server.key?.reveal(), 'sk-9f8e7d6c5b4a39281706');
});

test('rpm and tpm beside `litellm_params` are limits, and never weights', async () => {
  const rows = `${row('model: ollama/m')}    rpm: 30\n    tpm: 1000\n`;
  const [shuffled, limited] = await Promise.all(
    [rows, `${rows}router_settings: {routing_strategy: usage-based-routing}\n`].map((text) => readGood(text)),
  );
  assert.deepEqual([shuffled?.models[0]?.targets[0]?.limits, shuffled?.models[0]?.targets[0]?.weight], [{}, 1]);
  assert.deepEqual(limited?.models[0]?.targets[0]?.limits, { requestsPerMinute: 30, tokensPerMinute: 1000 });
});

test('words that stand for no key are no key', async () => {
  for (const word of ['none', 'EMPTY', 'no_key_required', 'not-needed', '""']) {
    const { upstreams } = await readGood(row(`model: hosted_vllm/m, api_base: "http://a", api_key: ${word}`));
    assert.ok(upstreams[0] && !('apiKey' in upstreams[0]), word);
  }
});
