import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { calledTools, callIds, makeCall, makeResult, marks, userTurn } from './marks.ts';
import type { Prober, Shown, ShowOptions } from './prober.ts';
import type { CallTraits } from './traits.ts';

/** How this template wants a message with calls. */
type CallForm = Pick<CallTraits, 'arguments' | 'emptyContent'>;

/** What all conversations with calls have in common. */
export interface CallSetting extends CallForm {
  readonly prober: Prober;
  /** with the tools that are called, unless the template refuses tools */
  readonly variables: Readonly<Record<string, JsonValue>>;
}

/** Finds out in which setting calls can be looked at: whether tools may be given, and what arguments and content must be. */
export function findCallSetting(prober: Prober): CallSetting {
  const isRefused = prober.show([userTurn], { variables: { tools: calledTools } }) === undefined;
  const variables: Readonly<Record<string, JsonValue>> = isRefused ? {} : { tools: calledTools };
  const choose = (emptyContent: CallForm['emptyContent']): CallForm => {
    const showWith = (args: CallForm['arguments']): Shown => {
      const setting: CallSetting = { prober, variables, arguments: args, emptyContent };
      return showLoop(setting) ?? showCallOnly(setting);
    };
    return { emptyContent, arguments: chooseArguments(showWith('object'), showWith('string')) };
  };
  const usual = choose('text');
  const other = usual.arguments === 'none' ? choose('null') : usual;
  return { prober, variables, ...(other.arguments === 'none' ? usual : other) };
}

function chooseArguments(object: Shown, string: Shown): CallTraits['arguments'] {
  const objectGrade = gradeArguments(object);
  const stringGrade = gradeArguments(string);
  if (objectGrade === 'missing' && stringGrade === 'missing') return 'none';
  if (objectGrade === stringGrade) return object === string ? 'either' : 'object';
  return grades.indexOf(objectGrade) > grades.indexOf(stringGrade) ? 'object' : 'string';
}

/** From worst to best. */
const grades = ['missing', 'python', 'escaped', 'good'] as const;

/** How arguments came out: not at all, as Python's repr of a dict, as JSON inside of a JSON string or in HTML's escapes, or in a way that models write. */
function gradeArguments(shown: Shown): (typeof grades)[number] {
  if (shown === undefined || !shown.includes(marks.argument) || !shown.includes(marks.value)) return 'missing';
  if (shown.includes(`{'${marks.argument}':`)) return 'python';
  return shown.includes(`\\"${marks.argument}`) || shown.includes(`&#34;${marks.argument}`) ? 'escaped' : 'good';
}

/** The first or second call of the conversations, as this template wants it; `id` replaces its usual id. */
export function writeCall(setting: CallSetting, index: 0 | 1, id: string = callIds[index]): JsonObject {
  const args = { [marks.argument]: index === 0 ? marks.value : marks.secondValue };
  const text = `{"${marks.argument}": "${args[marks.argument]}"}`;
  return makeCall(id, index === 0 ? marks.call : marks.secondCall, setting.arguments === 'string' ? text : args);
}

/** The first or second call's result. */
export function writeResult(index: 0 | 1, id: string = callIds[index]): JsonObject {
  const [name, content] = index === 0 ? [marks.call, marks.result] : [marks.secondCall, marks.secondResult];
  return makeResult(id, name, content);
}

/** A message with one call and without text; `more` adds and replaces keys. */
export function writeCallTurn(setting: CallSetting, more: JsonObject = {}): JsonObject {
  return writeCallsTurn(setting, [writeCall(setting, 0)], more);
}

/** A message with these calls and without text; `more` adds and replaces keys. */
export function writeCallsTurn({ emptyContent }: CallSetting, calls: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return { role: 'assistant', content: emptyContent === 'null' ? null : '', tool_calls: calls, ...more };
}

/** What a loop is made of. */
export interface LoopParts {
  readonly before?: readonly JsonObject[];
  readonly callTurn?: JsonObject;
  readonly results?: readonly JsonObject[];
  readonly after?: readonly JsonObject[];
}

/** A question, a call and its result, or other messages in their places. */
export function showLoop(setting: CallSetting, parts: LoopParts = {}, options: ShowOptions = {}): Shown {
  const { before = [], callTurn = writeCallTurn(setting), results = [writeResult(0)], after = [] } = parts;
  return setting.prober.show([...before, userTurn, callTurn, ...results, ...after], { variables: setting.variables, ...options });
}

/** A question and a call that nobody answered, without a generation prompt. */
export function showCallOnly(setting: CallSetting, callTurn = writeCallTurn(setting)): Shown {
  return showLoop(setting, { callTurn, results: [] }, { hasGenerationPrompt: false });
}
