import type { LiteLlmCase } from './case.test.support.ts';

/** Files of LiteLLM, one to ten. */
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
  {
    what: 'names without prefix, headers, costs, fallbacks',
    texts: {
      'config.yaml': `
model_list:
  - model_name: gpt-4o
    litellm_params: {model: gpt-4o, api_key: os.environ/OPENAI_API_KEY, organization: org-1, extra_headers: {X-Team: rook, Authorization: Bearer abcdef}}
  - model_name: gpt-4o-mini
    litellm_params: {model: gpt-4o-mini}
  - model_name: deepseek
    litellm_params: {model: deepseek/deepseek-chat, input_cost_per_token: 0.0000003, output_cost_per_token: 0.0000012}
    model_info: {id: ds-1, max_input_tokens: 64000, access_groups: [cheap]}
litellm_settings:
  fallbacks: [{gpt-4o: [gpt-4o-mini, deepseek]}]
  context_window_fallbacks: [{gpt-4o-mini: [gpt-4o]}]
  default_fallbacks: [deepseek]
  num_retries: 1
  request_timeout: 600
`,
    },
    environment: { OPENAI_API_KEY: 'sk-openai-0123456789', DEEPSEEK_API_KEY: 'sk-ds-0123456789' },
    becomes: `
upstreams:
  api.openai.com:
    kind: openai
    url: https://api.openai.com/v1
    key: env:OPENAI_API_KEY
    headers:
      x-team: rook
      authorization: env:API_OPENAI_COM_AUTHORIZATION
      openai-organization: org-1
  api.openai.com#2:
    kind: openai
    url: https://api.openai.com/v1
    key: env:OPENAI_API_KEY
  api.deepseek.com:
    kind: openai
    url: https://api.deepseek.com/v1
    key: env:DEEPSEEK_API_KEY
models:
  gpt-4o:
    targets:
      - api.openai.com
    fallbacks:
      - gpt-4o-mini
      - deepseek
  gpt-4o-mini:
    targets:
      - api.openai.com#2
    context_window_fallbacks:
      - gpt-4o
  deepseek:
    targets:
      - upstream: api.deepseek.com
        model: deepseek-chat
        id: ds-1
        cost:
          input: 3e-7
          output: 0.0000012
    groups:
      - cheap
    facts:
      max_input: 64000
routing:
  policy: weighted
  retries: 1
  timeout: 10m
  fallbacks:
    - deepseek
`,
    missing: ['API_OPENAI_COM_AUTHORIZATION'],
    warnings: [],
  },
  {
    what: 'router settings over others, aliases, retry policies',
    texts: {
      'config.yaml': `
model_list:
  - model_name: a
    litellm_params: {model: openai/a, api_base: "http://x/v1"}
  - model_name: b
    litellm_params: {model: openai/b, api_base: "http://x/v1"}
litellm_settings:
  fallbacks: [{a: [nobody]}]
router_settings:
  routing_strategy: latency-based-routing
  routing_strategy_args: {ttl: 10, lowest_latency_buffer: 0.5}
  fallbacks: [{a: [{model: b, temperature: 0}]}, {"*": [a]}]
  model_group_alias: {gpt-4: a, hidden-one: {model: b, hidden: true}}
  retry_policy: {TimeoutErrorRetries: 0, RateLimitErrorRetries: 4, DefaultRetries: 1}
  model_group_retry_policy: {b: {InternalServerErrorRetries: 2}}
  allowed_fails_policy: {AuthenticationErrorAllowedFails: 10}
  disable_cooldowns: true
`,
    },
    environment: {},
    becomes: `
upstreams:
  x:
    kind: openai
    url: http://x/v1
models:
  a:
    targets:
      - x
    aliases:
      - gpt-4
    fallbacks:
      - b
  b:
    targets:
      - x
    aliases:
      - name: hidden-one
        hidden: true
    retries_for:
      server-error: 2
routing:
  policy:
    name: latency
    window: 10000ms
    buffer: 0.5
  retries: 1
  retries_for:
    timeout: 0
    rate-limit: 4
  cooldown: 0s
  allowed_fails_for:
    auth: 10
  timeout: 100m
  fallbacks:
    - a
`,
    missing: [],
    warnings: ['config.yaml:11:16: router_settings.fallbacks[0].a: of a fallback only `model` is read; its other fields are left aside.'],
  },
  {
    what: 'variables of the file and credentials',
    texts: {
      'config.yaml': `
environment_variables:
  VLLM_BASE: http://gpu:8000/v1
credential_list:
  - credential_name: gpu
    credential_values: {api_key: os.environ/VLLM_KEY, api_base: os.environ/VLLM_BASE}
    credential_info: {description: the gpu}
model_list:
  - model_name: m
    litellm_params: {model: hosted_vllm/org/m, litellm_credential_name: gpu}
  - model_name: n
    litellm_params: {model: hosted_vllm/org/n, litellm_credential_name: gpu, api_key: os.environ/OTHER_KEY}
`,
    },
    environment: { VLLM_KEY: 'vllm-0123456789', OTHER_KEY: 'other-0123456789' },
    becomes: `
upstreams:
  gpu:8000:
    kind: vllm
    url: http://gpu:8000
    key: env:VLLM_KEY
  gpu:8000#2:
    kind: vllm
    url: http://gpu:8000
    key: env:OTHER_KEY
models:
  m:
    targets:
      - upstream: gpu:8000
        model: org/m
  n:
    targets:
      - upstream: gpu:8000#2
        model: org/n
routing:
  policy: weighted
  timeout: 100m
`,
    missing: [],
    warnings: [],
  },
  {
    what: 'tags, order, affinity and limits',
    texts: {
      'config.yaml': `
model_list:
  - model_name: fast
    litellm_params: {model: groq/llama-3.3-70b-versatile, tags: [free], order: 1, weight: 2}
  - model_name: fast
    litellm_params: {model: together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo, tags: [paid], order: 2, max_parallel_requests: 4}
router_settings:
  enable_tag_filtering: true
  tag_filtering_match_any: false
  default_max_parallel_requests: 100
  optional_pre_call_checks: [session_affinity, enforce_model_rate_limits, router_budget_limiting]
`,
    },
    environment: { GROQ_API_KEY: 'gsk-0123456789', TOGETHERAI_API_KEY: 'tog-0123456789' },
    becomes: `
upstreams:
  api.groq.com:
    kind: openai
    url: https://api.groq.com/openai/v1
    key: env:GROQ_API_KEY
  api.together.ai:
    kind: openai
    url: https://api.together.ai/v1
    key: env:TOGETHERAI_API_KEY
models:
  fast:
    targets:
      - upstream: api.groq.com
        model: llama-3.3-70b-versatile
        weight: 2
        order: 1
        tags:
          - free
        limits:
          parallel: 100
      - upstream: api.together.ai
        model: meta-llama/Llama-3.3-70B-Instruct-Turbo
        weight: 0
        order: 2
        tags:
          - paid
        limits:
          parallel: 4
routing:
  policy: session-affinity
  timeout: 100m
  tag_filtering: all
`,
    missing: [],
    warnings: [
      'config.yaml:10:3: router_settings.optional_pre_call_checks: router_budget_limiting is left aside: nothing here acts on it.',
    ],
  },
  {
    what: 'limits by usage; what belongs to keys, budgets and caches is left aside',
    texts: {
      'config.yaml': `
model_list:
  - model_name: limited
    litellm_params: {model: openai/x, api_base: "http://x:1/v1", rpm: "60", tpm: 1000}
router_settings: {routing_strategy: usage-based-routing-v2, redis_host: redis, redis_port: 6379}
litellm_settings: {cache: true, cache_params: {type: redis}, callbacks: [prometheus, langfuse], success_callback: [prometheus]}
general_settings: {database_url: "postgres://u:p@db/x", max_parallel_requests: 10, global_max_parallel_requests: 200}
`,
    },
    environment: {},
    becomes: `
server:
  max_requests: 200
upstreams:
  x:1:
    kind: openai
    url: http://x:1/v1
models:
  limited:
    targets:
      - upstream: x:1
        model: x
        weight: 60
        limits:
          requests_per_minute: 60
          tokens_per_minute: 1000
routing:
  timeout: 100m
`,
    missing: [],
    warnings: [
      'config.yaml:4:19: router_settings.routing_strategy: least-in-flight is used in its place, which is the nearest to it here.',
      'config.yaml:4:61: router_settings.redis_host: it is left aside: nothing here acts on it.',
      'config.yaml:4:80: router_settings.redis_port: it is left aside: nothing here acts on it.',
      'config.yaml:5:20: litellm_settings.cache: it is left aside: nothing here acts on it.',
      'config.yaml:5:33: litellm_settings.cache_params: it is left aside: nothing here acts on it.',
      'config.yaml:5:62: litellm_settings.callbacks: of these only prometheus is here (`/metrics`, always on); left aside: langfuse.',
      'config.yaml:6:20: general_settings.database_url: it is left aside: nothing here acts on it.',
      'config.yaml:6:57: general_settings.max_parallel_requests: it is left aside: nothing here acts on it.',
    ],
  },
];
