import type { JsonObject, JsonValue } from '#dist/protocol/json.js';

/** What a client got, in a form that two gateways can be compared in. `unplace` gives addresses back their names in the scene. */
export async function readAnswer(response: Response, unplace: (text: string) => string): Promise<JsonObject> {
  const text = unplace(await response.text().catch((error: Error) => `(cut: ${error.name})`));
  const retryAfter = response.headers.has('retry-after') ? { retryAfter: true } : {};
  const head = { status: response.status, ...retryAfter, ...nameHeaders(response.headers) };
  if ((response.headers.get('content-type') ?? '').startsWith('text/event-stream')) return { ...head, stream: readStream(text) };
  return { ...head, body: sortModels(tidy(parse(text))) };
}

/** A list of models is a set to its readers; one that a provider's whole price list went into is no more than that. */
function sortModels(body: JsonValue): JsonValue {
  const { data, ...rest } = fields(body);
  if (!Array.isArray(data) || !data.every((each: JsonValue) => fields(each).object === 'model')) return body;
  const sorted = (data as readonly JsonValue[]).toSorted((left, right) => (textOf(fields(left).id) < textOf(fields(right).id) ? -1 : 1));
  return { ...rest, data: sorted.length > 20 ? '(more than 20 models)' : sorted };
}

/** Whose headers tell of the gateway's work. */
function nameHeaders(headers: Headers): JsonObject {
  const names = ['x-litellm', 'x-rookery'].filter((name) => [...headers.keys()].some((each) => each.startsWith(name)));
  return names.length === 0 ? {} : { headers: `${names.join(' and ')}-*` };
}

/** A stream as its sum: what a client that puts it together has in the end, and where the marks are that clients rely on. */
function readStream(text: string): JsonObject {
  const events = text.split(/\r?\n\r?\n/).flatMap((event) => /^data: ?(.*)$/m.exec(event)?.[1] ?? []);
  const chunks = events.filter((data) => data !== '[DONE]').map(parse);
  const sum = new StreamSum();
  for (const chunk of chunks) sum.add(chunk);
  return tidy({ ...sum.result(), isDone: events.at(-1) === '[DONE]' }) as JsonObject;
}

interface StreamedCall {
  id: string;
  name: string;
  arguments: string;
  /** its first event had id, type and name */
  isIntroduced: boolean;
}

class StreamSum {
  readonly #texts = { content: '', reasoning: '', text: '' };
  readonly #calls = new Map<number, StreamedCall>();
  readonly #usages: JsonValue[] = [];
  #role: JsonValue = null;
  #finish: JsonValue = null;
  #model: JsonValue = null;
  #error: JsonValue = null;

  add(chunk: JsonValue): void {
    const event = fields(chunk);
    if (event.error !== undefined) this.#error = event.error;
    if (event.model !== undefined) this.#model = event.model;
    const choices = Array.isArray(event.choices) ? event.choices : [];
    if (event.usage) this.#usages.push({ usage: event.usage, hasChoices: choices.length > 0 });
    for (const choice of choices as readonly JsonValue[]) this.#addChoice(fields(choice));
  }

  result(): JsonObject {
    const { content, reasoning, text } = this.#texts;
    const calls = [...this.#calls].map(([index, call]) => ({ index, ...call }));
    const answer = { role: this.#role, content, reasoning, text, calls, finish: this.#finish };
    return { model: this.#model, ...answer, usages: this.#usages, error: this.#error };
  }

  #addChoice(choice: JsonObject): void {
    const delta = fields(choice.delta);
    this.#role = delta.role ?? this.#role;
    this.#finish = choice.finish_reason ?? this.#finish;
    this.#texts.text += textOf(choice.text);
    this.#texts.content += textOf(delta.content);
    this.#texts.reasoning += textOf(delta.reasoning_content ?? delta.reasoning);
    for (const call of Array.isArray(delta.tool_calls) ? (delta.tool_calls as readonly JsonValue[]) : []) this.#addCall(fields(call));
  }

  #addCall(call: JsonObject): void {
    const index = Number(call.index);
    const said = fields(call.function);
    const isIntroduced = Boolean(call.id) && call.type === 'function' && Boolean(said.name);
    const known = this.#calls.get(index) ?? { id: textOf(call.id), name: textOf(said.name), arguments: '', isIntroduced };
    known.arguments += textOf(said.arguments);
    this.#calls.set(index, known);
  }
}

/** Null, empty lists and empty maps are as good as absent to a client; ids and times are made alike, and errors say the same in their own words. */
function tidy(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  const tidied: Record<string, JsonValue> = {};
  for (const [key, each] of Object.entries(value)) {
    const inner = tidyField(key, each);
    if (!isEmpty(inner)) tidied[key] = inner;
  }
  return tidied;
}

function tidyField(key: string, value: JsonValue): JsonValue {
  if (key === 'created') return '(time)';
  if (key === 'id' && typeof value === 'string' && /^(chatcmpl|cmpl|msg|resp|fake)-/.test(value)) return '(id)';
  if (key === 'id' && typeof value === 'string' && /^call_/.test(value)) return '(call)';
  if (key === 'message' && typeof value === 'string') return tellsWhy(value);
  return tidy(value);
}

/** Words of an error are each gateway's own; what counts is whether the engine's reason is in them. */
function tellsWhy(message: string): string {
  return message.includes('The fake engine') || message.includes('Incorrect API key') || message.includes('maximum context length')
    ? "(with the engine's words)"
    : '(in words)';
}

function isEmpty(value: JsonValue): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0) || value === '';
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text.slice(0, 200);
  }
}

function fields(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
