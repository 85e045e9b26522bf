import type { PromptSegment } from '../../protocol/engine.ts';
import type { Style } from '../output.ts';
import { showText } from '../parse/show-text.ts';
import type { PromptView } from './prompt-view.ts';

const labelChars = 10;
/** A share of the context over which tools leave too little for the conversation. */
const largeShare = 0.25;

/** The prompt with its special tokens marked (in ⟦⟧ where there are no colours), and what each part costs, for people. */
export function showPrompt(view: PromptView, style: Style): string {
  const { plan, warnings, control, segments } = view;
  const prompt = segments.map((segment) => showSegment(segment, control, style)).join('');
  const head = `${style.strong('plan')}  ${plan}\n${warnings.map((warning) => `${style.odd('•')} ${showText(warning)}\n`).join('')}`;
  return `${head}\n${prompt}\n\n${showCounts(view, style)}`;
}

function showSegment({ text, isLiteral }: PromptSegment, control: readonly string[], style: Style): string {
  // a caller's text that only spells a token
  if (isLiteral) return style.odd(showText(text));
  const pattern = patternOf(control);
  if (pattern === undefined) return showText(text);
  return text
    .split(pattern)
    .map((piece, index) => (index % 2 === 1 ? markToken(piece, style) : showText(piece)))
    .join('');
}

function markToken(spelling: string, style: Style): string {
  const shown = showText(spelling);
  const coloured = style.quiet(shown);
  return coloured === shown ? `⟦${shown}⟧` : coloured;
}

function patternOf(control: readonly string[]): RegExp | undefined {
  if (control.length === 0) return undefined;
  return new RegExp(`(${control.map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'g');
}

function showCounts({ counts, unit, contextTokens, toolCosts }: PromptView, style: Style): string {
  const whole = unit === 'token' ? contextTokens : undefined;
  const share = (count: number) => (whole === undefined ? '' : `  ${((count / whole) * 100).toFixed(1).padStart(5)} % of ${whole}`);
  const width = String(counts.total).length;
  const rows = Object.entries(counts).map(
    ([part, count]) => `${part.padEnd(labelChars)}${String(count).padStart(width)} ${unit}s${share(count)}`,
  );
  const costs = toolCosts && Object.entries(toolCosts).map(([preamble, cost]) => `${preamble} ${cost}`);
  const lines = costs ? [...rows, `${'preamble'.padEnd(labelChars)}${costs.join(', ')} ${unit}s`] : rows;
  const isLarge = whole !== undefined && counts.tools > whole * largeShare;
  if (isLarge) lines.push(style.odd(`The tools take more than a quarter of the context.`));
  if (unit === 'character') lines.push(style.faint('No tokenizer lies beside the template, so characters are counted.'));
  return `${lines.join('\n')}\n`;
}
