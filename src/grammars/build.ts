import type { CharsNode, Node, RepeatNode, RuleNode, SequenceNode, TextNode, TokenNode, UntilNode } from './ir.ts';
import { anyCharacter, type Range, uniteRanges } from './regex/ranges.ts';

/** The empty text. */
export const emptyText: SequenceNode = { kind: 'sequence', items: [] };

/** Exactly this text. */
export function text(content: string): TextNode | SequenceNode {
  return content === '' ? emptyText : { kind: 'text', text: content };
}

/** A control token of the model, by its spelling. */
export function token(spelling: string): TokenNode {
  return { kind: 'token', spelling };
}

/** A rule by its name. */
export function rule(name: string): RuleNode {
  return { kind: 'rule', name };
}

/** One after another: sequences inside are opened, neighbouring texts joined, a single item stands for itself. */
export function sequence(items: readonly Node[]): Node {
  const joined: Node[] = [];
  for (const item of items) {
    if (item.kind !== 'sequence') append(joined, item);
    else for (const inner of item.items) append(joined, inner);
  }
  const [only] = joined;
  return joined.length === 1 && only ? only : { kind: 'sequence', items: joined };
}

function append(joined: Node[], item: Node): void {
  const last = joined.at(-1);
  if (item.kind === 'text' && last?.kind === 'text') joined[joined.length - 1] = { kind: 'text', text: last.text + item.text };
  else joined.push(item);
}

/** One of these, each once: choices inside are opened, a single option stands for itself. Throws where there is none. */
export function choice(options: readonly Node[]): Node {
  const known = new Set<string | Node>();
  const kept: Node[] = [];
  for (const option of options) addOption(option, known, kept);
  const [first] = kept;
  if (!first) throw new Error('A choice needs at least one option.');
  return kept.length === 1 ? first : { kind: 'choice', options: kept };
}

function addOption(option: Node, known: Set<string | Node>, kept: Node[]): void {
  if (option.kind === 'choice') {
    for (const inner of option.options) addOption(inner, known, kept);
    return;
  }
  const key = keyOf(option);
  if (known.has(key)) return;
  known.add(key);
  kept.push(option);
}

/** Equal for options that are plainly the same. */
function keyOf(node: Node): string | Node {
  if (node.kind === 'text') return `text ${node.text}`;
  if (node.kind === 'rule') return `rule ${node.name}`;
  return node.kind === 'sequence' && node.items.length === 0 ? 'empty' : node;
}

/** `least` to `most` times; `most` undefined: any number. */
export function repeat(item: Node, least: number, most: number | undefined): Node {
  if (most === 0 || isEmptyText(item)) return emptyText;
  if (least === 1 && most === 1) return item;
  if (item.kind === 'text' && least === most && item.text.length * least <= mostRepeatedChars) return text(item.text.repeat(least));
  return withoutNesting({ kind: 'repeat', item, least, most });
}

const mostRepeatedChars = 64;

/** `(a?)*` is `a*`, `(a*)?` too: said with one repeat where nothing is lost. */
function withoutNesting(node: RepeatNode): RepeatNode {
  const { item } = node;
  if (item.kind !== 'repeat' || item.least > 1) return node;
  const isStar = item.most === undefined && node.least <= 1;
  const isOption = item.most === 1 && node.most === undefined;
  if (!isStar && !isOption) return node;
  return { kind: 'repeat', item: item.item, least: item.least === 0 || node.least === 0 ? 0 : 1, most: undefined };
}

/** Once or not at all. */
export function optional(item: Node): Node {
  return repeat(item, 0, 1);
}

/** One character of these ranges, in any order and overlapping as they like. Throws where there is none. */
export function chars(ranges: readonly Range[]): CharsNode {
  const normal = uniteRanges(ranges.filter(([from, to]) => from <= to));
  if (normal.length === 0) throw new Error('A class of characters needs at least one.');
  return { kind: 'chars', ranges: normal };
}

/** Any text that holds none of the delimiters. */
export function until(delimiters: readonly string[]): UntilNode {
  if (delimiters.length === 0 || delimiters.includes('')) throw new Error('A text up to a delimiter needs delimiters that are not empty.');
  return { kind: 'until', delimiters: [...new Set(delimiters)] };
}

/** Any text. */
export const anyText: Node = { kind: 'repeat', item: { kind: 'chars', ranges: anyCharacter }, least: 0, most: undefined };

/** Whether a node is the empty text as it is written, without looking into rules. */
export function isEmptyText(node: Node): boolean {
  return (node.kind === 'sequence' && node.items.length === 0) || (node.kind === 'text' && node.text === '');
}

/** The same node with its children changed by `change`, put together again by the constructors above; the node itself where nothing changes. */
export function mapChildren(node: Node, change: (child: Node) => Node): Node {
  switch (node.kind) {
    case 'sequence': {
      const items = node.items.map(change);
      return items.every((item, index) => item === node.items[index]) ? node : sequence(items);
    }
    case 'choice': {
      const options = node.options.map(change);
      return options.every((option, index) => option === node.options[index]) ? node : choice(options);
    }
    case 'repeat': {
      const item = change(node.item);
      return item === node.item ? node : repeat(item, node.least, node.most);
    }
    default:
      return node;
  }
}

/** The parts a node is made of, one level down. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'sequence':
      return node.items;
    case 'choice':
      return node.options;
    case 'repeat':
      return [node.item];
    default:
      return [];
  }
}
