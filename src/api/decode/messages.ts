import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { ContentPart, Message, PastCall } from '../../protocol/message.ts';
import type { RequestInput } from '../../protocol/request.ts';
import { type Decoder, isObject, list, object, optional, refuseOthers, required, text, unsupported, word, wrongValue } from './decoder.ts';
import { given } from './given.ts';
import type { WrittenField } from './written.ts';

/** Fields of a message that are read, and those of older answers that clients send back and that hold nothing to keep. */
const messageFields = new Set([
  ...['role', 'content', 'name', 'tool_calls', 'tool_call_id', 'reasoning_content', 'reasoning', 'refusal'],
  ...['audio', 'function_call', 'annotations', 'id'],
]);
const callFields = new Set(['id', 'type', 'index', 'function']);
const functionFields = new Set(['name', 'arguments']);
const partFields = new Set(['type', 'text', 'refusal', 'image_url', 'cache_control', 'annotations']);
const imageFields = new Set(['url', 'detail']);

const roles = word('system', 'developer', 'user', 'assistant', 'tool');
const plainRoles: ReadonlySet<JsonValue | undefined> = new Set(['system', 'user', 'assistant']);

/** The conversation of a chat body; `written` is `messages` as it came. */
export function readMessages(body: JsonObject, written: WrittenField | undefined): Extract<RequestInput, { readonly type: 'chat' }> {
  const messages = required(body, 'messages', list(message, 1, undefined, takePlain));
  const from = body.messages as readonly JsonObject[];
  if (written === undefined || !messages.every((each, index) => isWhole(each, from[index] ?? {}))) return { type: 'chat', messages };
  // a key that is there twice is read in one way here, and maybe in another by an engine
  const isPlain = written.members === messages.reduce((sum, each) => sum + countFields(each) + 5 * (each.toolCalls?.length ?? 0), 0);
  return isPlain ? { type: 'chat', messages, written: { messages, json: written.bytes } } : { type: 'chat', messages };
}

/** Whether a decoded message says all that was written and in the same words: content is a text, thoughts have one name only, and no field was left out. */
function isWhole(decoded: Message, from: JsonObject): boolean {
  if (decoded === (from as unknown)) return true;
  const { content, reasoning, toolCalls } = decoded;
  if (content !== from.content || reasoning !== undefined || countFields(decoded) !== countFields(from)) return false;
  return toolCalls === undefined || (from.tool_calls as readonly JsonObject[]).every(isWholeCall);
}

/** Its `id` and `function`, with a name and arguments, were found to be there: five fields. `index`, which is for streams, is no part of it. */
function isWholeCall(call: JsonObject): boolean {
  return call.type === 'function' && countFields(call) === 3;
}

function countFields(from: object): number {
  let count = 0;
  // a list of the keys would be made for each of a thousand messages
  for (const _ in from) count += 1;
  return count;
}

/** Most messages are a role and a text and no more: they are taken as they are. */
function takePlain(value: JsonValue): Message | undefined {
  if (!isObject(value)) return undefined;
  const { role, content: said } = value;
  return typeof said === 'string' && plainRoles.has(role) && countFields(value) === 2 ? (value as unknown as Message) : undefined;
}

/** One message of a chat body. Sounds and files are refused with `unsupported_feature`, and so are pictures by addresses that no engine could fetch. */
export const message: Decoder<Message> = (value, path) => {
  const from = object(value, path);
  refuseOthers(from, messageFields, path);
  if (from.role === 'function')
    throw unsupported(`${path}.role`, '"function" is the old way of answering calls; use "tool" with `tool_call_id`.');
  const role = required(from, 'role', roles, path);
  for (const name of ['audio', 'function_call']) {
    if (from[name] !== undefined && from[name] !== null)
      throw unsupported(`${path}.${name}`, 'is not supported in a message; use `content` and `tool_calls`.');
  }
  const toolCalls = role === 'assistant' ? optional(from, 'tool_calls', list(pastCall, 0, 128), path) : undefined;
  return given({
    role,
    content: readContent(from, path, role === 'assistant'),
    name: optional(from, 'name', text(1, 256), path),
    toolCalls: toolCalls?.length === 0 ? undefined : toolCalls,
    toolCallId: role === 'tool' ? required(from, 'tool_call_id', text(1, 256), path) : undefined,
    reasoning:
      role === 'assistant' ? (optional(from, 'reasoning_content', text(), path) ?? optional(from, 'reasoning', text(), path)) : undefined,
  });
};

function readContent(from: JsonObject, path: string, isAssistant: boolean): Message['content'] {
  const written = optional(from, 'content', content, path);
  if (written !== undefined) return written;
  if (isAssistant) return optional(from, 'refusal', text(), path) ?? null;
  return required(from, 'content', content, path);
}

const content: Decoder<string | readonly ContentPart[]> = (value, path) => {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) throw wrongValue(path, 'a text or a list of parts', value);
  return list(part)(value, path);
};

const part: Decoder<ContentPart> = (value, path) => {
  const from = object(value, path);
  const type = required(from, 'type', text(1, 64), path);
  if (type !== 'text' && type !== 'refusal' && type !== 'image_url')
    throw unsupported(`${path}.type`, `"${type}" is not supported: only parts of type "text" and "image_url" are.`);
  refuseOthers(from, partFields, path);
  if (type === 'image_url') return image(from.image_url ?? null, `${path}.image_url`);
  return { type: 'text', text: required(from, type, text(), path) };
};

const image: Decoder<ContentPart> = (value, path) => {
  const from: JsonObject = typeof value === 'string' ? { url: value } : object(value, path);
  refuseOthers(from, imageFields, path);
  const url = required(from, 'url', text(1), path);
  if (!/^(data:image\/|https?:\/\/)/i.test(url))
    throw wrongValue(`${path}.url`, 'a data:image/…;base64 URL, or an http address', url.slice(0, 32));
  return given({ type: 'image' as const, url, detail: optional(from, 'detail', word('auto', 'low', 'high'), path) });
};

const pastCall: Decoder<PastCall> = (value, path) => {
  const from = object(value, path);
  refuseOthers(from, callFields, path);
  optional(from, 'type', word('function'), path);
  const called = required(from, 'function', object, path);
  refuseOthers(called, functionFields, `${path}.function`);
  return {
    id: required(from, 'id', text(1, 256), path),
    name: required(called, 'name', text(1, 256), `${path}.function`),
    argumentsJson: required(called, 'arguments', text(), `${path}.function`),
  };
};
