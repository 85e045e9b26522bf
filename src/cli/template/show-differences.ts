import { type Difference, findParting, type Outcome } from '../../templates/check/compare.ts';
import type { Style } from '../output.ts';
import { showText } from '../parse/show-text.ts';

/** Cuts a prompt into what is compared. */
export interface PromptCutter {
  /** what the pieces are called: tokens, or characters where no tokenizer is at hand */
  readonly unit: string;
  readonly cut: (prompt: string) => Promise<readonly string[]> | readonly string[];
}

/** Characters, for templates without a tokenizer beside them. */
export const characterCutter: PromptCutter = { unit: 'character', cut: (prompt) => [...prompt] };

/** Shows for each conversation the first place where two prompts part. */
export async function showDifferences(
  differences: readonly Difference[],
  total: number,
  { cutter, style, names }: { readonly cutter: PromptCutter; readonly style: Style; readonly names: readonly [string, string] },
): Promise<string> {
  if (differences.length === 0) return `${style.good('✔')} ${total} conversations, all prompts equal to ${showText(names[1])}\n`;
  const blocks = await Promise.all(differences.map((difference) => showDifference(difference, cutter, style)));
  const head = `${style.wrong('✖')} ${differences.length} of ${total} conversations differ (first: ${showText(names[0])}, then ${showText(names[1])})`;
  return `${head}\n${blocks.join('\n')}\n`;
}

/** The first place where two prompts part, cut into pieces, with what is around it. */
export async function showDifference(
  { conversation, left, right }: Difference,
  { cut, unit }: PromptCutter,
  style: Style,
): Promise<string> {
  const name = `  ${style.strong(conversation)}`;
  if (!('text' in left) || !('text' in right)) return `${name}\n    ${showOutcome(left)}\n    ${showOutcome(right)}`;
  const parting = findParting(await cut(left.text), await cut(right.text));
  // equal tokens of different texts cannot be, unless the tokenizer drops something
  if (parting === undefined) return `${name}: the texts differ, their ${unit}s do not`;
  const show = (pieces: readonly string[]) => (pieces.length === 0 ? '(the end)' : pieces.map(showPiece).join(unit === 'token' ? '·' : ''));
  const before = style.faint(parting.before.map(showPiece).join(unit === 'token' ? '·' : ''));
  return `${name}, ${unit} ${parting.index + 1}\n    ${before}${style.wrong('»')}${show(parting.left)}\n    ${before}${style.wrong('»')}${show(parting.right)}`;
}

function showPiece(piece: string): string {
  return showText(piece).replaceAll('\n', '⏎').replaceAll('\t', '⇥');
}

function showOutcome(outcome: Outcome): string {
  return 'text' in outcome ? `a prompt of ${outcome.text.length} characters` : `refused: ${showText(outcome.refusal)}`;
}
