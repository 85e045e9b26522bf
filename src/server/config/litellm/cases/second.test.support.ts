import type { LiteLlmCase } from './case.test.support.ts';

/** Files of LiteLLM, eleven to twenty. */
export const secondCases: readonly LiteLlmCase[] = [
  {
    what: 'default body fields, dropped ones, and a misspelt one',
    texts: {
      'config.yaml': `
model_list:
  - model_name: m
    litellm_params:
      model: openai/m
      api_base: http://x:1/v1
      max_tokens: 256
      stop: ["</s>"]
      extra_body: {chat_template_kwargs: {enable_thinking: false}, top_k: 20}
      additional_drop_params: [user, "tools[*].function.strict"]
      drop_params: true
      temprature: 0.5
      mock_response: hi
      aws_region_name: eu
      allowed_openai_params: [tools]
guardrails: [{guardrail_name: pii}]
mcp_servers: {}
`,
    },
    environment: {},
    becomes: `
upstreams:
  x:1:
    kind: openai
    url: http://x:1/v1
models:
  m:
    targets:
      - upstream: x:1
        defaults:
          max_tokens: 256
          stop:
            - </s>
          temprature: 0.5
          chat_template_kwargs:
            enable_thinking: false
          top_k: 20
        drop_params:
          unsupported: true
          fields:
            - user
            - tools[*].function.strict
routing:
  policy: weighted
  timeout: 100m
`,
    missing: [],
    warnings: [
      "config.yaml:11:7: model_list[0].litellm_params.temprature: it goes into each request's body, as LiteLLM does with what it does not know. Did you mean `temperature`?",
      'config.yaml:12:7: model_list[0].litellm_params.mock_response: it is left aside: nothing here acts on it.',
      'config.yaml:13:7: model_list[0].litellm_params.aws_region_name: it is left aside: it is for providers that are not spoken here.',
      'config.yaml:15:1: guardrails: it is left aside: nothing here acts on it.',
    ],
  },
  {
    what: 'the server and paths that are passed through',
    texts: {
      'config.yaml': `
general_settings:
  master_key: sk-5f0e9d8c7b6a54321000
  litellm_key_header_name: X-Litellm-Key
  max_request_size_mb: 2
  background_health_checks: true
  health_check_interval: 60
  health_check_details: false
  pass_through_endpoints:
    - {path: /v1/rerank, target: "https://api.cohere.com/v1/rerank", headers: {Authorization: os.environ/COHERE, content-type: application/json}, forward_headers: true}
  alerting: [slack]
model_list: []
`,
    },
    environment: { COHERE: 'Bearer co-0123456789' },
    becomes: `
server:
  key: env:ROOKERY_KEY
  key_header: x-litellm-key
  max_body: 2097152
routing:
  policy: weighted
  timeout: 100m
  probe_interval: 1m
  serve_unlisted: false
pass_through:
  - path: /v1/rerank
    target: https://api.cohere.com/v1/rerank
    headers:
      authorization: env:COHERE
      content-type: application/json
    forward_headers: true
`,
    missing: ['ROOKERY_KEY'],
    warnings: ['config.yaml:10:3: general_settings.alerting: it is left aside: nothing here acts on it.'],
  },
  {
    what: 'local servers, proxies and unknown prefixes',
    texts: {
      'config.yaml': `
model_list:
  - model_name: lm
    litellm_params: {model: lm_studio/qwen2.5-7b}
  - model_name: file
    litellm_params: {model: llamafile/m}
  - model_name: proxy
    litellm_params: {model: litellm_proxy/gpt-4o, api_base: "http://other:4000", api_key: EMPTY}
  - model_name: unknown-prefix
    litellm_params: {model: acme/model-1, api_base: "http://acme/v1"}
  - model_name: custom
    litellm_params: {model: model-2, custom_llm_provider: hosted_vllm, api_base: "http://acme:8000"}
`,
    },
    environment: {},
    becomes: `
upstreams:
  127.0.0.1:1234:
    kind: openai
    url: http://127.0.0.1:1234/v1
  127.0.0.1:8080:
    kind: openai
    url: http://127.0.0.1:8080/v1
  other:4000:
    kind: openai
    url: http://other:4000
  acme:
    kind: openai
    url: http://acme/v1
  acme:8000:
    kind: vllm
    url: http://acme:8000
models:
  lm:
    targets:
      - upstream: 127.0.0.1:1234
        model: qwen2.5-7b
  file:
    targets:
      - upstream: 127.0.0.1:8080
        model: m
  proxy:
    targets:
      - upstream: other:4000
        model: gpt-4o
  unknown-prefix:
    targets:
      - upstream: acme
        model: acme/model-1
  custom:
    targets:
      - upstream: acme:8000
        model: model-2
routing:
  policy: weighted
  timeout: 100m
`,
    missing: [],
    warnings: [],
  },
  {
    what: 'anchors, merge keys and the words of YAML 1.1',
    texts: {
      'config.yaml': `
defaults: &defaults
  api_base: http://gpu:8000/v1
  api_key: "none"
  temperature: 0.2
model_list:
  - model_name: x
    litellm_params: {<<: *defaults, model: hosted_vllm/x, ssl_verify: no}
  - model_name: y
    litellm_params: {<<: *defaults, model: hosted_vllm/y, temperature: 0.9}
`,
    },
    environment: {},
    becomes: `
upstreams:
  gpu:8000:
    kind: vllm
    url: http://gpu:8000
    verify_certificate: false
  gpu:8000#2:
    kind: vllm
    url: http://gpu:8000
models:
  x:
    targets:
      - upstream: gpu:8000
        defaults:
          temperature: 0.2
  y:
    targets:
      - upstream: gpu:8000#2
        defaults:
          temperature: 0.9
routing:
  policy: weighted
  timeout: 100m
`,
    missing: [],
    warnings: ['config.yaml:1:1: defaults: it is left aside: nothing here acts on it.'],
  },
  {
    what: 'rules of one row, and defaults of all',
    texts: {
      'config.yaml': `
model_list:
  - model_name: m
    litellm_params: {model: openai/m, api_base: "http://x:1/v1", timeout: 20, stream_timeout: "3", max_retries: 0, cooldown_time: 1, allowed_fails: 0}
    model_info: {base_model: Qwen/Qwen2.5-7B-Instruct, supports_vision: false, supports_parallel_function_calling: true, max_output_tokens: 4096, custom_tokenizer: {identifier: x}}
router_settings: {default_litellm_params: {top_p: 0.5, drop_params: true}, retry_after: 2, max_fallbacks: 2}
litellm_settings: {json_logs: true, set_verbose: true, ssl_verify: false}
`,
    },
    environment: {},
    becomes: `
server:
  log:
    format: json
    level: debug
upstreams:
  x:1:
    kind: openai
    url: http://x:1/v1
    verify_certificate: false
models:
  m:
    targets:
      - upstream: x:1
        timeout: 20s
        stream_timeout: 3s
        defaults:
          top_p: 0.5
        drop_params: true
        retries: 0
        cooldown: 1s
        allowed_fails: 0
    facts:
      like: Qwen/Qwen2.5-7B-Instruct
      max_output: 4096
      parallel_calls: true
      images: false
routing:
  policy: weighted
  retry_pause: 2s
  timeout: 100m
  max_fallbacks: 2
`,
    missing: [],
    warnings: ['config.yaml:4:147: model_list[0].model_info.custom_tokenizer: it is left aside: nothing here acts on it.'],
  },
  {
    what: 'included files',
    texts: {
      'config.yaml': `
include: [more.yaml]
model_list:
  - model_name: own
    litellm_params: {model: ollama/own, api_base: "http://o:11434"}
litellm_settings: {num_retries: 0}
`,
      'more.yaml': `
model_list:
  - model_name: included
    litellm_params: {model: ollama/included, api_base: "http://o:11434"}
litellm_settings: {num_retries: 9, drop_params: true}
`,
    },
    environment: {},
    becomes: `
upstreams:
  o:11434:
    kind: ollama
    url: http://o:11434
models:
  included:
    targets:
      - o:11434
    drop_params: true
  own:
    targets:
      - o:11434
    drop_params: true
routing:
  policy: weighted
  retries: 0
  timeout: 100m
`,
    missing: [],
    warnings: [],
  },
  {
    what: 'costs and unknown modes',
    texts: {
      'config.yaml': `
model_list:
  - model_name: cheap
    litellm_params: {model: openai/a, api_base: "http://a/v1", input_cost_per_token: 0.00002}
    model_info: {mode: completion}
  - model_name: cheap
    litellm_params: {model: openai/b, api_base: "http://b/v1", input_cost_per_token: 0.00001}
  - model_name: rr
    litellm_params: {model: openai/r, api_base: "http://r/v1"}
    model_info: {mode: audio_transcription, base_model: nobody-knows}
router_settings: {routing_strategy: cost-based-routing}
`,
    },
    environment: {},
    becomes: `
upstreams:
  a:
    kind: openai
    url: http://a/v1
  b:
    kind: openai
    url: http://b/v1
  r:
    kind: openai
    url: http://r/v1
models:
  cheap:
    targets:
      - upstream: a
        model: a
        cost:
          input: 0.00002
          output: 0
      - upstream: b
        model: b
        cost:
          input: 0.00001
          output: 0
    mode: completion
  rr:
    targets:
      - upstream: r
        model: r
routing:
  policy: cheapest
  timeout: 100m
`,
    missing: [],
    warnings: [
      'config.yaml:9:18: model_list[2].model_info.mode: nothing here does this. Known: chat, completion, embedding, rerank.',
      'config.yaml:9:45: model_list[2].model_info.base_model: no family of models fits this name, so nothing follows from it.',
      'config.yaml:10:19: router_settings.routing_strategy: cheapest is used in its place, which is the nearest to it here.',
    ],
  },
  {
    what: 'patterns with several stars',
    texts: {
      'config.yaml': `
model_list:
  - model_name: busy
    litellm_params: {model: text-completion-openai/davinci, api_base: "http://a/v1"}
  - model_name: busy
    litellm_params: {model: hosted_vllm/x, api_base: "http://a"}
  - model_name: "a::*::b::*"
    litellm_params: {model: "hosted_vllm/*-*", api_base: "http://a"}
router_settings: {routing_strategy: least-busy, optional_pre_call_checks: [prompt_caching]}
`,
    },
    environment: {},
    becomes: `
upstreams:
  a:
    kind: openai
    url: http://a/v1
  a#2:
    kind: vllm
    url: http://a
models:
  busy:
    targets:
      - upstream: a
        model: davinci
      - upstream: a#2
        model: x
  a::*::b::*:
    targets:
      - upstream: a#2
        model: "*-*"
routing:
  policy: prefix-affinity
  timeout: 100m
`,
    missing: [],
    warnings: [],
  },
  {
    what: 'clouds by prefix; sections nobody knows',
    texts: {
      'config.yaml': `
model_list:
  - model_name: gemini
    litellm_params: {model: gemini/gemini-2.5-flash, api_key: os.environ/GEMINI_API_KEY}
  - model_name: mistral
    litellm_params: {model: mistral/mistral-small-latest}
  - model_name: fw
    litellm_params: {model: fireworks_ai/accounts/fireworks/models/qwen, thinking: {type: disabled}}
litellm_settings:
  content_policy_fallbacks: [{gemini: [mistral]}]
  success_callback: null
  cache: false
  modify_params: true
unknown_section: {x: 1}
router_setings: {num_retries: 1}
`,
    },
    environment: { GEMINI_API_KEY: 'gem-0123456789', MISTRAL_API_KEY: 'mis-0123456789', FIREWORKS_AI_API_KEY: 'fw-0123456789' },
    becomes: `
upstreams:
  generativelanguage.googleapis.com:
    kind: openai
    url: https://generativelanguage.googleapis.com/v1beta/openai
    key: env:GEMINI_API_KEY
  api.mistral.ai:
    kind: openai
    url: https://api.mistral.ai/v1
    key: env:MISTRAL_API_KEY
  api.fireworks.ai:
    kind: openai
    url: https://api.fireworks.ai/inference/v1
    key: env:FIREWORKS_AI_API_KEY
models:
  gemini:
    targets:
      - upstream: generativelanguage.googleapis.com
        model: gemini-2.5-flash
    content_policy_fallbacks:
      - mistral
  mistral:
    targets:
      - upstream: api.mistral.ai
        model: mistral-small-latest
  fw:
    targets:
      - upstream: api.fireworks.ai
        model: accounts/fireworks/models/qwen
        defaults:
          thinking:
            type: disabled
routing:
  policy: weighted
  timeout: 100m
`,
    missing: [],
    warnings: [
      'config.yaml:12:3: litellm_settings.modify_params: it is left aside: nothing here acts on it.',
      'config.yaml:13:1: unknown_section: it is left aside: nothing here acts on it.',
      'config.yaml:14:1: router_setings: it is left aside: nothing here acts on it. Did you mean `router_settings`?',
    ],
  },
  {
    what: 'addresses and names from variables',
    texts: {
      'config.yaml': `
model_list:
  - {model_name: env-base, litellm_params: {model: hosted_vllm/m}}
  - {model_name: env-ollama, litellm_params: {model: ollama_chat/m}}
  - {model_name: env-model, litellm_params: {model: os.environ/MODEL, api_base: os.environ/BASE, api_key: os.environ/VLLM_KEY}}
  - {model_name: no-key, litellm_params: {model: openai/m, api_base: "http://z/v1"}}
`,
    },
    environment: {
      HOSTED_VLLM_API_BASE: 'http://hv:8000/v1',
      OLLAMA_API_BASE: 'http://ol:11434',
      MODEL: 'hosted_vllm/org/x',
      BASE: 'http://base:9/v1',
      VLLM_KEY: 'vllm-0123456789',
      OPENAI_API_KEY: 'sk-openai-0123456789',
    },
    becomes: `
upstreams:
  hv:8000:
    kind: vllm
    url: http://hv:8000
  ol:11434:
    kind: ollama
    url: http://ol:11434
  base:9:
    kind: vllm
    url: http://base:9
    key: env:VLLM_KEY
  z:
    kind: openai
    url: http://z/v1
models:
  env-base:
    targets:
      - upstream: hv:8000
        model: m
  env-ollama:
    targets:
      - upstream: ol:11434
        model: m
  env-model:
    targets:
      - upstream: base:9
        model: org/x
  no-key:
    targets:
      - upstream: z
        model: m
routing:
  policy: weighted
  timeout: 100m
`,
    missing: [],
    warnings: [
      "config.yaml:5:60: model_list[3].litellm_params.api_base: no key is sent there: OPENAI_API_KEY goes to the provider's own address only. Where it is meant, add `api_key: os.environ/OPENAI_API_KEY`.",
    ],
  },
];
