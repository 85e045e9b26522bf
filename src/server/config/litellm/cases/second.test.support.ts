import type { LiteLlmCase } from './case.test.support.ts';

/** Files of LiteLLM, six to ten. */
export const secondCases: readonly LiteLlmCase[] = [
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
