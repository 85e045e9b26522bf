import type { FakeEngineOptions, FakeReply } from 'rookery/testing';
import type { Scene, Step } from '../scene.ts';
import { asks, timeTool, weatherCall, weatherTool } from './ask.ts';
import { changesStatus, hidesWords } from './differences.ts';

const says = (text: string): FakeEngineOptions => ({ models: ['m'], replies: { pieces: [text] } });
const fails = (status: number, headers: Readonly<Record<string, string>> = {}): FakeReply => ({
  fault: { kind: 'status', status, headers },
});

/** Models that take over. */
const fallbacks: Scene = {
  name: 'fallbacks',
  what: '`fallbacks`, `default_fallbacks` and `context_window_fallbacks`',
  engines: { 'main:8000': says('main'), 'spare:8000': says('spare'), 'last:8000': says('last'), 'long:8000': says('long') },
  files: {
    'config.yaml': `
model_list:
  - {model_name: main, litellm_params: {model: openai/main, api_base: "http://main:8000/v1", api_key: x}}
  - {model_name: spare, litellm_params: {model: openai/spare, api_base: "http://spare:8000/v1", api_key: x}}
  - {model_name: last, litellm_params: {model: openai/last, api_base: "http://last:8000/v1", api_key: x}}
  - {model_name: long, litellm_params: {model: openai/long, api_base: "http://long:8000/v1", api_key: x}}
litellm_settings:
  num_retries: 0
  fallbacks: [{main: [spare, last]}]
  context_window_fallbacks: [{main: [long]}]
  default_fallbacks: [last]
router_settings:
  disable_cooldowns: true
`,
  },
  steps: [
    asks('all is well', 'main'),
    asks('the main one fails', 'main', {}, { replies: { 'main:8000': fails(500) } }),
    asks('a stream of the main one fails', 'main', { stream: true }),
    asks('its fallback fails too', 'main', {}, { replies: { 'spare:8000': fails(503) } }),
    asks(
      'the main one is refused by its engine',
      'main',
      {},
      { replies: { 'main:8000': fails(400), 'spare:8000': { pieces: ['spare'] } } },
    ),
    asks('a prompt that is too long', 'main', {}, { replies: { 'main:8000': { fault: { kind: 'overflow', promptTokens: 9000 } } } }),
    asks('a model without fallbacks of its own', 'long', {}, { replies: { 'long:8000': fails(500) } }),
    asks(
      'all of them fail',
      'main',
      {},
      {
        replies: { 'main:8000': fails(500), 'spare:8000': fails(500), 'last:8000': fails(500) },
      },
    ),
    asks('the client wants none', 'main', { disable_fallbacks: true }),
  ],
  differences: [
    {
      steps: [
        'the main one fails',
        'a stream of the main one fails',
        'its fallback fails too',
        'a prompt that is too long',
        'a model without fallbacks of its own',
      ],
      at: ['got.body.model', 'got.stream.model'],
      why: "an answer has the name that was asked for, and the log tells who gave it (`answeredBy`); LiteLLM has the fallback's name",
    },
    {
      steps: ['the main one is refused by its engine'],
      at: ['sent.count', 'got.status'],
      why: "what an engine refuses with 400 is the client's to mend, and no other model is asked; LiteLLM asks it",
    },
    changesStatus(['all of them fail', 'the client wants none'], '500 502'),
  ],
};

/** Asking again. */
const retries: Scene = {
  name: 'retries',
  what: '`num_retries` of all and of one row: an engine that fails for a while, and one that never answers well',
  engines: { 'gpu:8000': says('well'), 'never:8000': says('well') },
  files: {
    'config.yaml': `
model_list:
  - {model_name: twice, litellm_params: {model: openai/m, api_base: "http://gpu:8000/v1", api_key: x}}
  - {model_name: never, litellm_params: {model: openai/m, api_base: "http://never:8000/v1", api_key: x, num_retries: 0}}
litellm_settings:
  num_retries: 2
router_settings:
  disable_cooldowns: true
  retry_after: 0
`,
  },
  steps: [
    asks('two failures, then an answer', 'twice', {}, { replies: { 'gpu:8000': [fails(500), fails(503), { pieces: ['well'] }] } }),
    asks('an engine that is not there', 'twice', {}, { refuses: ['gpu:8000'] }),
    asks('it fails for ever', 'twice', {}, { replies: { 'gpu:8000': fails(500) } }),
    asks('a full engine, then an answer', 'twice', {}, { replies: { 'gpu:8000': [fails(429), { pieces: ['well'] }] } }),
    asks('a bad request', 'twice', {}, { replies: { 'gpu:8000': [fails(400), { pieces: ['well'] }] } }),
    asks('a wrong key', 'twice', {}, { replies: { 'gpu:8000': [fails(401), { pieces: ['well'] }] } }),
    asks('an unknown model', 'twice', {}, { replies: { 'gpu:8000': [fails(404), { pieces: ['well'] }] } }),
    asks('a stream that fails at first', 'twice', { stream: true }, { replies: { 'gpu:8000': [fails(500), { pieces: ['well'] }] } }),
    asks('a row without retries', 'never', {}, { replies: { 'never:8000': [fails(500), { pieces: ['well'] }] } }),
  ],
  differences: [
    changesStatus(['an engine that is not there'], '500 503'),
    changesStatus(['it fails for ever', 'a row without retries'], '500 502'),
    changesStatus(['a wrong key'], '401 502'),
    hidesWords(['a wrong key']),
  ],
};

