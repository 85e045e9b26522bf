import type { FakeEngineOptions } from 'rookery/testing';
import type { Scene } from '../scene.ts';
import { asks, citySchema, lists, weatherTool } from './ask.ts';
import { asksOllama, constrainsVllm, rendersForVllm, saysLimit, saysSampling, saysTemperature } from './differences.ts';

const plain: FakeEngineOptions = { models: ['m'] };

/** Fields that rows bring. */
const defaults: Scene = {
  name: 'default-fields',
  what: 'body fields of a row, `extra_body`, headers, organization: the client wins',
  engines: { 'gpu:8000': plain },
  files: {
    'config.yaml': `
model_list:
  - model_name: tuned
    litellm_params:
      model: openai/m
      api_base: http://gpu:8000/v1
      api_key: sk-gpu-0123456789
      temperature: 0.2
      max_tokens: 256
      seed: 42
      stop: ["</s>"]
      extra_headers: {X-Team: rook}
      organization: org-rook
  - model_name: thinking
    litellm_params:
      model: openai/m
      api_base: http://gpu:8000/v1
      api_key: x
      extra_body: {chat_template_kwargs: {enable_thinking: false}, top_k: 20}
  - model_name: unknown-field
    litellm_params:
      model: openai/m
      api_base: http://gpu:8000/v1
      api_key: x
      repetition_penalty: 1.1
router_settings:
  default_litellm_params: {top_p: 0.5}
`,
  },
  steps: [
    asks('fields of the row', 'tuned'),
    asks('the client wins', 'tuned', { temperature: 0.9, max_tokens: 5, stop: ['END'], seed: 1 }),
    asks('the extra body of the row', 'thinking'),
    asks('the extra body of both', 'thinking', { top_k: 5, min_p: 0.1 }),
    asks('the client has no extra body of its own', 'thinking', { extra_body: { chat_template_kwargs: { enable_thinking: true } } }),
    asks('a field that LiteLLM does not know', 'unknown-field'),
  ],
  differences: [
    {
      steps: ['the client has no extra body of its own'],
      at: ['sent.*.body.top_k'],
      why: "a client's `extra_body` is merged into its request, and the row's other fields stay; LiteLLM puts it in place of all of the row's",
    },
  ],
};

/** Fields that never reach an engine. */
const drops: Scene = {
  name: 'dropped-fields',
  what: '`drop_params` and `additional_drop_params`, also inside of tools',
  engines: { 'gpu:8000': { models: ['m'] }, 'ollama:11434': { face: 'ollama', models: ['m'] } },
  files: {
    'config.yaml': `
model_list:
  - model_name: strict-tools
    litellm_params:
      model: openai/m
      api_base: http://gpu:8000/v1
      api_key: x
      additional_drop_params: [user, seed, "tools[*].function.strict"]
  - model_name: dropping
    litellm_params: {model: ollama_chat/m, api_base: "http://ollama:11434", drop_params: true}
  - model_name: refusing
    litellm_params: {model: ollama_chat/m, api_base: "http://ollama:11434"}
`,
  },
  steps: [
    asks('fields of the list are left out', 'strict-tools', { user: 'u-1', seed: 7, temperature: 0.3 }),
    asks('fields of tools too', 'strict-tools', { tools: [{ ...weatherTool, function: { ...weatherTool.function, strict: true } }] }),
    asks('what Ollama lacks is dropped', 'dropping', { logit_bias: { '5': -100 }, temperature: 0.5 }),
    asks('what Ollama lacks is refused', 'refusing', { logit_bias: { '5': -100 } }),
  ],
  differences: [
    ...asksOllama({
      chats: ['what Ollama lacks is dropped'],
      whole: ['what Ollama lacks is dropped'],
      all: ['what Ollama lacks is dropped'],
      saysTemperature: true,
    }),
  ],
};

