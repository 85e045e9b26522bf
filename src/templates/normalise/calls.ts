import { type LiteralJson, LiteralJsonError, parseLiteralJson, printLiteralJson, pythonJsonStyle } from '../../text/literal-json.ts';
import { isLiteralObject, withMembers } from '../conversation.ts';
import { callsOf, type DraftMessage, roleOf, type StepContext, textOf } from './draft.ts';

/** An empty or null list of calls is none. */
export function dropEmptyCalls(messages: readonly DraftMessage[], { traits, note }: StepContext): readonly DraftMessage[] {
  return messages.map((message) => {
    if (!message.has('tool_calls') || callsOf(message).length > 0) return message;
    const asItIs = message.get('tool_calls') === null ? traits.calls.nullList : traits.calls.emptyList;
    if (asItIs === 'same') return message;
    note('empty-calls-left-out');
    return withMembers(message, { tool_calls: undefined });
  });
}

/** Arguments in the form of which the template makes JSON: an object for most, text for some. */
export function fitArguments(messages: readonly DraftMessage[], { traits, note }: StepContext): readonly DraftMessage[] {
  const takesText = traits.calls.arguments === 'string';
  const fit = takesText ? toText : toObject;
  return mapCalls(messages, (call) => {
    const called = call.get('function');
    if (!isLiteralObject(called)) return call;
    const given = called.get('arguments') ?? null;
    const fitted = fit(given);
    if (fitted === given) return call;
    note(takesText ? 'arguments-as-text' : 'arguments-as-object');
    return withMembers(call, { function: withMembers(called, { arguments: fitted }) });
  });
}

function toText(given: LiteralJson): LiteralJson {
  return typeof given === 'string' ? given : given === null ? '{}' : printLiteralJson(given, pythonJsonStyle);
}

/** Text that is no JSON was written by some model and sent back: it stays what it is. */
function toObject(given: LiteralJson): LiteralJson {
  if (given === null || given === '') return new Map();
  if (typeof given !== 'string') return given;
  try {
    const parsed = parseLiteralJson(given);
    return isLiteralObject(parsed) ? parsed : parsed === null ? new Map() : given;
  } catch (error) {
    if (error instanceof LiteralJsonError) return given;
    throw error;
  }
}

/** Changes every call of a conversation. Messages without calls stay the same objects. */
export function mapCalls(
  messages: readonly DraftMessage[],
  change: (call: DraftMessage, message: DraftMessage) => DraftMessage,
): readonly DraftMessage[] {
  return messages.map((message) => {
    const calls = callsOf(message);
    if (calls.length === 0) return message;
    return withMembers(message, { tool_calls: calls.map((call) => (isLiteralObject(call) ? change(call, message) : call)) });
  });
}

/** A template that takes one call a turn gets each call in a turn of its own, its result after it. */
export function splitCalls(messages: readonly DraftMessage[], { traits, note }: StepContext): readonly DraftMessage[] {
  if (traits.calls.parallel === 'printed' || !messages.some((message) => callsOf(message).length > 1)) return messages;
  note('calls-in-turns-of-their-own');
  const split: DraftMessage[] = [];
  for (let index = 0; index < messages.length; index++) {
    const message = messages[index] as DraftMessage;
    const calls = callsOf(message);
    if (calls.length < 2) {
      split.push(message);
      continue;
    }
    const results: DraftMessage[] = [];
    for (let next = messages[index + 1]; next && roleOf(next) === 'tool'; next = messages[++index + 1]) results.push(next);
    split.push(...splitTurn(message, results));
  }
  return split;
}

function splitTurn(message: DraftMessage, results: readonly DraftMessage[]): readonly DraftMessage[] {
  const left = [...results];
  const turns = callsOf(message).flatMap((call, index) => {
    const id = isLiteralObject(call) ? call.get('id') : undefined;
    const at = left.findIndex((result) => result.get('tool_call_id') === id);
    const own = at < 0 ? [] : left.splice(at, 1);
    const words = index === 0 ? {} : { content: '', reasoning_content: undefined, reasoning: undefined };
    return [withMembers(message, { ...words, tool_calls: [call] }), ...own];
  });
  return [...turns, ...left];
}

/** Calls that the template would not print are put into the turn's text, as the model was asked to write them. */
export function tellCalls(messages: readonly DraftMessage[], { traits, note, wording }: StepContext): readonly DraftMessage[] {
  if (traits.calls.handling === 'printed') return messages;
  return messages.map((message) => {
    const calls = callsOf(message);
    if (calls.length === 0) return message;
    note('calls-in-text');
    const content = [textOf(message.get('content')), wording.calls(calls)].filter((text) => text !== '').join('\n');
    return withMembers(message, { content, tool_calls: undefined });
  });
}