/** Asking again, by what went wrong. */
const retryPolicies: Scene = {
  name: 'retry-policies',
  what: '`retry_policy` and `model_group_retry_policy`: how often is a matter of what went wrong',
  engines: { 'gpu:8000': says('well') },
  files: {
    'config.yaml': `
model_list:
  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://gpu:8000/v1", api_key: x}}
  - {model_name: other, litellm_params: {model: openai/m, api_base: "http://gpu:8000/v1", api_key: x}}
router_settings:
  disable_cooldowns: true
  retry_after: 0
  retry_policy: {RateLimitErrorRetries: 0, InternalServerErrorRetries: 1}
  model_group_retry_policy: {other: {RateLimitErrorRetries: 3}}
`,
  },
  steps: [
    asks('a full engine', 'm', {}, { replies: { 'gpu:8000': fails(429) } }),
    asks('a full engine of the other model', 'other'),
    asks('a broken engine', 'm', {}, { replies: { 'gpu:8000': fails(500) } }),
  ],
  differences: [changesStatus(['a broken engine'], '500 502')],
};

/** Engines that are left alone for a while. */
const cooldowns: Scene = {
  name: 'cooldowns',
  what: '`allowed_fails` and `cooldown_time`: a row that failed is left alone, and one that has no other is not',
  engines: { 'ill:8000': { models: ['m'], replies: fails(500) }, 'well:8000': says('well'), 'alone:8000': says('alone') },
  files: {
    'config.yaml': `
model_list:
  - {model_name: pair, litellm_params: {model: openai/m, api_base: "http://ill:8000/v1", api_key: x}}
  - {model_name: pair, litellm_params: {model: openai/m, api_base: "http://well:8000/v1", api_key: x}}
  - {model_name: alone, litellm_params: {model: openai/m, api_base: "http://alone:8000/v1", api_key: x, num_retries: 0}}
router_settings:
  allowed_fails: 0
  cooldown_time: 60
  num_retries: 3
  retry_after: 0
`,
  },
  steps: [
    asks('one of two is ill', 'pair', {}, { times: 20, shares: { 'ill:8000': [0, 0.2], 'well:8000': [1, 1] } }),
    asks('the only one is full', 'alone', {}, { replies: { 'alone:8000': fails(429) } }),
    asks('the only one, right after', 'alone', {}, { replies: { 'alone:8000': { pieces: ['alone'] } } }),
    asks('the only one breaks', 'alone', {}, { replies: { 'alone:8000': fails(500) } }),
    asks('the only one, right after that', 'alone', {}, { replies: { 'alone:8000': { pieces: ['alone'] } } }),
  ],
  differences: [changesStatus(['the only one breaks'], '500 502')],
};

const statuses = [400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504];

