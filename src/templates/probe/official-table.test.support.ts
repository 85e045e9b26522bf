import type { Handling, PartsHandling, TemplateTraits, Variation } from './traits.ts';

const letters: Readonly<Record<string, string>> = {
  printed: 'p',
  dropped: 'd',
  refused: 'R',
  merged: 'm',
  'first-only': '1',
  instead: 'i',
  'as-list': 'L',
  'as-system': 's',
  own: 'o',
  'any-role': 'a',
};
const variationLetters: Readonly<Record<Variation, string>> = {
  same: '=',
  differs: '~',
  refused: 'R',
  'prints-none': 'N',
  'prints-null': 'n',
};

/** A template's traits in a line; the columns are those of the header. */
export function describeTraits({ content, system, tools, calls, ids, results, turns, reasoning, prompt }: TemplateTraits): string {
  const { toggle, effort } = reasoning;
  return [
    write([system.role, system.alone, system.withTools, system.inToolLoop, system.several, system.later, system.developer]),
    write([content.parts.system, content.parts.user, content.parts.assistant, content.parts.tool]),
    tools.variables.join('+') || '-',
    write([tools.handling, tools.inToolLoop]) +
      vary([tools.empty, tools.none, tools.missingDescription, tools.nullDescription, tools.missingParameters, tools.nullParameters]),
    `${calls.arguments}${calls.emptyContent === 'null' ? ' null' : ''}`,
    write([calls.handling, calls.parallel, calls.contentBeside]) +
      vary([calls.nullContent, calls.absentContent, calls.emptyList, calls.nullList]),
    ids.shape === 'any' ? ids.shown : `${ids.shape} ${ids.shown}`,
    write([results.handling, results.several]) + vary([results.missingName]),
    write([turns.usersInRow, turns.assistantsInRow, turns.assistantFirst, turns.userAfterResult, turns.answerAfterResult]),
    `${reasoning.inToolLoop.join('+') || '-'}/${reasoning.inHistory.join('+') || '-'}/${write([reasoning.inline])}`,
    toggle === undefined ? '-' : `${toggle.variable}:${toggle.preset ?? 'neither'}`,
    effort === undefined ? '-' : `${effort.name}:${effort.accepted.join(',')}`,
    `${prompt.bosCount} ${prompt.clock}`,
  ].join(' | ');
}

function write(values: readonly (Handling | PartsHandling | string)[]): string {
  return values.map((value) => letters[value] ?? `(${value})`).join('');
}

function vary(values: readonly Variation[]): string {
  return values.map((value) => variationLetters[value]).join('');
}
