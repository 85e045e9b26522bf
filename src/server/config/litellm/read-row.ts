import { given } from '../../../api/decode/given.ts';
import type { TargetOptions } from '../../../gateway/routes/route-options.ts';
import { findModel } from '../../../models/match/find-model.ts';
import type { JsonObject, JsonValue } from '../../../protocol/json.ts';
import { findNearestName } from '../../../text/nearest-name.ts';
import type { ModelFacts, ModelMode } from '../configuration.ts';
import type { Path } from '../file/located.ts';
import { readDefaults } from '../own/make-models.ts';
import type { Reading } from '../reading.ts';
import { bodyFields, ollamaOptions, setAsideParams, setAsidePrefixes } from './field-names.ts';
import { readUpstream, type UpstreamNames } from './read-upstream.ts';
import type { Section } from './section.ts';

/** A row of `model_list`: one target of the model that it names, and what it says of the model itself. */
export interface Row {
  readonly name: string;
  readonly path: Path;
  readonly target: TargetOptions;
  /** what may be its weight, see `weighRows` */
  readonly weights: { readonly weight?: number; readonly rpm?: number; readonly tpm?: number };
  readonly mode?: ModelMode;
  readonly facts: ModelFacts;
  readonly groups: readonly string[];
}

/** What rows are read with. */
export interface RowContext {
  readonly reading: Reading;
  readonly upstreams: UpstreamNames;
  /** `router_settings.default_litellm_params`: rows win over it */
  readonly defaults: Section;
  readonly credentials: ReadonlyMap<string, Section>;
  readonly verifiesCertificates: boolean;
  /** rpm and tpm are limits, not only weights */
  readonly hasLimits: boolean;
  readonly defaultParallel: number | undefined;
}

/** Reads a row. Undefined, and a fault, where it says no name or not where the model is. */
export function readRow(row: Section, context: RowContext): Row | undefined {
  const name = row.text('model_name');
  if (name === undefined) {
    if (!row.has('model_name')) row.faultHere('the key `model_name` is missing: expected the name that callers ask for.');
    return undefined;
  }
  if (!row.has('litellm_params')) return row.faultHere('the key `litellm_params` is missing: expected a map with `model`.');
  const own = row.section('litellm_params');
  const credentialName = own.text('litellm_credential_name');
  const credential = credentialName === undefined ? undefined : context.credentials.get(credentialName);
  if (credentialName !== undefined && credential === undefined) {
    own.fault('litellm_credential_name', 'there is no credential of this name in `credential_list`.');
  }
  const params = (credential ? own.over(credential) : own).over(context.defaults);
  params.accept('litellm_credential_name');
  const info = row.section('model_info');
  const found = readUpstream(context.reading, params, context.verifiesCertificates);
  const target = found && readTarget({ row, params, info, upstream: context.upstreams.nameFor(found.draft), model: found.model }, context);
  row.tellRest(['model_name', 'litellm_params', 'model_info']);
  if (target === undefined || found === undefined) return undefined;
  checkStars(params, name, found.model);
  const { facts, mode, groups } = readInfo(info);
  const { weight, rpm, tpm } = target.weights;
  return { name, path: row.path, target: target.target, weights: given({ weight, rpm, tpm }), facts, groups, ...given({ mode }) };
}

function checkStars(params: Section, name: string, model: string): void {
  const stars = (text: string) => text.split('*').length - 1;
  if (stars(model) > stars(name)) params.fault('model', 'it has more `*` than `model_name`, which say what they stand for.');
}

interface TargetParts {
  readonly row: Section;
  readonly params: Section;
  readonly info: Section;
  readonly upstream: string;
  readonly model: string;
}

