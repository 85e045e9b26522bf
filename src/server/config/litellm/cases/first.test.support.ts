import type { LiteLlmCase } from './case.test.support.ts';

/** Files of LiteLLM, one to five. */
export const firstCases: readonly LiteLlmCase[] = [
  {
    what: 'the fleet this project began with',
    texts: {
      'config.yaml': `
model_list:
  - model_name: NousResearch/Hermes-3-Llama-3.1-8B
    litellm_params:
      model: openai/NousResearch/Hermes-3-Llama-3.1-8B
      api_base: http://vllm-hermes:8000/v1
      api_key: none
  - model_name: Qwen/Qwen2.5-7B-Instruct
    litellm_params:
      model: openai/Qwen/Qwen2.5-7B-Instruct
      api_base: http://vllm-qwen:8000/v1
      api_key: none
  - model_name: mistralai/Mistral-7B-Instruct-v0.3
    litellm_params:
      model: openai/mistralai/Mistral-7B-Instruct-v0.3
      api_base: http://vllm-mistral:8000/v1
      api_key: none
      temperature: 0
  - model_name: jinaai/jina-embeddings-v2-base-en
    litellm_params:
      model: openai/jinaai/jina-embeddings-v2-base-en
      api_base: http://embeddings:80/v1
      api_key: none
    model_info: {mode: embedding}
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
`,
    },
    environment: { LITELLM_MASTER_KEY: 'sk-9f8e7d6c5b4a39281706' },
    becomes: `
server:
  key: env:LITELLM_MASTER_KEY
upstreams:
  vllm-hermes:8000:
    kind: openai
    url: http://vllm-hermes:8000/v1
  vllm-qwen:8000:
    kind: openai
    url: http://vllm-qwen:8000/v1
  vllm-mistral:8000:
    kind: openai
    url: http://vllm-mistral:8000/v1
  embeddings:
    kind: openai
    url: http://embeddings:80/v1
models:
  NousResearch/Hermes-3-Llama-3.1-8B:
    targets:
      - vllm-hermes:8000
  Qwen/Qwen2.5-7B-Instruct:
    targets:
      - vllm-qwen:8000
  mistralai/Mistral-7B-Instruct-v0.3:
    targets:
      - upstream: vllm-mistral:8000
        defaults:
          temperature: 0
  jinaai/jina-embeddings-v2-base-en:
    targets:
      - embeddings
    mode: embedding
routing:
  policy: weighted
  timeout: 100m
`,
    missing: [],
    warnings: [],
  },
  {
    what: 'its successor: vLLM by prefix, an embedding model',
    texts: {
      'config.yaml': `
model_list:
  - model_name: gpt-oss-20b
    litellm_params: {model: hosted_vllm/openai/gpt-oss-20b, api_base: "http://host:8001/v1"}
  - model_name: qwen3-embedding
    litellm_params: {model: hosted_vllm/Qwen/Qwen3-Embedding-0.6B, api_base: "http://host:8009/v1"}
    model_info: {mode: embedding, max_input_tokens: 32768}
litellm_settings:
  drop_params: true
`,
    },
    environment: {},
    becomes: `
upstreams:
  host:8001:
    kind: vllm
    url: http://host:8001
  host:8009:
    kind: vllm
    url: http://host:8009
models:
  gpt-oss-20b:
    targets:
      - upstream: host:8001
        model: openai/gpt-oss-20b
    drop_params: true
  qwen3-embedding:
    targets:
      - upstream: host:8009
        model: Qwen/Qwen3-Embedding-0.6B
    mode: embedding
    drop_params: true
    facts:
      max_input: 32768
routing:
  policy: weighted
  timeout: 100m
`,
    missing: [],
    warnings: [],
  },
  {
    what: 'one model on three servers, weighed by rpm',
    texts: {
      'config.yaml': `
model_list:
  - model_name: qwen
    litellm_params: {model: hosted_vllm/Qwen/Qwen2.5-7B-Instruct, api_base: "http://a:8000", rpm: 600, tpm: 100000}
  - model_name: qwen
    litellm_params: {model: hosted_vllm/Qwen/Qwen2.5-7B-Instruct, api_base: "http://b:8000", rpm: 1800}
  - model_name: qwen
    litellm_params: {model: hosted_vllm/Qwen/Qwen2.5-7B-Instruct, api_base: "http://c:8000"}
router_settings:
  routing_strategy: simple-shuffle
  num_retries: 3
  timeout: 30
  stream_timeout: 5
  allowed_fails: 5
  cooldown_time: 30
  enable_pre_call_checks: true
`,
    },
    environment: {},
    becomes: `
upstreams:
  a:8000:
    kind: vllm
    url: http://a:8000
  b:8000:
    kind: vllm
    url: http://b:8000
  c:8000:
    kind: vllm
    url: http://c:8000
models:
  qwen:
    targets:
      - upstream: a:8000
        model: Qwen/Qwen2.5-7B-Instruct
        weight: 600
      - upstream: b:8000
        model: Qwen/Qwen2.5-7B-Instruct
        weight: 1800
      - upstream: c:8000
        model: Qwen/Qwen2.5-7B-Instruct
        weight: 0
routing:
  policy: weighted
  retries: 3
  cooldown: 30s
  allowed_fails: 5
  timeout: 30s
  stream_timeout: 5s
`,
    missing: [],
    warnings: [],
  },
  {
    what: 'Ollama with a context of its own each',
    texts: {
      'config.yaml': `
model_list:
  - model_name: llama
    litellm_params: {model: ollama_chat/llama3.1:8b, num_ctx: 8192, keep_alive: 10m, temperature: 0.1, mirostat: 1, repeat_penalty: 1.1}
    model_info: {supports_function_calling: true}
  - model_name: llama-long
    litellm_params: {model: ollama/llama3.1:8b, num_ctx: 32768}
`,
    },
    environment: {},
    becomes: `
upstreams:
  localhost:11434:
    kind: ollama
    url: http://localhost:11434
    context: 8192
    keep_alive: 10m
  localhost:11434#2:
    kind: ollama
    url: http://localhost:11434
    context: 32768
models:
  llama:
    targets:
      - upstream: localhost:11434
        model: llama3.1:8b
        defaults:
          temperature: 0.1
          repetition_penalty: 1.1
          options:
            mirostat: 1
  llama-long:
    targets:
      - upstream: localhost:11434#2
        model: llama3.1:8b
routing:
  policy: weighted
  timeout: 100m
`,
    missing: [],
    warnings: [],
  },
  {
    what: 'wildcards, and a key in the file',
    texts: {
      'config.yaml': `
model_list:
  - model_name: "openai/*"
    litellm_params: {model: "openai/*", api_key: os.environ/OPENAI_API_KEY}
  - model_name: "*"
    litellm_params: {model: "openrouter/*"}
  - model_name: claude
    litellm_params: {model: anthropic/claude-sonnet-4-5, api_base: "https://proxy.example/v1/messages", api_key: sk-ant-literal-000111}
`,
    },
    environment: { OPENAI_API_KEY: 'sk-openai-0123456789', OPENROUTER_API_KEY: 'sk-or-0123456789' },
    becomes: `
upstreams:
  api.openai.com:
    kind: openai
    url: https://api.openai.com/v1
    key: env:OPENAI_API_KEY
  openrouter.ai:
    kind: openai
    url: https://openrouter.ai/api/v1
    key: env:OPENROUTER_API_KEY
  proxy.example:
    kind: anthropic
    url: https://proxy.example
    key: env:PROXY_EXAMPLE_KEY
models:
  claude:
    targets:
      - upstream: proxy.example
        model: claude-sonnet-4-5
  openai/*:
    targets:
      - upstream: api.openai.com
        model: "*"
  "*":
    targets:
      - openrouter.ai
routing:
  policy: weighted
  timeout: 100m
`,
    missing: ['PROXY_EXAMPLE_KEY'],
    warnings: [],
  },
];
