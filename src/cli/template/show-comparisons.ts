import { findParting } from '../../templates/check/compare.ts';
import type { Style } from '../output.ts';
import { showText } from '../parse/show-text.ts';
import type { Comparison } from './against-server.ts';
import { type PromptCutter, showDifference } from './show-differences.ts';

/** What a report of a comparison begins with. */
export interface ComparisonHead {
  /** such as `vLLM 0.32.0 at http://127.0.0.1:8000` */
  readonly server: string;
  readonly model: string;
  /** where the template that we render with comes from */
  readonly template: string;
  readonly hasIds: boolean;
}

/** What makes the two sides differ, for people: how many prompts are equal, which known ways of the server explain others, and the first difference of the rest. */
export async function showComparisons(
  comparisons: readonly Comparison[],
  { head, cutter, style }: { readonly head: ComparisonHead; readonly cutter: PromptCutter; readonly style: Style },
): Promise<string> {
  const asked = comparisons.filter(({ verdict }) => verdict !== 'left-out').length;
  const lines = [
    style.strong(showText(head.server)),
    `  model                   ${showText(head.model)}`,
    `  our side renders        ${showText(head.template)}`,
    `  compared                ${head.hasIds ? 'prompts and their token ids' : 'prompts; it does not tell token ids'}`,
    '',
    showEqual(comparisons, asked, { hasIds: head.hasIds, style }),
    ...showExplained(comparisons, style),
    ...(await showDifferent(comparisons, asked, { cutter, style })),
    ...showLeftOut(comparisons, style),
  ];
  return `${lines.join('\n')}\n`;
}

function showEqual(
  comparisons: readonly Comparison[],
  asked: number,
  { hasIds, style }: { readonly hasIds: boolean; readonly style: Style },
): string {
  const equal = comparisons.filter((each) => each.verdict === 'equal');
  const count = (by: string) => equal.filter((each) => each.by === by).length;
  const notes = [
    ...(count('ids') > 0 ? [`${count('ids')} in token ids only: the text that it shows is not what its model is given`] : []),
    ...(count('refused') > 0 ? [`${count('refused')} refused by both`] : []),
  ];
  const sign = equal.length === asked ? style.good('✔') : style.odd('•');
  const tail = notes.length === 0 ? '' : style.faint(` (${notes.join('; ')})`);
  return `${sign} ${equal.length} of ${asked} conversations give the same ${hasIds ? 'tokens' : 'prompt'} on both sides${tail}`;
}

function showExplained(comparisons: readonly Comparison[], style: Style): readonly string[] {
  const explained = comparisons.filter((each) => each.verdict === 'explained');
  if (explained.length === 0) return [];
  const ways = new Map(explained.flatMap((each) => each.ways.map((way) => [way.name, way.meaning] as const)));
  const lines = [...ways].map(([name, meaning]) => {
    const where = explained.filter((each) => each.ways.some((way) => way.name === name)).map(({ conversation }) => conversation);
    return `    ${style.strong(name)}: it ${meaning}\n      ${style.faint(where.join(', '))}`;
  });
  return [
    `${style.odd('•')} ${explained.length} ${explained.length === 1 ? 'is' : 'are'} equal once we do what this server does before its template:`,
    ...lines,
  ];
}

async function showDifferent(
  comparisons: readonly Comparison[],
  asked: number,
  { cutter, style }: { readonly cutter: PromptCutter; readonly style: Style },
): Promise<readonly string[]> {
  const different = comparisons.filter((each) => each.verdict === 'different');
  if (different.length === 0) return [];
  const blocks = different.map(async ({ conversation, server, ours, ids }) => {
    if (ids === undefined) return showDifference({ conversation, left: server, right: ours }, cutter, style);
    const parting = findParting(ids.server, ids.ours);
    return `  ${style.strong(conversation)}: equal texts, other tokens from token ${(parting?.index ?? 0) + 1} on: ${parting?.left.join(' ')} » ${parting?.right.join(' ')}`;
  });
  return [
    `${style.wrong('✖')} ${different.length} of ${asked} conversations differ (first: the server, then ours)`,
    ...(await Promise.all(blocks)),
  ];
}

function showLeftOut(comparisons: readonly Comparison[], style: Style): readonly string[] {
  const leftOut = comparisons.filter((each) => each.verdict === 'left-out');
  const reasons = [...new Set(leftOut.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const names = leftOut.filter((each) => each.reason === reason).map(({ conversation }) => conversation);
    return style.faint(`  not asked, as ${reason}: ${names.join(', ')}`);
  });
}
