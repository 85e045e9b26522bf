import type { FakeEngineOptions } from 'rookery/testing';
import type { Scene } from '../scene.ts';
import { asks, citySchema, lists, weatherCall, weatherTool } from './ask.ts';
import {
  asksNumbers,
  constrainsVllm,
  listsInput,
  makesVectors,
  rendersForVllm,
  saysLimit,
  saysSampling,
  saysTemperature,
  wrongKeys,
} from './differences.ts';

const masterKey = 'sk-9f8e7d6c5b4a39281706';
const callsTools: FakeEngineOptions['replies'] = ({ body }) => (body?.tools === undefined ? {} : weatherCall);
const vllm = (model: string, more: FakeEngineOptions = {}): FakeEngineOptions => ({ face: 'vllm', models: [model], ...more });
const hermes = 'NousResearch/Hermes-3-Llama-3.1-8B';
const mistral = 'mistralai/Mistral-7B-Instruct-v0.3';
const jina = 'jinaai/jina-embeddings-v2-base-en';

/** The file of the fleet that this project began with: vLLM behind `openai/`, one row with a temperature of its own. */
const original: Scene = {
  name: 'source-fleet',
  what: 'the fleet this project began with: vLLM behind `openai/`, a master key',
  engines: {
    'vllm-hermes:8000': vllm(hermes, { replies: callsTools }),
    'vllm-mistral:8000': vllm(mistral),
    'embeddings:80': { models: [jina] },
  },
  files: {
    'config.yaml': `
model_list:
  - model_name: ${hermes}
    litellm_params:
      model: openai/${hermes}
      api_base: http://vllm-hermes:8000/v1
      api_key: none
  - model_name: ${mistral}
    litellm_params:
      model: openai/${mistral}
      api_base: http://vllm-mistral:8000/v1
      api_key: none
      temperature: 0
  - model_name: ${jina}
    litellm_params:
      model: openai/${jina}
      api_base: http://embeddings:80/v1
      api_key: none
    model_info: {mode: embedding}
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
`,
  },
  environment: { LITELLM_MASTER_KEY: masterKey },
  key: masterKey,
  steps: [
    lists,
    asks('a chat', hermes),
    asks('a chat with a tool', hermes, { tools: [weatherTool], tool_choice: 'auto' }),
    asks('a stream with a tool', hermes, { tools: [weatherTool], tool_choice: 'auto', stream: true }),
    asks('a conversation with a result', hermes, {
      messages: [
        { role: 'user', content: 'Weather in Rome?' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{"city": "Rome"}' } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '{"sky": "clear"}' },
      ],
    }),
    asks('the temperature of the row', mistral),
    asks('the temperature of the client', mistral, { temperature: 0.7, top_p: 0.9 }),
    { name: 'an embedding', path: '/v1/embeddings', body: { model: jina, input: 'a rook' } },
    asks('a chat at an address without /v1', hermes, {}, { path: '/chat/completions' }),
    { name: 'an embedding at an address without /v1', path: '/embeddings', body: { model: jina, input: 'a rook' } },
    asks('no key', hermes, {}, { key: null }),
    asks('a wrong key', hermes, {}, { key: 'sk-wrong' }),
    asks('an unknown model', 'nobody/none'),
  ],
  differences: [
    saysTemperature([
      'a chat',
      'a chat at an address without /v1',
      'a conversation with a result',
      'a chat with a tool',
      'a stream with a tool',
    ]),
    {
      steps: ['a chat with a tool', 'a stream with a tool'],
      at: ['sent.*.body.tool_choice'],
      ...{ litellm: 'auto', ours: undefined },
      why: '`tool_choice: "auto"` is what engines do anyway, so it is not said',
    },
    {
      steps: ['a conversation with a result'],
      at: ['sent.*.body.messages.1.content'],
      ...{ litellm: undefined, ours: null },
      why: 'a turn of calls alone has `content: null`, as OpenAI writes it; LiteLLM leaves the field out',
    },
    ...makesVectors(['an embedding', 'an embedding at an address without /v1']),
    listsInput(['an embedding', 'an embedding at an address without /v1']),
    asksNumbers(['an embedding', 'an embedding at an address without /v1']),
    { steps: ['a wrong key'], at: ['got.status'], litellm: 400, ours: 401, why: wrongKeys },
    {
      steps: ['an unknown model'],
      at: ['got.status'],
      ...{ litellm: 400, ours: 404 },
      why: 'a model that nobody serves is 404 `model_not_found`, as at OpenAI; LiteLLM says 400',
    },
  ],
};

const gpt = 'openai/gpt-oss-20b';
const qwen = 'Qwen/Qwen3-30B-A3B-Instruct-2507';

/** Its successor: `hosted_vllm/`, no key at all, an embedding model. */
const successor: Scene = {
  name: 'successor-fleet',
  what: 'its successor: `hosted_vllm/`, no key, parameters dropped, an embedding model',
  engines: {
    'localhost:8001': vllm(gpt),
    'localhost:8005': vllm(qwen, { replies: callsTools }),
    'localhost:8009': vllm('Qwen/Qwen3-Embedding-0.6B'),
  },
  files: {
    'config.yaml': `
model_list:
  - model_name: gpt-oss-20b
    litellm_params:
      model: hosted_vllm/${gpt}
      api_base: http://localhost:8001/v1
  - model_name: ${qwen}
    litellm_params:
      model: hosted_vllm/${qwen}
      api_base: http://localhost:8005/v1
  - model_name: qwen3-embedding
    litellm_params:
      model: hosted_vllm/Qwen/Qwen3-Embedding-0.6B
      api_base: http://localhost:8009/v1
    model_info: {mode: embedding, max_input_tokens: 32768}
litellm_settings:
  drop_params: true
`,
  },
  steps: [
    lists,
    asks('a chat', 'gpt-oss-20b', { max_tokens: 64, temperature: 0.2 }),
    asks('a stream', 'gpt-oss-20b', { stream: true, stream_options: { include_usage: true } }),
    asks('a chat with a tool', qwen, { tools: [weatherTool], tool_choice: 'auto' }),
    asks(
      'a schema',
      qwen,
      { response_format: { type: 'json_schema', json_schema: { name: 'city', schema: citySchema, strict: true } } },
      {
        replies: { 'localhost:8005': { pieces: ['{"city": ', '"Rome"}'] } },
      },
    ),
    { name: 'an embedding', path: '/v1/embeddings', body: { model: 'qwen3-embedding', input: ['a rook', 'a nest'] } },
    asks('a key nobody asked for', 'gpt-oss-20b', {}, { key: 'sk-anything' }),
  ],
  differences: [
    saysSampling(['a chat', 'a stream', 'a chat with a tool', 'a schema', 'a key nobody asked for']),
    {
      steps: ['a stream'],
      at: ['sent.*.body.stream_options.continuous_usage_stats'],
      ...{ litellm: undefined, ours: true },
      why: 'streams of vLLM are asked for their usage while they go on, so that one that breaks is counted too',
    },
    ...rendersForVllm(['a chat', 'a stream', 'a schema', 'a key nobody asked for']),
    saysLimit(['a stream', 'a schema', 'a key nobody asked for']),
    saysTemperature(['a stream', 'a chat with a tool', 'a schema', 'a key nobody asked for']),
    ...constrainsVllm(['a schema'], ['response_format']),
    ...makesVectors(['an embedding']),
    asksNumbers(['an embedding']),
  ],
};

/** The source fleet's two files. */
export const fleetScenes: readonly Scene[] = [original, successor];
