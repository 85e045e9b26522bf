import type { FakeEngineOptions, FakeReply } from 'rookery/testing';
import type { Scene } from '../scene.ts';
import { asks, lists } from './ask.ts';
import { rendersForVllm, saysLimit, saysSampling, saysTemperature } from './differences.ts';

const says = (text: string): FakeEngineOptions => ({ models: ['m'], replies: { pieces: [text] } });
const fails = (status: number): FakeReply => ({ fault: { kind: 'status', status } });

/** Several rows of one name, weighed. */
const balanced: Scene = {
  name: 'balanced-group',
  what: 'several rows of one name: weighed by `weight`, by `rpm`, alike, and one that gets nothing',
  engines: { 'gpu-1:8000': says('one'), 'gpu-2:8000': says('two'), 'gpu-3:8000': says('three') },
  files: {
    'config.yaml': `
model_list:
  - {model_name: weighed, litellm_params: {model: openai/m, api_base: "http://gpu-1:8000/v1", api_key: x, weight: 3}}
  - {model_name: weighed, litellm_params: {model: openai/m, api_base: "http://gpu-2:8000/v1", api_key: x, weight: 1}}
  - {model_name: by-rpm, litellm_params: {model: openai/m, api_base: "http://gpu-1:8000/v1", api_key: x, rpm: 900}}
  - {model_name: by-rpm, litellm_params: {model: openai/m, api_base: "http://gpu-2:8000/v1", api_key: x, rpm: 100}}
  - {model_name: alike, litellm_params: {model: openai/m, api_base: "http://gpu-1:8000/v1", api_key: x}}
  - {model_name: alike, litellm_params: {model: openai/m, api_base: "http://gpu-2:8000/v1", api_key: x}}
  - {model_name: alike, litellm_params: {model: openai/m, api_base: "http://gpu-3:8000/v1", api_key: x}}
  - {model_name: one-weight, litellm_params: {model: openai/m, api_base: "http://gpu-1:8000/v1", api_key: x, weight: 2}}
  - {model_name: one-weight, litellm_params: {model: openai/m, api_base: "http://gpu-2:8000/v1", api_key: x}}
router_settings:
  routing_strategy: simple-shuffle
`,
  },
  steps: [
    asks('three to one', 'weighed', {}, { times: 120, shares: { 'gpu-1:8000': [0.58, 0.92], 'gpu-2:8000': [0.08, 0.42] } }),
    asks('nine to one', 'by-rpm', {}, { times: 120, shares: { 'gpu-1:8000': [0.77, 1], 'gpu-2:8000': [0.002, 0.23] } }),
    asks(
      'all alike',
      'alike',
      {},
      {
        times: 120,
        shares: { 'gpu-1:8000': [0.14, 0.53], 'gpu-2:8000': [0.14, 0.53], 'gpu-3:8000': [0.14, 0.53] },
      },
    ),
    asks('only the one with a weight', 'one-weight', {}, { times: 20 }),
    lists,
  ],
  differences: [],
};

/** Rows of a lower order first. */
const ordered: Scene = {
  name: 'ordered-group',
  what: '`order`: the next row is used when the first one fails',
  engines: { 'near:8000': says('near'), 'far:8000': says('far') },
  files: {
    'config.yaml': `
model_list:
  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://near:8000/v1", api_key: x, order: 1}}
  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://far:8000/v1", api_key: x, order: 2}}
router_settings:
  enable_pre_call_checks: true
  num_retries: 2
  retry_after: 0
`,
  },
  steps: [
    asks('the first one works', 'm', {}, { times: 10 }),
    asks('the first one is down', 'm', {}, { refuses: ['near:8000'], times: 3 }),
    asks('the first one is ill', 'm', {}, { replies: { 'near:8000': fails(500) }, times: 3 }),
  ],
  differences: [
    {
      steps: ['the first one is ill'],
      at: ['got.counts.near:8000'],
      ...{ litellm: 9, ours: 1 },
      why: 'a row that failed is left for the next order at once, and rests; LiteLLM asks it as often as `num_retries` says, each time anew',
    },
  ],
};

