import { isLiteralObject, withMembers } from '../conversation.ts';
import type { ReasoningField } from '../probe/traits.ts';
import { callsOf, type DraftMessage, nameOfCall, roleOf, type StepContext, textOf } from './draft.ts';

/** A result gets the name of the call that it answers: the wire leaves it out, and templates print it. */
export function nameResults(messages: readonly DraftMessage[], { traits, note }: StepContext): readonly DraftMessage[] {
  if (traits.results.missingName === 'same') return messages;
  const names = listNames(messages);
  return messages.map((message) => {
    if (roleOf(message) !== 'tool' || message.has('name')) return message;
    const name = names.get(String(message.get('tool_call_id')));
    if (name === undefined) return message;
    note('result-names');
    return withMembers(message, { name });
  });
}

function listNames(messages: readonly DraftMessage[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const call of messages.flatMap(callsOf)) {
    if (!isLiteralObject(call)) continue;
    const name = nameOfCall(call);
    if (name !== undefined) names.set(String(call.get('id')), name);
  }
  return names;
}

/** Results that the template would not print come in a user's turn. */
export function tellResults(messages: readonly DraftMessage[], { traits, note, wording }: StepContext): readonly DraftMessage[] {
  if (traits.results.handling === 'printed') return messages;
  return messages.map((message) => {
    if (roleOf(message) !== 'tool') return message;
    note('results-as-user-turns');
    const name = message.get('name');
    const content = wording.result(typeof name === 'string' ? name : 'tool', textOf(message.get('content')));
    return new Map([
      ['role', 'user'],
      ['content', content],
    ]);
  });
}

const reasoningNames: readonly ReasoningField[] = ['reasoning_content', 'reasoning', 'thinking'];

/** Thoughts stand under the names that the template prints, whatever the client called them. */
export function nameReasoning(messages: readonly DraftMessage[], { traits, note }: StepContext): readonly DraftMessage[] {
  const { inToolLoop, inHistory } = traits.reasoning;
  const printed = reasoningNames.filter((name) => inToolLoop.includes(name) || inHistory.includes(name));
  if (printed.length === 0) return messages;
  return messages.map((message) => {
    const thoughts = reasoningNames.map((name) => message.get(name)).find((value) => typeof value === 'string' && value !== '');
    if (thoughts === undefined || printed.some((name) => message.has(name))) return message;
    note('reasoning-names');
    return withMembers(message, { [printed[0] as string]: thoughts });
  });
}
