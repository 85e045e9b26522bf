import { startStep } from '../compare.ts';
import type { Difference, Scene } from '../scene.ts';
import { asks, lists, weatherTool } from './ask.ts';
import { asksNumbers, asksOllama, listsInput, makesVectors, saysSampling, wrongKeys } from './differences.ts';

const masterKey = 'sk-9f8e7d6c5b4a39281706';

/** Who may call. */
const keys: Scene = {
  name: 'keys',
  what: 'the master key: right, wrong, missing, in other headers',
  engines: { 'gpu:8000': { models: ['m'] } },
  files: {
    'config.yaml': `
model_list:
  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://gpu:8000/v1", api_key: sk-gpu-0123456789}}
general_settings:
  master_key: ${masterKey}
  litellm_key_header_name: X-Litellm-Key
`,
  },
  steps: [
    asks('no key', 'm'),
    asks('the key in the header of the file', 'm', {}, { headers: { 'x-litellm-key': `Bearer ${masterKey}` } }),
    asks('the bare key in the header of the file', 'm', {}, { headers: { 'x-litellm-key': masterKey } }),
    asks('the key as usual', 'm', {}, { key: masterKey }),
    asks('a wrong key', 'm', {}, { key: 'sk-wrong' }),
    asks('a key with more behind it', 'm', {}, { key: `${masterKey}0` }),
    asks('a key that is no key', 'm', {}, { headers: { authorization: 'Basic dTpw' } }),
    { ...lists, name: 'the list without a key' },
    { name: 'is it alive', method: 'GET', path: '/health/liveliness' },
    { name: 'is it ready', method: 'GET', path: '/health/readiness' },
  ],
  differences: [
    {
      steps: ['the bare key in the header of the file'],
      at: ['sent.count', 'got.status'],
      why: "the file's own header may hold the key with and without `Bearer`; LiteLLM wants the word",
    },
    {
      steps: ['a wrong key', 'a key with more behind it', 'a key that is no key'],
      at: ['got.status'],
      ...{ litellm: 400, ours: 401 },
      why: wrongKeys,
    },
    {
      steps: ['is it alive', 'is it ready'],
      at: ['got.body'],
      why: 'health is told as JSON, with the engines; LiteLLM has words, and tells of its database',
    },
  ],
};

const readCall = { toolCalls: [{ name: 'get_weather', argumentPieces: ['{"city": "Rome"}'] }] };
/** What a model writes that was asked for JSON in words. */
const writtenCall = { pieces: ['{"name": "get_weather", "arguments": {"city": "Rome"}}'] };

const plainSteps = ['a chat by the other prefix', 'a tool by the other prefix'];
const ollamaWhole = ['a chat', 'a chat with fields', 'any JSON', 'a tool', 'a model that is not there'];
const ollamaChats = [...ollamaWhole, 'a stream', 'a stream with usage'];
const chatsWithOllama =
  "both prefixes mean `/api/chat`, where Ollama renders the model's template; under `ollama/` LiteLLM writes a prompt of its own (`### User:`)";