/** Fields that are for the gateway, and those that a client may not send. */
const clientFields: Scene = {
  name: 'client-fields',
  what: 'what clients send beside the usual: fields for the gateway, for the engine, and for nobody',
  engines: { 'gpu:8000': plain, 'elsewhere:8000': plain },
  files: {
    'config.yaml': `
model_list:
  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://gpu:8000/v1", api_key: sk-gpu-0123456789}}
general_settings:
  master_key: sk-9f8e7d6c5b4a39281706
`,
  },
  key: 'sk-9f8e7d6c5b4a39281706',
  steps: [
    asks('metadata and user', 'm', { metadata: { generation_name: 'g' }, user: 'u-1' }),
    asks('fields for the gateway', 'm', { num_retries: 0, timeout: 30, cache: { 'no-cache': true }, fallbacks: [] }),
    asks(
      'fields of vLLM',
      'm',
      { top_k: 5, min_p: 0.1, chat_template_kwargs: { enable_thinking: false }, guided_choice: ['a', 'b'] },
      { replies: { 'gpu:8000': { pieces: ['a'] } } },
    ),
    asks('usual fields of OpenAI', 'm', {
      n: 1,
      logprobs: true,
      top_logprobs: 2,
      presence_penalty: 0.1,
      parallel_tool_calls: false,
      seed: 3,
    }),
    asks('max_completion_tokens', 'm', { max_completion_tokens: 9 }),
    asks('an answer that the client makes up', 'm', { mock_response: 'made up' }),
    asks('another address', 'm', { api_base: 'http://elsewhere:8000/v1' }),
    asks('another key', 'm', { api_key: 'sk-of-the-client' }),
    asks('no messages', 'm', { messages: [] }),
    { name: 'no model', body: { messages: [{ role: 'user', content: 'Hi' }] } },
    asks('an image', 'm', {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
          ],
        },
      ],
    }),
    asks('a developer message', 'm', {
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
    }),
  ],
  differences: [
    {
      steps: ['fields of vLLM'],
      at: ['sent.*.body.guided_choice'],
      ours: undefined,
      why: 'a server behind `openai/` knows no `guided_choice`: the answer is held to it here, and the model asked again where it does not keep to it',
    },
    {
      steps: ['usual fields of OpenAI'],
      at: ['sent.*.body.n', 'sent.*.body.parallel_tool_calls'],
      ours: undefined,
      why: '`n: 1`, and `parallel_tool_calls` without tools, say nothing and are not said',
    },
    {
      steps: ['max_completion_tokens'],
      at: ['sent.*.body.max_completion_tokens', 'sent.*.body.max_tokens'],
      why: '`max_completion_tokens` goes as `max_tokens`, which every compatible server knows',
    },
    {
      steps: ['an answer that the client makes up'],
      at: ['sent.count', 'got.status'],
      why: '`mock_response` of a client is refused; LiteLLM drops it and asks the engine',
    },
    {
      steps: ['another key', 'another address'],
      at: ['sent.count', 'got.status', 'got.body'],
      why: 'no client chooses keys or addresses of engines: 400 `forbidden_parameter`; LiteLLM uses the key and fails with 500 over the address',
    },
    { steps: ['no messages'], at: ['sent.count', 'got.status'], why: 'a chat without messages is 400; LiteLLM lets the engine say it' },
    {
      steps: ['a developer message'],
      at: ['sent.*.body.messages.0.role'],
      ...{ litellm: 'system', ours: 'developer' },
      why: 'roles go to a server behind `openai/` as the client wrote them; LiteLLM turns `developer` into `system`',
    },
  ],
};

const toVllm = ['a schema for vLLM', 'any JSON for vLLM', 'guided_json for vLLM', 'guided_regex for vLLM'];

