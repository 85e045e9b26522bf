import type { LiteLlmCase } from './case.test.support.ts';

/** Files of LiteLLM, sixteen to twenty. */
export const fourthCases: readonly LiteLlmCase[] = [
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
