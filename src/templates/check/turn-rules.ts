import { type Bench, quote, type Rule, report, reportRefusal } from './bench.ts';
import { assistant, type Conversation, marks, secondUser, system, tools, user } from './conversation.ts';
import type { Fault } from './fault.ts';

const asked: Conversation = { messages: [user], addGenerationPrompt: true };
const unasked: Conversation = { messages: [user] };

/** Nothing else can be looked at when these fail. */
export const firstRules: readonly Rule[] = [
  (bench) => {
    const attempt = bench.try(asked);
    return attempt.refusal?.kind === 'syntax' ? reportRefusal('does-not-compile', asked, attempt, 'The template') : undefined;
  },
  (bench) => reportRefusal('plain-chat-refused', asked, bench.try(asked), 'A message of a user'),
];

/** Turns, what stands between them, and the beginning of the answer. */
export const turnRules: readonly Rule[] = [findSecondBos, findMissingPrompt, findUnaskedPrompt, findUnevenGaps, findFrozenDate];

const bosSpellings = [marks.bos, '<|begin_of_text|>', '<s>', '<bos>', '<|startoftext|>', '<｜begin▁of▁sentence｜>'];

function findSecondBos(bench: Bench): Fault | undefined {
  for (const conversation of [unasked, { messages: [system, user] }, { messages: [user], tools }]) {
    const text = bench.try(conversation).text ?? '';
    const count = bosSpellings.reduce((sum, spelling) => sum + text.split(spelling).length - 1, 0);
    if (count > 1)
      return report(
        'bos-twice',
        conversation,
        `The beginning of the sequence is printed ${count} times, once at most is right: ${quote(text)}.`,
      );
  }
  return undefined;
}

/** The answer of a finished conversation shows how the model's turn begins: that has to be there when it is asked for. */
function findMissingPrompt(bench: Bench): Fault | undefined {
  const [prompt, without, finished] = [asked, unasked, { messages: [user, assistant] }].map((each) => bench.try(each).text);
  if (prompt === undefined || prompt !== without || !finished?.startsWith(prompt)) return undefined;
  const header = finished.slice(prompt.length, finished.indexOf(marks.answer));
  if (header.trim() === '') return undefined;
  return report(
    'no-generation-prompt',
    asked,
    `The prompt ends ${quote(prompt, prompt.length)}; asked for it, ${quote(header)} was to follow.`,
  );
}

/** With a generation prompt that nobody asked for, a finished conversation ends in the header of one more turn. */
function findUnaskedPrompt(bench: Bench): Fault | undefined {
  const ended: Conversation = { messages: [user, assistant] };
  const [prompt, without, text, longer] = [asked, unasked, ended, { messages: [user, assistant, secondUser] }].map(
    (each) => bench.try(each).text,
  );
  if (prompt !== without || text === undefined || longer === undefined) return undefined;
  const tail = after(text, marks.answer);
  if (after(longer, marks.answer).startsWith(tail)) return undefined;
  return report(
    'generation-prompt-unasked',
    ended,
    `A finished conversation ends ${quote(tail)}, as if one more answer had been asked for.`,
  );
}

/** The same two roles meet twice: what parts them may not differ in whitespace alone. Blanks right behind a text may belong to it (a preamble's end). */
function findUnevenGaps(bench: Bench): Fault | undefined {
  const conversation: Conversation = { messages: [system, user, assistant, secondUser, { role: 'assistant', content: 'Qxlast.' }] };
  const text = bench.try(conversation).text;
  if (text === undefined) return undefined;
  const pairs = [
    [between(text, marks.system, marks.question), between(text, marks.answer, marks.secondQuestion)],
    [between(text, marks.question, marks.answer), between(text, marks.secondQuestion, 'Qxlast.')],
  ];
  for (const [first, second] of pairs) {
    if (first === undefined || second === undefined || first === second) continue;
    if (first.replace(/\s+/g, '') !== second.replace(/\s+/g, '')) continue;
    return report(
      'turns-parted-unevenly',
      conversation,
      `First ${quote(first)} stands between two turns, later ${quote(second)}: only whitespace differs.`,
    );
  }
  return undefined;
}

const day = /(?:today|current date)[^\n]{0,40}?\b(\d{1,2} [A-Z][a-z]{2,8} \d{4}|[A-Z][a-z]{2,8} \d{1,2}, \d{4}|\d{4}-\d{2}-\d{2})/i;

function findFrozenDate(bench: Bench): Fault | undefined {
  for (const conversation of [unasked, { messages: [system, user] }]) {
    const [early, late] = [new Date('2031-03-05T12:00:00Z'), new Date('2033-11-17T12:00:00Z')].map(
      (now) => bench.try(conversation, now).text,
    );
    const shown = early === late && early !== undefined ? day.exec(early)?.[1] : undefined;
    if (shown !== undefined) return report('date-frozen', conversation, `Today is ${shown}, in 2031 and in 2033 alike.`);
  }
  return undefined;
}

function after(text: string, mark: string): string {
  const at = text.lastIndexOf(mark);
  return at < 0 ? '' : text.slice(at + mark.length);
}

/** What stands between two texts, without the blanks right behind the first. */
function between(text: string, from: string, to: string): string | undefined {
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  return start < 0 || end < start ? undefined : text.slice(start + from.length, end).trimStart();
}
