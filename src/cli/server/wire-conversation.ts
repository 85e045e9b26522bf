import { isLiteralList, isLiteralObject, mapTexts, withMembers } from '../../templates/conversation.ts';
import { type LiteralJson, type LiteralJsonObject, printLiteralJson, pythonJsonStyle } from '../../text/literal-json.ts';

/** Members of a conversation that an API has fields for; the others are variables of the template. */
const ownNames: ReadonlySet<string> = new Set(['messages', 'tools', 'add_generation_prompt']);
/** Variables that a server takes from its model. */
const modelNames: ReadonlySet<string> = new Set(['bos_token', 'eos_token', 'unk_token', 'pad_token']);

/**
 * A conversation as a client of OpenAI's API writes it: arguments of calls are JSON text, the model's special tokens are not part of it.
 * Undefined for what such a client cannot say: no message at all, half letters (lone surrogates), content that is neither a text nor texts.
 */
export function toWireConversation(given: LiteralJsonObject): LiteralJsonObject | undefined {
  const messages = given.get('messages');
  if (!isLiteralList(messages) || messages.length === 0 || !messages.every(isSayable)) return undefined;
  const kept = [...given].filter(([name]) => !modelNames.has(name));
  return withMembers(new Map(kept), { messages: mapMessages(messages, writeArguments) });
}

/** The request's body: what the template is given besides messages and tools goes as `chat_template_kwargs`. */
export function toWireBody(conversation: LiteralJsonObject, first: LiteralJsonObject = new Map()): LiteralJsonObject {
  const own = [...conversation].filter(([name]) => ownNames.has(name));
  const variables = [...conversation].filter(([name]) => !ownNames.has(name));
  return new Map<string, LiteralJson>([...first, ...own, ...(variables.length === 0 ? [] : [variablesMember(variables)])]);
}

/** Every message of a list changed; what is no object stays. */
export function mapMessages(
  messages: LiteralJson | undefined,
  change: (message: LiteralJsonObject) => LiteralJsonObject,
): readonly LiteralJson[] {
  return isLiteralList(messages) ? messages.map((message) => (isLiteralObject(message) ? change(message) : message)) : [];
}

/** Every function that a message calls changed. */
export function mapCalls(message: LiteralJsonObject, change: (call: LiteralJsonObject) => LiteralJsonObject): LiteralJsonObject {
  const calls = message.get('tool_calls');
  if (!isLiteralList(calls)) return message;
  const changed = calls.map((call) => {
    const named = isLiteralObject(call) ? call.get('function') : undefined;
    return isLiteralObject(call) && isLiteralObject(named) ? withMembers(call, { function: change(named) }) : call;
  });
  return withMembers(message, { tool_calls: changed });
}

function variablesMember(variables: readonly (readonly [string, LiteralJson])[]): [string, LiteralJson] {
  return ['chat_template_kwargs', new Map(variables)];
}

function writeArguments(message: LiteralJsonObject): LiteralJsonObject {
  return mapCalls(message, (call) => {
    const given = call.get('arguments');
    return isLiteralObject(given) ? withMembers(call, { arguments: printLiteralJson(given, pythonJsonStyle) }) : call;
  });
}

function isSayable(message: LiteralJson): boolean {
  if (!isLiteralObject(message) || hasHalfLetters(message)) return false;
  const content = message.get('content');
  return content === undefined || content === null || typeof content === 'string' || (isLiteralList(content) && content.every(isText));
}

function hasHalfLetters(value: LiteralJson): boolean {
  let hasSome = false;
  mapTexts(value, (text) => {
    hasSome ||= /\p{Surrogate}/u.test(text);
    return text;
  });
  return hasSome;
}

function isText(part: LiteralJson): boolean {
  return isLiteralObject(part) && part.get('type') === 'text' && typeof part.get('text') === 'string';
}