/** Constraints. */
const constraints: Scene = {
  name: 'constraints',
  what: 'structured output: `response_format` and `guided_*`, to vLLM and to an OpenAI-compatible server',
  engines: {
    'vllm:8000': { face: 'vllm', models: ['m'], replies: { pieces: ['{"city": ', '"Rome"}'] } },
    'openai:8000': { models: ['m'], replies: { pieces: ['{"city": ', '"Rome"}'] } },
  },
  files: {
    'config.yaml': `
model_list:
  - {model_name: vllm, litellm_params: {model: hosted_vllm/m, api_base: "http://vllm:8000/v1"}}
  - {model_name: openai, litellm_params: {model: openai/m, api_base: "http://openai:8000/v1", api_key: x}}
`,
  },
  steps: [
    asks('a schema for vLLM', 'vllm', { response_format: { type: 'json_schema', json_schema: { name: 'c', schema: citySchema } } }),
    asks('any JSON for vLLM', 'vllm', { response_format: { type: 'json_object' } }),
    asks('guided_json for vLLM', 'vllm', { guided_json: citySchema }),
    asks('guided_regex for vLLM', 'vllm', { guided_regex: '\\{"city": "[A-Z][a-z]+"\\}' }),
    asks('a schema for the other', 'openai', { response_format: { type: 'json_schema', json_schema: { name: 'c', schema: citySchema } } }),
    asks('any JSON for the other', 'openai', { response_format: { type: 'json_object' } }),
    asks('guided_json for the other', 'openai', { guided_json: citySchema }),
  ],
  differences: [
    saysSampling(toVllm),
    ...rendersForVllm(toVllm),
    saysLimit(toVllm),
    saysTemperature(toVllm),
    ...constrainsVllm(toVllm, ['response_format', 'guided_json', 'guided_regex']),
    {
      steps: ['a schema for the other'],
      at: ['sent.*.body.response_format.json_schema.name', 'sent.*.body.response_format.json_schema.strict'],
      why: "a schema's name and `strict` are said anew, since the answer is looked at here too",
    },
    {
      steps: ['guided_json for the other'],
      at: ['sent.*.body.guided_json', 'sent.*.body.response_format'],
      why: 'a server behind `openai/` knows no `guided_json`, so it becomes `response_format`; LiteLLM hands it on, and it is ignored there',
    },
  ],
};

/** Values that come from elsewhere. */
const environment: Scene = {
  name: 'environment',
  what: '`os.environ/`, `environment_variables`, `credential_list`',
  engines: { 'gpu-1:8000': plain, 'gpu-2:8000': plain },
  files: {
    'config.yaml': `
environment_variables:
  SECOND_BASE: http://gpu-2:8000/v1
credential_list:
  - credential_name: gpu
    credential_values: {api_key: os.environ/GPU_KEY, api_base: os.environ/FIRST_BASE}
    credential_info: {description: the first GPU}
model_list:
  - {model_name: by-credential, litellm_params: {model: openai/m, litellm_credential_name: gpu}}
  - {model_name: by-variable, litellm_params: {model: openai/m, api_base: os.environ/FIRST_BASE, api_key: os.environ/GPU_KEY}}
  - {model_name: by-own-variable, litellm_params: {model: openai/m, api_base: os.environ/SECOND_BASE, api_key: os.environ/GPU_KEY}}
  - {model_name: by-model-variable, litellm_params: {model: os.environ/MODEL, api_base: os.environ/FIRST_BASE, api_key: literal-key}}
`,
  },
  environment: { GPU_KEY: 'sk-gpu-0123456789', FIRST_BASE: 'http://gpu-1:8000/v1', MODEL: 'openai/from-variable' },
  steps: [
    asks('a credential by its name', 'by-credential'),
    asks('address and key from variables', 'by-variable'),
    asks('an address from a variable of the file', 'by-own-variable'),
    asks('the model from a variable', 'by-model-variable'),
  ],
  differences: [
    {
      steps: ['an address from a variable of the file'],
      at: ['sent.count', 'got.status'],
      why: '`environment_variables` hold while the file is read; LiteLLM sets them after that, and the address is lost',
    },
  ],
};

/** A file in several parts. */
const included: Scene = {
  name: 'included-files',
  what: '`include`: lists are joined, the main file wins',
  engines: { 'gpu:8000': plain },
  files: {
    'config.yaml': `
include: [models/more.yaml]
model_list:
  - {model_name: own, litellm_params: {model: openai/own, api_base: "http://gpu:8000/v1", api_key: x}}
`,
    'models/more.yaml': `
model_list:
  - {model_name: included, litellm_params: {model: openai/included, api_base: "http://gpu:8000/v1", api_key: x, temperature: 0.1}}
`,
  },
  steps: [asks('a model of the main file', 'own'), asks('a model of the other', 'included'), lists],
  differences: [],
};

/** What goes into a body and what does not. */
export const fieldScenes: readonly Scene[] = [defaults, drops, clientFields, constraints, environment, included];