function readTarget({ row, params, info, upstream, model }: TargetParts, context: RowContext) {
  const weights = { weight: params.number('weight'), rpm: params.count('rpm'), tpm: params.count('tpm') };
  const parallel = params.count('max_parallel_requests') ?? context.defaultParallel;
  // beside `litellm_params` they are limits only
  const beside = { requestsPerMinute: row.count('rpm'), tokensPerMinute: row.count('tpm') };
  const limits = context.hasLimits
    ? given({ requestsPerMinute: weights.rpm ?? beside.requestsPerMinute, tokensPerMinute: weights.tpm ?? beside.tokensPerMinute })
    : {};
  const input = params.number('input_cost_per_token') ?? info.number('input_cost_per_token');
  const output = params.number('output_cost_per_token') ?? info.number('output_cost_per_token');
  const retries = params.count('num_retries') ?? params.count('max_retries');
  params.accept('max_retries');
  const rules = given({ retries, cooldownMs: params.seconds('cooldown_time'), allowedFails: params.count('allowed_fails') });
  const target: TargetOptions = {
    ...given({ id: info.text('id') }),
    ...{ upstream, model, weight: 1, order: params.count('order') ?? 0, tags: params.texts('tags') },
    limits: { ...limits, ...given({ parallel }) },
    timeouts: given({ requestMs: params.seconds('timeout'), streamMs: params.seconds('stream_timeout') }),
    drops: { dropsUnsupported: params.flag('drop_params') ?? false, paths: params.texts('additional_drop_params') },
    ...(input === undefined && output === undefined ? {} : { cost: { input: input ?? 0, output: output ?? 0 } }),
    rules,
    // last: whatever was not asked for until now is a body field
    defaults: readBodyFields(params, context.reading),
  };
  return { target, weights };
}

/** What LiteLLM does not know in `litellm_params` goes into each request that has no such field. */
function readBodyFields(params: Section, reading: Reading): JsonObject {
  // unknown fields pass here without being allowed
  params.accept('allowed_openai_params', 'num_ctx', 'keep_alive', 'model_info');
  params.setAside('it is left aside: nothing here acts on it.', ...setAsideParams);
  params.setAside(
    'it is left aside: it is for providers that are not spoken here.',
    ...params.rest().filter((key) => setAsidePrefixes.test(key)),
  );
  const fields: Record<string, JsonValue> = {};
  const options: Record<string, JsonValue> = {};
  const extraPath = params.pathOf('extra_body');
  const extra = params.json('extra_body');
  for (const key of params.rest()) {
    if (!bodyFields.includes(key)) warnOfMisspelling(params, key);
    const value = params.json(key);
    if (value === undefined) continue;
    if (ollamaOptions.includes(key)) options[key] = value;
    else fields[key === 'repeat_penalty' ? 'repetition_penalty' : key] = value;
  }
  if (Object.keys(options).length > 0) fields.options = options;
  if (extra === undefined) return fields;
  if (typeof extra !== 'object' || extra === null || Array.isArray(extra)) {
    params.fault('extra_body', 'expected a map of body fields.');
    return fields;
  }
  return { ...fields, ...readDefaults(reading, extra as JsonObject, extraPath) };
}

function warnOfMisspelling(params: Section, key: string): void {
  if (ollamaOptions.includes(key) || key === 'repeat_penalty') return;
  const nearest = findNearestName(key, [
    ...bodyFields,
    ...setAsideParams,
    'api_base',
    'api_key',
    'api_version',
    'rpm',
    'tpm',
    'weight',
    'timeout',
    'order',
  ]);
  if (nearest !== undefined)
    params.warn(key, `it goes into each request's body, as LiteLLM does with what it does not know. Did you mean \`${nearest}\`?`);
}

const modes: Readonly<Record<string, ModelMode>> = {
  chat: 'chat',
  completion: 'completion',
  embedding: 'embedding',
  rerank: 'rerank',
  responses: 'chat',
};

function readInfo(info: Section): {
  readonly facts: ModelFacts;
  readonly mode: ModelMode | undefined;
  readonly groups: readonly string[];
} {
  const written = info.text('mode');
  const mode = written === undefined ? undefined : modes[written];
  if (written !== undefined && mode === undefined) info.warn('mode', 'nothing here does this. Known: chat, completion, embedding, rerank.');
  const base = info.text('base_model');
  const likeModel = base !== undefined && findModel(base) !== undefined ? base : undefined;
  if (base !== undefined && likeModel === undefined)
    info.warn('base_model', 'no family of models fits this name, so nothing follows from it.');
  const outputTokens = info.count('max_output_tokens') ?? info.count('max_tokens');
  // hints that are found out by ourselves, and limits that the engine tells
  info.accept('max_tokens', 'supports_function_calling', 'supports_response_schema', 'supports_system_messages', 'supports_tool_choice');
  const facts = given({
    ...{ likeModel, inputTokens: info.count('max_input_tokens'), outputTokens },
    ...{ parallelCalls: info.flag('supports_parallel_function_calling'), images: info.flag('supports_vision') },
  });
  const groups = info.texts('access_groups');
  info.accept('db_model', 'created_at', 'updated_at', 'created_by', 'updated_by', 'team_id', 'description');
  info.tellRest(['id', 'mode', 'base_model']);
  return { facts, mode, groups };
}