/** Ollama. */
const ollama: Scene = {
  name: 'ollama',
  what: '`ollama/` and `ollama_chat/`: options, tools, streams, JSON',
  engines: { 'ollama:11434': { face: 'ollama', models: ['llama3.1:8b'] } },
  files: {
    'config.yaml': `
model_list:
  - model_name: chat
    litellm_params: {model: "ollama_chat/llama3.1:8b", api_base: "http://ollama:11434", num_ctx: 8192, keep_alive: 10m, temperature: 0.1}
    model_info: {supports_function_calling: true}
  - model_name: plain
    litellm_params: {model: "ollama/llama3.1:8b", api_base: "http://ollama:11434"}
`,
  },
  steps: [
    asks('a chat', 'chat'),
    asks('a chat with fields', 'chat', { max_tokens: 20, stop: ['END'], seed: 1, top_p: 0.5, temperature: 0.9 }),
    asks('a stream', 'chat', { stream: true }),
    asks('a stream with usage', 'chat', { stream: true, stream_options: { include_usage: true } }),
    asks('a chat by the other prefix', 'plain'),
    asks('any JSON', 'chat', { response_format: { type: 'json_object' } }, { replies: { 'ollama:11434': { pieces: ['{"a": 1}'] } } }),
    asks(
      'a tool',
      'chat',
      { tools: [weatherTool] },
      {
        replies: { 'ollama:11434': readCall },
      },
    ),
    asks(
      'a tool by the other prefix',
      'plain',
      { tools: [weatherTool] },
      { replies: { 'ollama:11434': ({ path }) => (path === '/api/generate' ? writtenCall : readCall) } },
    ),
    asks('a model that is not there', 'chat', {}, { replies: { 'ollama:11434': { fault: { kind: 'status', status: 404 } } } }),
  ],
  differences: [
    ...asksOllama({ chats: ollamaChats, whole: [...ollamaWhole, ...plainSteps], all: [...ollamaChats, ...plainSteps] }),
    {
      steps: ['a chat with fields'],
      at: ['sent.*.body.options.stop'],
      why: "Ollama's `stop` takes the place of the model's own, so its marks are said beside the client's",
    },
    { steps: plainSteps, at: ['sent.*.path'], ...{ litellm: '/api/generate', ours: '/api/chat' }, why: chatsWithOllama },
    {
      steps: plainSteps,
      at: ['prompt', 'options', 'images', 'messages'].map((name) => `sent.*.body.${name}`),
      why: chatsWithOllama,
    },
    {
      steps: ['a tool by the other prefix'],
      at: ['sent.*.body.format', 'sent.*.body.tools'],
      why: "tools are Ollama's own, whatever the prefix; under `ollama/` LiteLLM describes them in the prompt and asks for any JSON",
    },
    {
      steps: ['a tool', 'a tool by the other prefix'],
      at: ['got.body.choices.0.message.tool_calls.0.function.arguments'],
      why: "arguments that come as JSON values are written without spaces, as OpenAI's are; LiteLLM writes them as Python does",
    },
  ],
};

/** Vectors. */
const embeddings: Scene = {
  name: 'embeddings',
  what: 'embeddings of three kinds of engines: lists, base64, dimensions',
  engines: {
    'openai:80': { models: ['e'] },
    'vllm:8000': { face: 'vllm', models: ['e'] },
    'ollama:11434': { face: 'ollama', models: ['e'] },
  },
  files: {
    'config.yaml': `
model_list:
  - {model_name: openai, litellm_params: {model: openai/e, api_base: "http://openai:80/v1", api_key: x}, model_info: {mode: embedding}}
  - {model_name: vllm, litellm_params: {model: hosted_vllm/e, api_base: "http://vllm:8000/v1"}, model_info: {mode: embedding}}
  - {model_name: ollama, litellm_params: {model: ollama/e, api_base: "http://ollama:11434"}, model_info: {mode: embedding}}
`,
  },
  steps: [
    { name: 'one text', path: '/v1/embeddings', body: { model: 'openai', input: 'a rook' } },
    { name: 'two texts', path: '/v1/embeddings', body: { model: 'openai', input: ['a rook', 'a nest'] } },
    { name: 'base64', path: '/v1/embeddings', body: { model: 'openai', input: 'a rook', encoding_format: 'base64' } },
    { name: 'dimensions', path: '/v1/embeddings', body: { model: 'openai', input: 'a rook', dimensions: 4 } },
    { name: 'token ids', path: '/v1/embeddings', body: { model: 'openai', input: [1, 2, 3] } },
    { name: 'vLLM', path: '/v1/embeddings', body: { model: 'vllm', input: 'a rook' } },
    { name: 'Ollama', path: '/v1/embeddings', body: { model: 'ollama', input: ['a rook', 'a nest'] } },
  ],
  differences: [
    ...makesVectors(['one text', 'two texts', 'base64', 'token ids', 'vLLM', 'Ollama']),
    listsInput(['one text', 'base64', 'token ids']),
    asksNumbers(['one text', 'two texts', 'base64', 'token ids', 'vLLM']),
    {
      steps: ['Ollama'],
      at: ['sent.*.body.truncate', 'sent.*.body.options'],
      litellm: undefined,
      why: 'Ollama is told not to shorten inputs silently, and the context that the model is loaded with',
    },
  ],
};

