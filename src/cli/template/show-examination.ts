import { faultMeanings } from '../../templates/check/fault.ts';
import type { TemplateTraits } from '../../templates/probe/traits.ts';
import type { Style } from '../output.ts';
import { showText } from '../parse/show-text.ts';
import type { Examination, JudgedFault } from './examine.ts';

const labelChars = 24;

/** What was found of a template, for people. */
export function showExamination({ origin, names, dialect, traits, faults, contradictions }: Examination, style: Style): string {
  const rows: readonly (readonly [string, string])[] = [
    ['templates', names.join(', ')],
    ['calls are written as', dialect ?? 'nothing known (they would be asked for in words: envelope)'],
    ...(traits ? describeTraits(traits) : []),
  ];
  const lines = rows.map(([label, value]) => `  ${label.padEnd(labelChars)}${value}`);
  const told = faults.map((fault) => describeFault(fault, style));
  const disagreed = contradictions.map((each) => `${style.wrong('✖')} ${each}`);
  const verdict = [...told, ...disagreed];
  if (verdict.length === 0) verdict.push(`${style.good('✔')} no fault found`);
  return `${style.strong(showText(origin))}\n${lines.join('\n')}\n\n${verdict.join('\n')}\n`;
}

function describeTraits(traits: TemplateTraits): readonly (readonly [string, string])[] {
  const { system, tools, calls, results, reasoning, prompt, ids } = traits;
  const toggle = reasoning.toggle;
  return [
    ['system message', system.role],
    ['tools', tools.variable === undefined ? 'never told' : tools.variable === 'tools' ? 'told' : `told, as ${tools.variable}`],
    ['earlier calls', calls.handling],
    ['arguments given as', calls.arguments],
    ['two calls in a turn', calls.parallel],
    ['results', results.handling],
    ['ids', ids.shape],
    ['earlier thoughts', reasoning.inHistory.length === 0 ? 'dropped' : `printed (${reasoning.inHistory.join(', ')})`],
    ['thinking', toggle === undefined ? 'no switch' : `${toggle.variable} = ${toggle.on} or ${toggle.off}`],
    ['the answer begins with', showText(JSON.stringify(prompt.opening))],
    ['the clock', prompt.clock === 'unused' ? 'unused' : `changes the prompt every ${prompt.clock}`],
  ];
}

function describeFault({ fault, message, example, isMended, isGrave }: JudgedFault, style: Style): string {
  const sign = isGrave ? style.wrong('✖') : style.odd('•');
  const mended = isMended ? style.faint(' (Rookery mends it before rendering)') : '';
  return `${sign} ${style.strong(fault)}: ${faultMeanings[fault]}${mended}\n    ${showText(message)}\n    ${style.faint(`with: ${example}`)}`;
}
