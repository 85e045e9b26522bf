import type { JsonObject } from '../../protocol/json.ts';
import { type Bench, quote, quoteDifference, type Rule, report, reportRefusal } from './bench.ts';
import { assistant, type Conversation, ids, makeCall, makeCalling, makeResult, marks, secondUser, tools, user } from './conversation.ts';
import type { Fault } from './fault.ts';

const withObject: Conversation = { messages: [user, makeCalling([makeCall(ids[0], marks.value)])], tools };
const withText: Conversation = { messages: [user, makeCalling([makeCall(ids[0], marks.value, true)])], tools };

/** Earlier calls: their arguments, two at once, none, and their ids. */
export const callRules: readonly Rule[] = [
  findRefusedCalls,
  findLostCalls,
  findChangedObject,
  findTextOfObject,
  findParallelCalls,
  findEmptyCalls,
  findShortIds,
];

/** The form of arguments that this template takes; undefined where it takes none. */
export function usableForm(bench: Bench): 'object' | 'text' | undefined {
  if (bench.try(withObject).text !== undefined) return 'object';
  return bench.try(withText).text === undefined ? undefined : 'text';
}

/** A conversation with this turn of calls and results, arguments in a form the template takes. */
export function makeLoop(
  form: 'object' | 'text',
  callIds: readonly string[],
  values: readonly string[],
  rest: readonly JsonObject[],
): Conversation {
  const calls = callIds.map((id, index) => makeCall(id, values[index] ?? '', form === 'text'));
  return { messages: [user, makeCalling(calls), ...rest], tools };
}

function findRefusedCalls(bench: Bench): Fault | undefined {
  const [object, text] = [bench.try(withObject), bench.try(withText)];
  if (object.refusal && text.refusal) return reportRefusal('calls-refused', withObject, object, 'A call');
  if (object.refusal) return reportRefusal('object-arguments-refused', withObject, object, 'A call whose arguments are an object');
  return reportRefusal('string-arguments-refused', withText, text, 'A call whose arguments are JSON text');
}

function findLostCalls(bench: Bench): Fault | undefined {
  const form = usableForm(bench);
  const conversation = form === 'text' ? withText : withObject;
  const { text } = bench.try(conversation);
  return text === undefined || text.includes(marks.value)
    ? undefined
    : report('calls-lost', conversation, 'The arguments of the call are not in the prompt.');
}

function findChangedObject(bench: Bench): Fault | undefined {
  const { text } = bench.try(withObject);
  if (text === undefined) return undefined;
  const repr = text.search(new RegExp(`'${marks.parameter}': ['"]${marks.value}`));
  if (repr >= 0)
    return report('arguments-not-json', withObject, `The arguments are printed as Python's repr, not as JSON: ${quote(text, repr)}.`);
  const changed = text.search(new RegExp(`${marks.value}\\w`));
  if (changed < 0) return undefined;
  return report('argument-value-changed', withObject, `The value ${marks.value} is printed with more behind it: ${quote(text, changed)}.`);
}

function findTextOfObject(bench: Bench): Fault | undefined {
  const [object, text] = [bench.try(withObject).text, bench.try(withText).text];
  if (object === undefined || text === undefined || object === text) return undefined;
  const [wanted, seen] = quoteDifference(object, text);
  return report('string-arguments-differ', withText, `Arguments as JSON text give ${seen}, the same as object give ${wanted}.`);
}

function findParallelCalls(bench: Bench): Fault | undefined {
  const form = usableForm(bench);
  if (form === undefined) return undefined;
  const results = [makeResult(ids[0]), makeResult(ids[1], marks.secondResult)];
  const conversation = makeLoop(form, ids, [marks.value, marks.secondValue], results);
  const attempt = bench.try(conversation);
  if (attempt.refusal) {
    const isAboutOne = bench.try(makeLoop(form, [ids[0]], [marks.value], results.slice(0, 1))).refusal !== undefined;
    return isAboutOne ? undefined : reportRefusal('parallel-calls-refused', conversation, attempt, 'A turn with two calls');
  }
  const isFirstThere = attempt.text.includes(marks.value);
  return !isFirstThere || attempt.text.includes(marks.secondValue)
    ? undefined
    : report('parallel-call-lost', conversation, 'The first of two calls is in the prompt, the second is not.');
}

function findEmptyCalls(bench: Bench): Fault | undefined {
  const none: Conversation = { messages: [user, assistant, secondUser] };
  const empty: Conversation = { messages: [user, { ...assistant, tool_calls: [] }, secondUser] };
  const [wanted, seen] = [bench.try(none).text, bench.try(empty)];
  if (wanted === undefined || wanted === seen.text) return undefined;
  if (seen.refusal) return reportRefusal('empty-calls-refused', empty, seen, 'An answer with an empty list of calls');
  const [expected, found] = quoteDifference(wanted, seen.text);
  return report('empty-calls-differ', empty, `An empty list of calls gives ${found}, none at all gives ${expected}.`);
}

function findShortIds(bench: Bench): Fault | undefined {
  const form = usableForm(bench);
  if (form === undefined) return undefined;
  const long = makeLoop(form, [ids[0]], [marks.value], [makeResult(ids[0])]);
  const short = makeLoop(form, ['1'], [marks.value], [makeResult('1')]);
  return bench.try(long).refusal ? undefined : reportRefusal('short-ids-refused', short, bench.try(short), 'A call with the id 1');
}
