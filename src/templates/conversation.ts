import type { JsonValue } from '../protocol/json.ts';
import type { ContentPart, Message, PastCall, Tool } from '../protocol/message.ts';
import { type LiteralJson, type LiteralJsonObject, LiteralNumber, parseLiteralJson } from '../text/literal-json.ts';

/** What a chat template renders, in the wire's own words (`role`, `tool_calls` …), numbers as they were written and keys in their order. */
export interface Conversation {
  readonly messages: readonly LiteralJson[];
  /** as the wire has them: `{type, function: {name, …}}`; undefined: none */
  readonly tools: readonly LiteralJson[] | undefined;
  /** the prompt ends with what opens the answer */
  readonly addGenerationPrompt: boolean;
  /** more variables (`chat_template_kwargs`, `documents`); they cannot replace `messages` and the like */
  readonly variables: LiteralJsonObject;
}

/** A message in the wire's form. Thoughts stand under both names that templates read. */
export function describeMessage(message: Message): LiteralJsonObject {
  const { role, content, name, reasoning, toolCalls, toolCallId } = message;
  const described = new Map<string, LiteralJson>([
    ['role', role],
    ['content', typeof content === 'string' || content === null ? content : content.map(describePart)],
  ]);
  if (name !== undefined) described.set('name', name);
  if (reasoning !== undefined) described.set('reasoning_content', reasoning);
  if (toolCalls !== undefined) described.set('tool_calls', toolCalls.map(describeCall));
  if (toolCallId !== undefined) described.set('tool_call_id', toolCallId);
  return described;
}

/** Templates that know pictures print a marker for one; the picture itself goes another way. */
function describePart(part: ContentPart): LiteralJsonObject {
  if (part.type === 'image') return new Map([['type', 'image']]);
  const { text } = part;
  return new Map([
    ['type', 'text'],
    ['text', text],
  ]);
}

function describeCall({ id, name, argumentsJson }: PastCall): LiteralJsonObject {
  return new Map<string, LiteralJson>([
    ['id', id],
    ['type', 'function'],
    [
      'function',
      new Map([
        ['name', name],
        ['arguments', argumentsJson],
      ]),
    ],
  ]);
}

/** A tool in the wire's form. What it does not say is not there. */
export function describeTool({ name, description, parameters, parametersJson, strict }: Tool): LiteralJsonObject {
  const described = new Map<string, LiteralJson>([['name', name]]);
  if (description !== undefined) described.set('description', description);
  if (parametersJson !== undefined) described.set('parameters', parseLiteralJson(parametersJson));
  else if (parameters !== undefined) described.set('parameters', toLiteralJson(parameters));
  if (strict !== undefined) described.set('strict', strict);
  return new Map<string, LiteralJson>([
    ['type', 'function'],
    ['function', described],
  ]);
}

/** A plain JSON value in literal form; its whole numbers are integers. */
export function toLiteralJson(value: JsonValue): LiteralJson {
  if (typeof value === 'number') return new LiteralNumber(JSON.stringify(value));
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toLiteralJson);
  return new Map(Object.entries(value).map(([key, item]) => [key, toLiteralJson(item)]));
}

/** The same JSON with every text of it, keys too, replaced. */
export function mapTexts(value: LiteralJson, replace: (text: string) => string): LiteralJson {
  if (typeof value === 'string') return replace(value);
  if (typeof value !== 'object' || value === null || value instanceof LiteralNumber) return value;
  if (value instanceof Map) {
    return new Map([...(value as LiteralJsonObject)].map(([key, item]) => [replace(key), mapTexts(item, replace)]));
  }
  return (value as readonly LiteralJson[]).map((item) => mapTexts(item, replace));
}

/** Whether a value is an object of literal JSON. */
export function isLiteralObject(value: LiteralJson | undefined): value is LiteralJsonObject {
  return value instanceof Map;
}

/** Whether a value is a list of literal JSON. */
export function isLiteralList(value: LiteralJson | undefined): value is readonly LiteralJson[] {
  return Array.isArray(value);
}

/** A copy of an object with some members set; undefined removes one. A member that is there keeps its place. */
export function withMembers(object: LiteralJsonObject, members: Readonly<Record<string, LiteralJson | undefined>>): LiteralJsonObject {
  const copy = new Map(object);
  for (const [name, value] of Object.entries(members)) {
    if (value === undefined) copy.delete(name);
    else copy.set(name, value);
  }
  return copy;
}
