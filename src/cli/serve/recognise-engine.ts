import type { JsonAnswer } from './ask-json.ts';

/** Engines that are found on this machine. */
export type LocalKind = 'vllm' | 'ollama' | 'llama-server' | 'openai';

/** An engine that answered. */
export interface FoundEngine {
  readonly kind: LocalKind;
  /** the server's address; for `openai` with `/v1` */
  readonly baseUrl: string;
  /** its name and, where told, version: `Ollama 0.34.0` */
  readonly about: string;
  /** empty unless `ready` */
  readonly modelIds: readonly string[];
  /**
   * `ready`: serves the models listed; `empty`: runs, but has no model; `loading`: will answer once its model is in memory;
   * `needs-key`: answers nobody without a key.
   */
  readonly state: 'ready' | 'empty' | 'loading' | 'needs-key';
}

/** What is asked of every server; strangers hear nothing else. */
export const firstPath = '/v1/models';

/** What is asked besides of one that answers as an engine does, to learn which. None of these loads a model. */
export type FurtherPath = '/version' | '/props' | '/api/version' | '/api/tags' | '/api/v0/models';

/** Answers by path. */
export type EngineAnswers = Readonly<Record<typeof firstPath | FurtherPath, JsonAnswer>>;

/** Whether the answer to the first question is an engine's: a list of models, a refusal for want of a key, or "not yet". */
export function mayBeEngine(first: JsonAnswer): boolean {
  return (first.status === 200 && isModelList(first.value)) || isRefusal(first) || isLoading(first);
}

/**
 * Tells the kind by what is answered and never by the port; undefined for what is no engine. An engine that only looks like one of the
 * known kinds is `openai`, which works with all of them.
 * Source: vLLM 0.32.0, Ollama 0.34.0 and llama-server b11434 (docs/engines-notes.md); LM Studio's REST API, `/api/v0/models`.
 */
export function recogniseEngine(origin: string, answers: EngineAnswers): FoundEngine | undefined {
  const first = answers[firstPath];
  if (!mayBeEngine(first)) return undefined;
  if (isLoading(first)) return { kind: 'llama-server', baseUrl: origin, about: 'llama-server', modelIds: [], state: 'loading' };
  if (isRefusal(first)) return recogniseGuarded(origin, answers);
  return (
    recogniseLlamaServer(origin, answers) ?? recogniseOllama(origin, answers) ?? recogniseVllm(origin, answers) ?? other(origin, answers)
  );
}

function recogniseLlamaServer(origin: string, { [firstPath]: list, '/props': props }: EngineAnswers): FoundEngine | undefined {
  if (!isOwnedBy(list.value, 'llamacpp')) return undefined;
  const build = readVersion(props.value, 'build_info').replace(/-.*$/, '');
  const found = { kind: 'llama-server', baseUrl: origin, about: nameOf('llama-server', build) } as const;
  // it may show its models to everyone and keep the rest for holders of the key
  if (props.status === 401) return { ...found, modelIds: [], state: 'needs-key' };
  const { default_generation_settings: settings, role } = fieldsOf(props.value);
  // a router starts one llama-server a model and has no slots or template of its own
  const isSingle = typeof settings === 'object' && settings !== null && role !== 'router';
  return isSingle ? withModels(found, listedIds(list.value)) : undefined;
}

function recogniseOllama(origin: string, { '/api/version': told, '/api/tags': tags }: EngineAnswers): FoundEngine | undefined {
  const version = readVersion(told.value, 'version');
  const { models } = fieldsOf(tags.value);
  if (version === '' || tags.status !== 200 || (models !== null && !Array.isArray(models))) return undefined;
  const ids = entriesOf(models).map((model) => model.model ?? model.name);
  return withModels({ kind: 'ollama', baseUrl: origin, about: nameOf('Ollama', version) }, ids);
}

function recogniseVllm(origin: string, { [firstPath]: list, '/version': told }: EngineAnswers): FoundEngine | undefined {
  const version = readVersion(told.value, 'version');
  if (version === '' || !isOwnedBy(list.value, 'vllm')) return undefined;
  return withModels({ kind: 'vllm', baseUrl: origin, about: nameOf('vLLM', version) }, listedIds(list.value));
}

function other(origin: string, { [firstPath]: list, '/api/v0/models': lmStudio, '/props': props }: EngineAnswers): FoundEngine {
  const names = [
    isOwnedBy(list.value, 'rookery') && 'another Rookery',
    fieldsOf(props.value).role === 'router' && 'a llama-server router',
    entriesOf(fieldsOf(lmStudio.value).data).some((model) => typeof model.compatibility_type === 'string') && 'LM Studio',
  ];
  const about = names.find((each) => each !== false) ?? 'an OpenAI-compatible server';
  return withModels({ kind: 'openai', baseUrl: `${origin}/v1`, about }, listedIds(list.value));
}

function recogniseGuarded(origin: string, { [firstPath]: refusal, '/version': told }: EngineAnswers): FoundEngine {
  const { error } = fieldsOf(refusal.value);
  const closed = { modelIds: [], state: 'needs-key' } as const;
  const version = readVersion(told.value, 'version');
  if (error === 'Unauthorized' && version !== '') return { kind: 'vllm', baseUrl: origin, about: nameOf('vLLM', version), ...closed };
  const { type, message } = fieldsOf(error);
  if (type === 'authentication_error' && message === 'Invalid API Key') {
    return { kind: 'llama-server', baseUrl: origin, about: 'llama-server', ...closed };
  }
  return { kind: 'openai', baseUrl: `${origin}/v1`, about: 'a server', ...closed };
}

function withModels(found: Pick<FoundEngine, 'kind' | 'baseUrl' | 'about'>, ids: readonly unknown[]): FoundEngine {
  const modelIds = [...new Set(ids.filter((id) => typeof id === 'string' && id !== ''))] as string[];
  return { ...found, modelIds, state: modelIds.length === 0 ? 'empty' : 'ready' };
}

/** `{"object":"list","data":[{"id":…,"object":"model"}]}`, where servers leave one of the two out; Ollama without models writes `null` for the data. */
function isModelList(value: unknown): boolean {
  const { object, data } = fieldsOf(value);
  return (object === 'list' && (data === null || Array.isArray(data))) || entriesOf(data).some((entry) => entry.object === 'model');
}

/** A refusal in the manner of an API; a web page that wants a log-in is none. */
function isRefusal({ status, value }: JsonAnswer): boolean {
  const { error } = fieldsOf(value);
  return status === 401 && (typeof error === 'string' || (typeof error === 'object' && error !== null));
}

function isLoading({ status, value }: JsonAnswer): boolean {
  return status === 503 && fieldsOf(fieldsOf(value).error).message === 'Loading model';
}

function isOwnedBy(list: unknown, owner: string): boolean {
  return entriesOf(fieldsOf(list).data).some((entry) => entry.owned_by === owner);
}

function listedIds(list: unknown): readonly unknown[] {
  return entriesOf(fieldsOf(list).data).map((entry) => entry.id);
}

/** '' for what is no version. */
function readVersion(value: unknown, field: string): string {
  const version = fieldsOf(value)[field];
  return typeof version === 'string' && /^[\w.+-]{1,60}$/.test(version) ? version : '';
}

function nameOf(engine: string, version: string): string {
  return version === '' ? engine : `${engine} ${version}`;
}

function entriesOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
