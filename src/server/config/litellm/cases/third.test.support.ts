import type { LiteLlmCase } from './case.test.support.ts';

/** Files of LiteLLM, eleven to fifteen. */
export const thirdCases: readonly LiteLlmCase[] = [
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
];