/** Texts without roles. */
const completions: Scene = {
  name: 'completions',
  what: '`/v1/completions`, and prefixes of servers that have nothing else',
  engines: { 'openai:80': { models: ['m'] }, 'vllm:8000': { face: 'vllm', models: ['m'] } },
  files: {
    'config.yaml': `
model_list:
  - {model_name: text, litellm_params: {model: text-completion-openai/m, api_base: "http://openai:80/v1", api_key: x}}
  - {model_name: vllm, litellm_params: {model: hosted_vllm/m, api_base: "http://vllm:8000/v1"}}
  - {model_name: chat-only, litellm_params: {model: openai/m, api_base: "http://openai:80/v1", api_key: x}}
`,
  },
  steps: [
    { name: 'a text', path: '/v1/completions', body: { model: 'text', prompt: 'Once', max_tokens: 8 } },
    { name: 'a stream of text', path: '/v1/completions', body: { model: 'text', prompt: 'Once', max_tokens: 8, stream: true } },
    { name: 'a text of vLLM', path: '/v1/completions', body: { model: 'vllm', prompt: 'Once', max_tokens: 8, temperature: 0 } },
    { name: 'a text of a chat server', path: '/v1/completions', body: { model: 'chat-only', prompt: 'Once', max_tokens: 8 } },
    asks('a chat with a text server', 'text'),
  ],
  differences: [
    saysSampling(['a text of vLLM']),
    {
      steps: ['a chat with a text server'],
      at: ['sent.*.path', 'sent.*.body.prompt', 'sent.*.body.messages'],
      why: 'a chat is asked for as a chat, with a `text-completion-openai/` row too; LiteLLM pastes its messages into a prompt',
    },
  ],
};

/** Anthropic's API and other prefixes. */
const providers: Scene = {
  name: 'providers',
  what: '`anthropic/`, `lm_studio/`, `litellm_proxy/`, `custom_llm_provider`, a prefix that nobody knows',
  engines: { 'anthropic:80': { face: 'anthropic', models: ['claude'] }, 'server:1234': { models: ['m'] } },
  files: {
    'config.yaml': `
model_list:
  - {model_name: claude, litellm_params: {model: anthropic/claude-sonnet-4-5, api_base: "http://anthropic:80", api_key: sk-ant-0123456789}}
  - {model_name: studio, litellm_params: {model: lm_studio/m, api_base: "http://server:1234/v1", api_key: x}}
  - {model_name: proxy, litellm_params: {model: litellm_proxy/gpt-4o, api_base: "http://server:1234/v1", api_key: sk-of-the-proxy}}
  - {model_name: by-provider, litellm_params: {model: org/m, custom_llm_provider: openai, api_base: "http://server:1234/v1", api_key: x}}
`,
  },
  steps: [
    asks('a chat with Claude', 'claude', { max_tokens: 100, temperature: 0.5, stop: ['END'] }),
    asks('a chat with Claude without a limit', 'claude'),
    asks('a stream of Claude', 'claude', { max_tokens: 100, stream: true, stream_options: { include_usage: true } }),
    asks(
      'a tool for Claude',
      'claude',
      { max_tokens: 100, tools: [weatherTool], tool_choice: 'required' },
      {
        replies: { 'anthropic:80': readCall },
      },
    ),
    asks(
      'a system message for Claude',
      'claude',
      {
        max_tokens: 100,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
        ],
      },
      { replies: { 'anthropic:80': {} } },
    ),
    asks('LM Studio', 'studio'),
    asks('a proxy behind the proxy', 'proxy'),
    asks('a provider by its field', 'by-provider'),
  ],
  differences: [
    {
      steps: ['a chat with Claude', 'a chat with Claude without a limit', 'a tool for Claude', 'a system message for Claude'],
      at: ['sent.*.body.stream'],
      ...{ litellm: undefined, ours: true },
      why: "Anthropic's API is always asked for a stream, which is put together for clients that want none",
    },
    {
      steps: ['a chat with Claude without a limit'],
      at: ['sent.*.body.max_tokens'],
      ...{ litellm: 64000, ours: 4096 },
      why: "a limit that nobody said is 4096 tokens; LiteLLM has a list of each model's most",
    },
    {
      steps: ['a tool for Claude'],
      at: ['sent.*.body.tools.0.type'],
      ...{ litellm: 'custom', ours: undefined },
      why: "`type: custom` is what Anthropic's tools are anyway",
    },
    {
      steps: ['a tool for Claude'],
      at: ['got.body.choices.0.message.tool_calls.0.index'],
      ...{ litellm: 0, ours: undefined },
      why: 'calls have an `index` in streams only, as at OpenAI',
    },
  ],
};