/** What a client sees of an engine's error. */
const errors: Scene = {
  name: 'errors',
  what: "an engine's errors as clients see them: status, code, headers",
  engines: { 'gpu:8000': says('well') },
  files: {
    'config.yaml': `
model_list:
  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://gpu:8000/v1", api_key: x}}
litellm_settings:
  num_retries: 0
router_settings:
  disable_cooldowns: true
`,
  },
  steps: [
    ...statuses.map((status) => asks(`status ${status}`, 'm', {}, { replies: { 'gpu:8000': fails(status) } })),
    asks('a retry-after of the engine', 'm', {}, { replies: { 'gpu:8000': fails(429, { 'retry-after': '7' }) } }),
    asks('a prompt that is too long', 'm', {}, { replies: { 'gpu:8000': { fault: { kind: 'overflow', promptTokens: 9000 } } } }),
    asks(
      'a web page in place of an answer',
      'm',
      {},
      { replies: { 'gpu:8000': { fault: { kind: 'content-type', contentType: 'text/html' } } } },
    ),
    asks('a connection that is reset', 'm', {}, { replies: { 'gpu:8000': { fault: { kind: 'reset' } } } }),
    asks('an engine that is not there', 'm', {}, { refuses: ['gpu:8000'] }),
    asks('an error before a stream', 'm', { stream: true }, { replies: { 'gpu:8000': fails(503) } }),
  ],
  differences: [
    ...([401, 403] as const).map((status) => changesStatus([`status ${status}`], `${status} 502`)),
    ...([413, 422] as const).map((status) => changesStatus([`status ${status}`], `${status} 400`)),
    changesStatus(['status 408'], '408 503'),
    changesStatus(['status 500', 'a web page in place of an answer', 'a connection that is reset'], '500 502'),
    changesStatus(['status 504'], '504 502'),
    changesStatus(['an engine that is not there'], '500 503'),
    hidesWords(['status 401', 'status 403']),
    {
      steps: ['a prompt that is too long'],
      at: ['got.body.error.message'],
      why: 'a prompt that is too long is told in the same words whatever the engine, with the numbers',
    },
    {
      steps: ['a connection that is reset'],
      at: ['sent.count'],
      ...{ litellm: 1, ours: 2 },
      why: 'a request that met a closing connection goes once more on a new one: the engine may have closed it just then',
    },
  ],
};

/** Time that an answer may take. */
const timeouts: Scene = {
  name: 'timeouts',
  what: '`timeout` and `stream_timeout`: an engine that takes a request and says nothing',
  engines: { 'slow:8000': says('slow') },
  files: {
    'config.yaml': `
model_list:
  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://slow:8000/v1", api_key: x, timeout: 2}}
  - {model_name: streamed, litellm_params: {model: openai/m, api_base: "http://slow:8000/v1", api_key: x, timeout: 20, stream_timeout: 2}}
litellm_settings:
  num_retries: 0
router_settings:
  disable_cooldowns: true
`,
  },
  steps: [
    asks('an answer in time', 'm'),
    asks('no answer', 'm', {}, { replies: { 'slow:8000': { fault: { kind: 'hang-before-headers' } } } }),
    asks('no answer to a stream', 'streamed', { stream: true }),
    asks(
      'a stream that takes longer than the time for its first byte',
      'streamed',
      { stream: true },
      {
        replies: { 'slow:8000': { pieces: ['a', 'b', 'c', 'd', 'e'], firstByteDelayMs: 0, delayMs: 500 } },
      },
    ),
  ],
  differences: [changesStatus(['no answer', 'no answer to a stream'], '408 504')],
};

const streams = (name: string, reply: FakeReply, more = {}): Step =>
  asks(name, 'm', { stream: true, ...more }, { replies: { 'gpu:8000': reply } });

/** Streams. */
const streaming: Scene = {
  name: 'streams',
  what: 'streams: usage when asked for and not, calls, reasoning, and what breaks in the middle',
  engines: { 'gpu:8000': says('well') },
  files: {
    'config.yaml': `
model_list:
  - {model_name: m, litellm_params: {model: openai/m, api_base: "http://gpu:8000/v1", api_key: x}}
litellm_settings:
  num_retries: 0
router_settings:
  disable_cooldowns: true
`,
  },
  steps: [
    streams('without usage', {}),
    streams('with usage', {}, { stream_options: { include_usage: true } }),
    streams('usage that nobody asked for', { usagePlace: 'finish' }),
    streams('usage beside the end', { usagePlace: 'finish' }, { stream_options: { include_usage: true } }),
    streams(
      'two calls',
      { toolCalls: [weatherCall.toolCalls[0], { name: 'get_time', argumentPieces: ['{}'] }] },
      { tools: [weatherTool, timeTool] },
    ),
    streams('reasoning', { reasoning: ['Let me ', 'think.'], pieces: ['Done.'] }),
    streams('the answer was cut by its length', { finish: 'length' }),
    streams('an error in the middle', { pieces: ['a', 'b'], delayMs: 100, fault: { kind: 'error-event', afterPieces: 1 } }),
    streams('a connection that breaks in the middle', { pieces: ['a', 'b'], delayMs: 100, fault: { kind: 'cut', afterPieces: 1 } }),
    streams('no end mark', { fault: { kind: 'no-done' } }),
    asks('reasoning, not streamed', 'm', {}, { replies: { 'gpu:8000': { reasoning: ['Let me think.'], pieces: ['Done.'] } } }),
  ],
  differences: [],
};

/** What happens when an engine fails, and on streams. */
export const failureScenes: readonly Scene[] = [fallbacks, retries, retryPolicies, cooldowns, errors, timeouts, streaming];
