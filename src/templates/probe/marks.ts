import type { JsonObject, JsonValue } from '../../protocol/json.ts';

/**
 * The special tokens of every probe: they show where a template prints which. They begin with a letter no template writes, so that a text before one never
 * seems to be part of it.
 */
export const specialTokens = {
  bos_token: '⟦bos_token⟧',
  eos_token: '⟦eos_token⟧',
  unk_token: '⟦unk_token⟧',
  pad_token: '⟦pad_token⟧',
} as const;

/** The words that the conversations of the probes are made of; none is part of another one or of an id, and no template has them. */
export const marks = {
  system: 'QX1SYSTEM',
  secondSystem: 'QX2SYSTEM',
  user: 'QX1USER',
  secondUser: 'QX2USER',
  answer: 'QX1ANSWER',
  secondAnswer: 'QX2ANSWER',
  toolDescription: 'QX1DESCRIPTION',
  parameter: 'qx1parameter',
  call: 'qx1call',
  secondCall: 'qx2call',
  argument: 'qx1argument',
  value: 'QX1VALUE',
  secondValue: 'QX2VALUE',
  result: 'QX1RESULT',
  secondResult: 'QX2RESULT',
} as const;

/** Ids that every template takes: nine letters and digits. */
export const callIds = ['qx1a2b3c4', 'qx2d5e6f7'] as const;

/** A system message. */
export const systemTurn: JsonObject = { role: 'system', content: marks.system };
/** A user's message. */
export const userTurn: JsonObject = { role: 'user', content: marks.user };
/** Another one. */
export const secondUserTurn: JsonObject = { role: 'user', content: marks.secondUser };
/** An assistant's message without calls. */
export const answerTurn: JsonObject = { role: 'assistant', content: marks.answer };

/** A tool as OpenAI writes it; `more` replaces keys of the function, undefined removes one. */
export function makeTool(name: string, more: Readonly<Record<string, JsonValue | undefined>> = {}): JsonObject {
  const properties = { [marks.parameter]: { type: 'string', description: 'Any text.' } };
  const parameters = { type: 'object', properties, required: [marks.parameter] };
  const described = { name, description: marks.toolDescription, parameters, ...more };
  const given = Object.entries<JsonValue | undefined>(described).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  return { type: 'function', function: Object.fromEntries(given) };
}

/** The tools that the conversations call. */
export const calledTools: readonly JsonObject[] = [makeTool(marks.call), makeTool(marks.secondCall)];

/** One call of a past message. */
export function makeCall(id: string, name: string, args: JsonValue): JsonObject {
  return { id, type: 'function', function: { name, arguments: args } };
}

/** The result of a call. */
export function makeResult(id: string, name: string, content: JsonValue): JsonObject {
  return { role: 'tool', tool_call_id: id, name, content };
}