/** Names with stars. */
const wildcards: Scene = {
  name: 'wildcards',
  what: 'wildcards: `openai/*`, one with a prefix of its own, and `*` for the rest',
  engines: {
    'cloud:80': says('cloud'),
    'own:8000': { face: 'vllm', models: ['Qwen/Qwen2.5-7B-Instruct', 'exact-name'], replies: { pieces: ['own'] } },
    'rest:80': says('rest'),
  },
  files: {
    'config.yaml': `
model_list:
  - model_name: "openai/*"
    litellm_params: {model: "openai/*", api_base: "http://cloud:80/v1", api_key: os.environ/OPENAI_API_KEY}
  - model_name: "team/*"
    litellm_params: {model: "hosted_vllm/*", api_base: "http://own:8000/v1"}
  - model_name: exact
    litellm_params: {model: openai/exact-name, api_base: "http://own:8000/v1", api_key: x}
  - model_name: "*"
    litellm_params: {model: "openai/*", api_base: "http://rest:80/v1", api_key: x}
`,
  },
  environment: { OPENAI_API_KEY: 'sk-cloud-0123456789' },
  steps: [
    asks('a name of the provider', 'openai/gpt-4o'),
    asks('a name of the team', 'team/Qwen/Qwen2.5-7B-Instruct'),
    asks('an exact name', 'exact'),
    asks('any other name', 'something-else'),
    asks('a name with a slash that is nobody`s prefix', 'acme/model'),
    lists,
  ],
  differences: [
    saysSampling(['a name of the team']),
    ...rendersForVllm(['a name of the team']),
    saysLimit(['a name of the team']),
    saysTemperature(['a name of the team']),
    {
      steps: ['the list of models'],
      at: ['got.body.data'],
      why: 'behind a wildcard are listed the models that its engines list; LiteLLM lists what its price list has of that provider',
    },
  ],
};

/** Other names of models. */
const aliases: Scene = {
  name: 'aliases',
  what: '`model_group_alias`, a hidden one, and a row asked for by its `model_info.id`',
  engines: { 'gpu-1:8000': says('one'), 'gpu-2:8000': says('two') },
  files: {
    'config.yaml': `
model_list:
  - model_name: llama
    litellm_params: {model: openai/llama-3, api_base: "http://gpu-1:8000/v1", api_key: x}
    model_info: {id: first-row}
  - model_name: llama
    litellm_params: {model: openai/llama-3, api_base: "http://gpu-2:8000/v1", api_key: x}
    model_info: {id: second-row}
  - model_name: qwen
    litellm_params: {model: openai/qwen-2, api_base: "http://gpu-2:8000/v1", api_key: x}
router_settings:
  model_group_alias:
    gpt-4: qwen
    secret-name: {model: qwen, hidden: true}
`,
  },
  steps: [
    asks('an alias', 'gpt-4'),
    asks('a hidden alias', 'secret-name'),
    asks('a row by its id', 'first-row', {}, { times: 6 }),
    asks('another row by its id', 'second-row', {}, { times: 6 }),
    lists,
    { name: 'the list at its other address', method: 'GET', path: '/models' },
    { name: 'one model', method: 'GET', path: '/v1/models/qwen' },
  ],
  differences: [],
};

/** Tags choose rows. */
const tags: Scene = {
  name: 'tags',
  what: '`enable_tag_filtering`: tags of a request choose rows, a row of `default` serves the rest',
  engines: { 'free:8000': says('free'), 'paid:8000': says('paid'), 'other:8000': says('other') },
  files: {
    'config.yaml': `
model_list:
  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://free:8000/v1", api_key: x, tags: [free]}}
  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://paid:8000/v1", api_key: x, tags: [paid, fast]}}
  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://other:8000/v1", api_key: x, tags: [default]}}
router_settings:
  enable_tag_filtering: true
`,
  },
  steps: [
    asks('a tag in the metadata', 'm', { metadata: { tags: ['free'] } }, { times: 8 }),
    asks('a tag at the top', 'm', { tags: ['paid'] }, { times: 8 }),
    asks('a tag in a header', 'm', {}, { headers: { 'x-litellm-tags': 'paid' }, times: 8 }),
    asks('one of two tags', 'm', { metadata: { tags: ['fast', 'nobody-has'] } }, { times: 8 }),
    asks('no tag', 'm', {}, { times: 8 }),
    asks('a tag of nobody', 'm', { metadata: { tags: ['nobody-has'] } }),
    asks('what an engine sees of it', 'm', { metadata: { tags: ['free'], trace: 'abc' } }),
  ],
  differences: [],
};

/** How one of several rows is chosen. */
export const routingScenes: readonly Scene[] = [balanced, ordered, wildcards, aliases, tags];
