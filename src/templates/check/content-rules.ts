import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { type Bench, quote, type Rule, report, reportRefusal } from './bench.ts';
import { makeLoop, usableForm } from './call-rules.ts';
import { type Conversation, ids, makeCall, makeCalling, makeResult, marks, tools, user } from './conversation.ts';
import type { Fault } from './fault.ts';

/** Results of calls, and content that is null or a list of parts. */
export const contentRules: readonly Rule[] = [findResult, findNullContent, findParts];

function findResult(bench: Bench): Fault | undefined {
  const form = usableForm(bench);
  if (form === undefined) return undefined;
  const conversation = makeLoop(form, [ids[0]], [marks.value], [makeResult(ids[0])]);
  const attempt = bench.try(conversation);
  if (attempt.refusal) return reportRefusal('tool-results-refused', conversation, attempt, 'The result of a call');
  return attempt.text.includes(marks.result)
    ? undefined
    : report('tool-result-lost', conversation, 'The result of the call is not in the prompt.');
}

function findNullContent(bench: Bench): Fault | undefined {
  const form = usableForm(bench);
  if (form === undefined) return undefined;
  const make = (content: JsonValue): Conversation => ({
    messages: [user, makeCalling([makeCall(ids[0], marks.value, form === 'text')], content)],
    tools,
  });
  const [empty, none] = [bench.try(make('')).text, bench.try(make(null))];
  if (none.refusal) return reportRefusal('null-content-refused', make(null), none, 'A call whose content is null');
  const at = none.text.lastIndexOf('None');
  if (at < 0 || empty === none.text) return undefined;
  return report('null-content-printed', make(null), `A content of null is printed: ${quote(none.text, at)}.`);
}

const parts: JsonValue = [
  { type: 'text', text: 'Qxone' },
  { type: 'text', text: 'Qxtwo' },
];

/** The roles whose content may be parts, each in a conversation that the template takes with a text in its place. */
function findParts(bench: Bench): Fault | undefined {
  const form = usableForm(bench);
  const places: readonly ((content: JsonValue) => Conversation | undefined)[] = [
    (content) => ({ messages: [{ role: 'user', content }] }),
    (content) => ({ messages: [{ role: 'system', content }, user] }),
    (content) => ({ messages: [user, { role: 'assistant', content }] as JsonObject[] }),
    (content) => form && makeLoop(form, [ids[0]], [marks.value], [makeResult(ids[0], content)]),
  ];
  for (const place of places) {
    const [withText, withParts] = [place('Qxone'), place(parts)];
    if (!withText || !withParts || !bench.try(withText).text?.includes('Qxone')) continue;
    const found = judgeParts(withParts, bench);
    if (found) return found;
  }
  return undefined;
}

function judgeParts(conversation: Conversation, bench: Bench): Fault | undefined {
  const attempt = bench.try(conversation);
  if (attempt.refusal) return reportRefusal('content-parts-refused', conversation, attempt, 'Content as a list of parts');
  const { text } = attempt;
  const at = text.indexOf('Qxone');
  if (at < 0 || !text.includes('Qxtwo'))
    return report('content-parts-differ', conversation, 'The text of content parts is not in the prompt.');
  const isCode = /['"]text['"]: ?['"]Qxone/.test(text);
  return isCode ? report('content-parts-differ', conversation, `Content parts are printed as code: ${quote(text, at)}.`) : undefined;
}