const row = '\nmodel_list:\n  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://gpu:8000/v1", api_key: x}}\n';

/** Paths that are forwarded as they are. */
const passThrough: Scene = {
  name: 'pass-through',
  what: '`pass_through_endpoints`: another path with headers of its own',
  engines: {
    'gpu:8000': { models: ['m'] },
    'rerank:80': { routes: { 'POST /v1/rerank': { status: 200, body: { results: [{ index: 0, relevance_score: 0.5 }] } } } },
  },
  files: {
    'config.yaml': `
model_list:
  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://gpu:8000/v1", api_key: x}}
general_settings:
  master_key: ${masterKey}
  pass_through_endpoints:
    - path: /v1/rerank-here
      target: http://rerank:80/v1/rerank
      headers: {Authorization: os.environ/RERANK_KEY, X-Team: rook}
`,
  },
  environment: { RERANK_KEY: 'Bearer co-0123456789' },
  key: masterKey,
  steps: [
    { name: 'a path of the file', path: '/v1/rerank-here', body: { query: 'rook', documents: ['a rook', 'a nest'] } },
    { name: 'with a header of the client', path: '/v1/rerank-here', body: { query: 'rook' }, headers: { 'x-own': 'own' } },
    { name: 'without a key', path: '/v1/rerank-here', body: { query: 'rook' }, key: null },
  ],
  differences: [],
};

/** A file that one of the two refuses. */
function refusal(name: string, what: string, text: string, more: Partial<Scene>): Scene {
  return {
    ...{ name, what, isStrict: true, engines: { 'gpu:8000': { models: ['m'] } }, files: { 'config.yaml': text } },
    ...{ steps: [asks('a chat', 'm')], differences: [], ...more },
  };
}

const starts = (litellm: boolean, ours: boolean, why: string): Difference => ({ steps: [startStep], at: ['starts'], litellm, ours, why });
const withKey = (key: string) => `${row}general_settings:\n  master_key: ${key}\n`;
const noKey = refusal('no-key', 'a file without a master key', row, {
  differences: [
    starts(false, true, 'without a key we serve this machine only (another address needs one); LiteLLM 1.109 refuses to start'),
  ],
});
const exampleKey = refusal('example-key', 'the master key of the examples', withKey('sk-1234'), {});
const unsetVariable = refusal(
  'unset-variable',
  'a variable that is not set',
  withKey(masterKey).replace('api_key: x', 'api_key: os.environ/NOT_SET'),
  {
    key: masterKey,
    differences: [
      starts(true, false, 'a variable that is not set is a fault at the start, with its line; LiteLLM starts and fails at each request'),
    ],
  },
);

/** Servers of several kinds, who may call them, and files that do not start. */
export const serverScenes: readonly Scene[] = [
  keys,
  ollama,
  embeddings,
  completions,
  providers,
  passThrough,
  noKey,
  exampleKey,
  unsetVariable,
];
