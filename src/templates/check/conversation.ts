import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { type LiteralJson, parseLiteralJson } from '../../text/literal-json.ts';

/** A conversation that rules render. */
export interface Conversation {
  readonly messages: readonly JsonObject[];
  /** what `tools` is; without it, what this template takes for none */
  readonly tools?: JsonValue;
  /** default false */
  readonly addGenerationPrompt?: boolean;
}

/** Words that only our conversations have, so that finding one in a prompt says where it came from. */
export const marks = {
  bos: '<qxbos>',
  system: 'Qxsystem be kind.',
  question: 'Qxquestion?',
  answer: 'Qxanswer.',
  secondQuestion: 'Qxagain?',
  parameter: 'qxcity',
  value: 'Qxparis',
  secondValue: 'Qxlondon',
  result: 'Qxresult',
  secondResult: 'Qxoutcome',
} as const;

/** A system message. */
export const system: JsonObject = { role: 'system', content: marks.system };
/** The question. */
export const user: JsonObject = { role: 'user', content: marks.question };
/** The answer. */
export const assistant: JsonObject = { role: 'assistant', content: marks.answer };
/** A second question. */
export const secondUser: JsonObject = { role: 'user', content: marks.secondQuestion };

/** One tool with one parameter. */
export const tools: JsonValue = [
  {
    type: 'function',
    function: {
      name: 'qx_weather',
      description: 'Gets the weather.',
      parameters: {
        type: 'object',
        properties: { [marks.parameter]: { type: 'string', description: 'A city.' } },
        required: [marks.parameter],
      },
    },
  },
];

/** A call as a message has it. `asText`: the arguments are JSON text, as clients send them. */
export function makeCall(id: string, value: string, asText = false): JsonObject {
  const object = { [marks.parameter]: value };
  const args = asText ? `{"${marks.parameter}": "${value}"}` : object;
  return { id, type: 'function', function: { name: 'qx_weather', arguments: args } };
}

/** An assistant's turn with these calls. */
export function makeCalling(calls: readonly JsonObject[], content: JsonValue = ''): JsonObject {
  return { role: 'assistant', content, tool_calls: [...calls] };
}

/** What a call gave. */
export function makeResult(id: string, content: JsonValue = marks.result): JsonObject {
  return { role: 'tool', tool_call_id: id, name: 'qx_weather', content };
}

/** Ids of the length that the strictest templates ask for. */
export const ids = ['qxcall001', 'qxcall002'] as const;

/** The variables a template gets for a conversation. `noTools` is what stands for no tools: null, or nothing at all. */
export function toVariables(conversation: Conversation, noTools: null | undefined): ReadonlyMap<string, LiteralJson> {
  const given = 'tools' in conversation ? conversation.tools : noTools;
  const json = JSON.stringify({
    messages: conversation.messages,
    ...(given === undefined ? {} : { tools: given }),
    add_generation_prompt: conversation.addGenerationPrompt ?? false,
    bos_token: marks.bos,
    eos_token: '<qxeos>',
    unk_token: '<qxunk>',
    pad_token: '<qxpad>',
  });
  return parseLiteralJson(json) as ReadonlyMap<string, LiteralJson>;
}

/** A conversation in a line: its roles, and what is special about them. */
export function outline({ messages, tools: given, addGenerationPrompt }: Conversation): string {
  const roles = messages.map(({ role, tool_calls: calls }) => {
    if (!Array.isArray(calls)) return String(role);
    return `${role} calling${calls.length === 1 ? '' : ` ${calls.length} times`}`;
  });
  const toolsNote = given === undefined ? [] : [Array.isArray(given) && given.length > 0 ? 'with tools' : `tools ${JSON.stringify(given)}`];
  return [...roles, ...toolsNote, ...(addGenerationPrompt ? ['the answer begun'] : [])].join(', ');
}
