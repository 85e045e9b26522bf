import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Configuration } from '../configuration.ts';
import { plain, readGood, readWarnings } from '../read.test.support.ts';

interface Field {
  /** inside `litellm_params`, after a model on a server of its own */
  readonly params?: string;
  /** inside `model_info` */
  readonly info?: string;
  /** after the list of models */
  readonly rest?: string;
  readonly gives: (configuration: Configuration) => unknown;
  readonly expected: unknown;
}

const target = ({ models }: Configuration) => models[0]?.targets[0];
const upstream = ({ upstreams }: Configuration) => upstreams[0]?.kind !== 'embedded' && upstreams[0];
const headersOf = (configuration: Configuration) =>
  upstream(configuration) && (plain(upstream(configuration)) as { readonly headers: unknown }).headers;
const rules = ({ routing }: Configuration) => routing.rules;
const router = (text: string) => `router_settings: {${text}}\n`;
const litellm = (text: string) => `litellm_settings: {${text}}\n`;
const general = (text: string) => `general_settings: {${text}}\n`;

/** One for each field of LiteLLM's file that has to be honoured and is not about keys, budgets or caches. */
const fields: Readonly<Record<string, Field>> = {
  'litellm_params.timeout': { params: 'timeout: 2.5', gives: (c) => target(c)?.timeouts, expected: { requestMs: 2500 } },
  'litellm_params.stream_timeout': { params: 'stream_timeout: 3', gives: (c) => target(c)?.timeouts, expected: { streamMs: 3000 } },
  'litellm_params.max_retries': { params: 'max_retries: 7', gives: (c) => target(c)?.rules, expected: { retries: 7 } },
  'litellm_params.num_retries': { params: 'num_retries: 0', gives: (c) => target(c)?.rules, expected: { retries: 0 } },
  'litellm_params.ssl_verify': {
    params: 'ssl_verify: false',
    gives: ({ upstreams: [first] }) => first && 'headers' in first && first.verifiesCertificate,
    expected: false,
  },
  'litellm_params.organization': { params: 'organization: o', gives: headersOf, expected: { 'openai-organization': 'o' } },
  'litellm_params.extra_headers': { params: 'extra_headers: {X-A: b}', gives: headersOf, expected: { 'x-a': 'b' } },
  'litellm_params.headers': { params: 'headers: {X-Api-Key: abc123}', gives: headersOf, expected: { 'x-api-key': 'literal = abc123' } },
  'litellm_params.temperature': { params: 'temperature: 0', gives: (c) => target(c)?.defaults, expected: { temperature: 0 } },
  'litellm_params.stop': { params: 'stop: [a, b]', gives: (c) => target(c)?.defaults, expected: { stop: ['a', 'b'] } },
  'litellm_params.extra_body': { params: 'top_k: 1, extra_body: {top_k: 2}', gives: (c) => target(c)?.defaults, expected: { top_k: 2 } },
  'litellm_params.rpm as a weight': { params: 'rpm: 9', gives: (c) => [target(c)?.weight, target(c)?.limits], expected: [9, {}] },
  'litellm_params.weight before rpm': { params: 'rpm: 9, weight: 2', gives: (c) => target(c)?.weight, expected: 2 },
  'litellm_params.rpm as a limit': {
    ...{ params: 'rpm: 9, tpm: 90', rest: router('optional_pre_call_checks: [enforce_model_rate_limits]') },
    ...{ gives: (c) => target(c)?.limits, expected: { requestsPerMinute: 9, tokensPerMinute: 90 } },
  },
  'litellm_params.order': { params: 'order: 2', gives: (c) => target(c)?.order, expected: 2 },
  'litellm_params.max_parallel_requests': {
    params: 'max_parallel_requests: 3',
    gives: (c) => target(c)?.limits,
    expected: { parallel: 3 },
  },
  'litellm_params.drop_params': { params: 'drop_params: "true"', gives: (c) => target(c)?.drops.dropsUnsupported, expected: true },
  'litellm_params.additional_drop_params': {
    params: 'additional_drop_params: [user]',
    gives: (c) => target(c)?.drops.paths,
    expected: ['user'],
  },
  'litellm_params.allowed_openai_params': { params: 'allowed_openai_params: [x]', gives: (c) => target(c)?.defaults, expected: {} },
  'model_info.id': { info: 'id: one', gives: (c) => target(c)?.id, expected: 'one' },
  'model_info.mode': { info: 'mode: embedding', gives: ({ models }) => models[0]?.mode, expected: 'embedding' },
  'model_info.supports_function_calling': {
    info: 'supports_function_calling: false',
    gives: ({ models }) => models[0]?.facts,
    expected: {},
  },
  'model_info.max_input_tokens': { info: 'max_input_tokens: 5', gives: ({ models }) => models[0]?.facts, expected: { inputTokens: 5 } },
  'model_info.max_output_tokens': { info: 'max_output_tokens: 6', gives: ({ models }) => models[0]?.facts, expected: { outputTokens: 6 } },
  'model_info.max_tokens': {
    info: 'max_tokens: 7, max_output_tokens: 6',
    gives: ({ models }) => models[0]?.facts,
    expected: { outputTokens: 6 },
  },
  'router_settings.routing_strategy, absent': { gives: (c) => rules(c).policy.name, expected: 'weighted' },
  'router_settings.routing_strategy': {
    rest: router('routing_strategy: least-busy'),
    gives: (c) => rules(c).policy.name,
    expected: 'least-in-flight',
  },
  'router_settings.routing_strategy_args': {
    ...{ rest: router('routing_strategy: latency-based-routing, routing_strategy_args: {ttl: 1}') },
    ...{ gives: (c) => rules(c).policy, expected: { name: 'latency', options: { window: '1000ms' } } },
  },
  'router_settings.model_group_alias': {
    ...{ rest: router('model_group_alias: {b: m}'), gives: ({ models }) => models[0]?.aliases, expected: [{ name: 'b', isHidden: false }] },
  },
  'router_settings.num_retries': {
    rest: router('num_retries: 9') + litellm('num_retries: 1'),
    gives: (c) => rules(c).retries,
    expected: 9,
  },
  'router_settings.retry_after': { rest: router('retry_after: 4'), gives: (c) => rules(c).retryPauseMs, expected: 4000 },
  'router_settings.retry_policy': {
    ...{
      rest: router('retry_policy: {ContentPolicyViolationErrorRetries: 0}'),
      gives: (c) => rules(c).retriesFor,
      expected: { 'content-policy': 0 },
    },
  },
  'router_settings.model_group_retry_policy': {
    rest: router('model_group_retry_policy: {m: {DefaultRetries: 3, BadRequestErrorRetries: 1}}'),
    gives: ({ models }) => [models[0]?.rules.retries, models[0]?.rules.retriesFor],
    expected: [3, { 'bad-request': 1 }],
  },
  'router_settings.timeout and stream_timeout': {
    ...{ rest: router('timeout: 1, stream_timeout: 2'), gives: (c) => rules(c).timeouts, expected: { requestMs: 1000, streamMs: 2000 } },
  },
  'router_settings.allowed_fails': { rest: router('allowed_fails: 8'), gives: (c) => rules(c).allowedFails, expected: 8 },
  'router_settings.allowed_fails_policy': {
    ...{
      rest: router('allowed_fails_policy: {RateLimitErrorAllowedFails: 5}'),
      gives: (c) => rules(c).failsFor,
      expected: { 'rate-limit': 5 },
    },
  },
  'router_settings.cooldown_time': {
    rest: router('cooldown_time: 90'),
    gives: (c) => [rules(c).cooldownMs, rules(c).longestCooldownMs],
    expected: [90_000, 90_000],
  },
  'router_settings.disable_cooldowns': {
    rest: router('disable_cooldowns: true, cooldown_time: 9'),
    gives: (c) => rules(c).cooldownMs,
    expected: 0,
  },
  'router_settings.fallbacks over litellm_settings': {
    rest: router('fallbacks: [{m: [a]}]') + litellm('fallbacks: [{m: [b]}]'),
    ...{ gives: ({ models }) => models[0]?.rules.fallbacks, expected: ['a'] },
  },
  'router_settings.max_fallbacks': { rest: router('max_fallbacks: 1'), gives: (c) => rules(c).mostFallbacks, expected: 1 },
  'router_settings.enable_pre_call_checks': {
    rest: router('enable_pre_call_checks: true'),
    gives: (c) => rules(c).policy.name,
    expected: 'weighted',
  },
  'router_settings.optional_pre_call_checks': {
    ...{ rest: router('optional_pre_call_checks: [prompt_caching]'), gives: (c) => rules(c).policy.name, expected: 'prefix-affinity' },
  },
  'router_settings.enable_tag_filtering': {
    rest: router('enable_tag_filtering: true'),
    gives: ({ routing }) => routing.tagFiltering,
    expected: 'any',
  },
  'router_settings.tag_filtering_match_any': {
    ...{
      rest: router('enable_tag_filtering: true, tag_filtering_match_any: false'),
      gives: ({ routing }) => routing.tagFiltering,
      expected: 'all',
    },
  },
  'router_settings.default_max_parallel_requests': {
    ...{ rest: router('default_max_parallel_requests: 2'), gives: (c) => target(c)?.limits, expected: { parallel: 2 } },
  },
  'router_settings.default_litellm_params': {
    ...{ params: 'seed: 1', rest: router('default_litellm_params: {seed: 2, user: u}'), gives: (c) => target(c)?.defaults },
    expected: { seed: 1, user: 'u' },
  },
  'litellm_settings.drop_params': {
    rest: litellm('drop_params: true'),
    gives: ({ models }) => models[0]?.drops.dropsUnsupported,
    expected: true,
  },
  'litellm_settings.request_timeout': {
    rest: litellm('request_timeout: 10'),
    gives: (c) => rules(c).timeouts,
    expected: { requestMs: 10_000 },
  },
  'litellm_settings.request_timeout, absent': { gives: (c) => rules(c).timeouts, expected: { requestMs: 6_000_000 } },
  'litellm_settings.num_retries': { rest: litellm('num_retries: 1'), gives: (c) => rules(c).retries, expected: 1 },
  'litellm_settings.default_fallbacks': {
    rest: litellm('default_fallbacks: [z]'),
    gives: ({ models }) => models[0]?.rules.fallbacks,
    expected: ['z'],
  },
  'litellm_settings.default_fallbacks under those of a model': {
    rest: litellm('default_fallbacks: [z], fallbacks: [{m: [y]}]'),
    ...{ gives: ({ models }) => models[0]?.rules.fallbacks, expected: ['y'] },
  },
  'litellm_settings.context_window_fallbacks': {
    ...{ rest: litellm('context_window_fallbacks: [{m: [w]}]'), gives: ({ models }) => models[0]?.rules.contextFallbacks, expected: ['w'] },
  },
  'litellm_settings.content_policy_fallbacks': {
    ...{ rest: litellm('content_policy_fallbacks: [{m: [c]}]'), gives: ({ models }) => models[0]?.rules.contentFallbacks, expected: ['c'] },
  },
  'litellm_settings.enable_json_schema_validation': {
    ...{ rest: litellm('enable_json_schema_validation: true'), gives: ({ models }) => models.length, expected: 1 },
  },
  'general_settings.global_max_parallel_requests': {
    ...{ rest: general('global_max_parallel_requests: 5'), gives: ({ server }) => server.limits.parallel, expected: 5 },
  },
  'general_settings.health_check_interval': {
    rest: general('background_health_checks: true, health_check_interval: 20'),
    ...{ gives: ({ routing }) => routing.probes.intervalMs, expected: 20_000 },
  },
  'general_settings.health_check_interval, not asked for': {
    ...{ rest: general('health_check_interval: 20'), gives: ({ routing }) => routing.probes.intervalMs, expected: 10_000 },
  },
  'general_settings.litellm_key_header_name': {
    rest: general('litellm_key_header_name: X-K'),
    gives: ({ server }) => server.keyHeader,
    expected: 'x-k',
  },
  'general_settings.max_request_size_mb': {
    rest: general('max_request_size_mb: 1'),
    gives: ({ server }) => server.limits.bodyBytes,
    expected: 1024 ** 2,
  },
  'general_settings.pass_through_endpoints': {
    rest: general('pass_through_endpoints: [{path: /p, target: "http://t", headers: {a: b}}]'),
    gives: ({ passThrough }) => passThrough,
    expected: [{ path: '/p', target: 'http://t', headers: { a: 'b' }, forwardsHeaders: false }],
  },
};

for (const [name, { params, info, rest = '', gives, expected }] of Object.entries(fields)) {
  test(`LiteLLM's ${name} is honoured`, async () => {
    const values = ['model: openai/x, api_base: "http://s/v1", api_key: none', ...(params ? [params] : [])].join(', ');
    const text = `model_list:\n  - model_name: m\n    litellm_params: {${values}}\n${info ? `    model_info: {${info}}\n` : ''}${rest}`;
    assert.deepEqual(gives(await readGood(text)), expected);
    // what is honoured is no remark; names of models that are not there are one
    assert.deepEqual(
      (await readWarnings(text)).filter((warning) => !warning.includes('is no model of this file')),
      [],
    );
  });
}
