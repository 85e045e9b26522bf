import { chars, choice, repeat, sequence } from '../build.ts';
import type { Node, ReadGrammar } from '../ir.ts';
import { parseRegex, type RegexTree } from './parse-regex.ts';
import { anyCharacter } from './ranges.ts';
import { RegexError } from './regex-error.ts';

/** How a pattern is meant. */
export interface RegexOptions {
  /** `full` (default): the whole text matches; `search`: the text holds a match, as the `pattern` of JSON schema is meant */
  readonly dialect?: 'search' | 'full';
}

/**
 * The texts that a regular expression matches: the common subset of JavaScript's, Python's and RE2's. Look-around, backreferences, word boundaries and anchors in the middle are refused
 * with their place, as is what is larger than a grammar may be (50,000 characters when every repetition is written out). Throws `RegexError`.
 */
export function readRegex(pattern: string, options: RegexOptions = {}): ReadGrammar {
  const tree = parseRegex(pattern);
  if (measure(tree) > largest) {
    throw new RegexError('too-large', `The pattern has more than ${largest} characters when its repetitions are written out.`);
  }
  const edge = options.dialect === 'search' ? 'open' : 'bound';
  return { grammar: { root: lowerEdges(tree, { before: edge, after: edge }), rules: new Map() }, unenforced: [] };
}

/** What stands beside a piece of the pattern: any text (`open`), the edge of the text (`bound`), or another piece. */
interface Surroundings {
  readonly before: 'open' | 'bound' | 'inside';
  readonly after: 'open' | 'bound' | 'inside';
}

const anyText = repeat(chars(anyCharacter), 0, undefined);
const largest = 50_000;

/** Anchors at the edges decide whether any text may stand there; the rest of the pattern has none. */
function lowerEdges(tree: RegexTree, surroundings: Surroundings): Node {
  if (!hasAnchor(tree)) return surround(lower(tree), surroundings);
  switch (tree.kind) {
    case 'anchor':
      return lowerAnchor(tree, surroundings);
    case 'choice':
      return choice(tree.options.map((option) => lowerEdges(option, surroundings)));
    case 'sequence':
      return lowerSequence(tree.items, surroundings);
    case 'repeat':
      throw new RegexError('unsupported', `The pattern can't be used: an anchor in what is repeated, at character ${tree.at + 1}.`);
    case 'chars':
      return surround(lower(tree), surroundings);
  }
}

function surround(node: Node, { before, after }: Surroundings): Node {
  const isEmpty = node.kind === 'sequence' && node.items.length === 0;
  if (isEmpty) return before === 'open' || after === 'open' ? anyText : node;
  return sequence([...(before === 'open' ? [anyText] : []), node, ...(after === 'open' ? [anyText] : [])]);
}

function lowerAnchor(tree: RegexTree & { readonly kind: 'anchor' }, { before, after }: Surroundings): Node {
  const [own, other] = tree.side === 'start' ? [before, after] : [after, before];
  if (own === 'inside') {
    throw new RegexError('unsupported', `The pattern can't be used: an anchor in its middle, at character ${tree.at + 1}.`);
  }
  return other === 'open' ? anyText : sequence([]);
}

function lowerSequence(items: readonly RegexTree[], { before, after }: Surroundings): Node {
  const leading = items.findIndex((item) => !isAnchor(item, 'start'));
  const trailing = items.findLastIndex((item) => !isAnchor(item, 'end'));
  return sequence(
    items.map((item, index) =>
      lowerEdges(item, {
        before: index === 0 ? before : before !== 'inside' && (leading < 0 || index <= leading) ? 'bound' : 'inside',
        after: index === items.length - 1 ? after : after !== 'inside' && index >= trailing ? 'bound' : 'inside',
      }),
    ),
  );
}

function isAnchor(tree: RegexTree, side: 'start' | 'end'): boolean {
  return tree.kind === 'anchor' && tree.side === side;
}

function hasAnchor(tree: RegexTree): boolean {
  switch (tree.kind) {
    case 'anchor':
      return true;
    case 'choice':
      return tree.options.some(hasAnchor);
    case 'sequence':
      return tree.items.some(hasAnchor);
    case 'repeat':
      return hasAnchor(tree.item);
    case 'chars':
      return false;
  }
}

function lower(tree: RegexTree): Node {
  switch (tree.kind) {
    case 'chars':
      return chars(tree.ranges);
    case 'sequence':
      return sequence(tree.items.map(lower));
    case 'choice':
      return choice(tree.options.map(lower));
    case 'repeat':
      return repeat(lower(tree.item), tree.least, tree.most);
    case 'anchor':
      return sequence([]);
  }
}

/** Characters of the pattern with every repetition written out. */
function measure(tree: RegexTree): number {
  switch (tree.kind) {
    case 'chars':
    case 'anchor':
      return 1;
    case 'sequence':
      return tree.items.reduce((sum, item) => sum + measure(item), 1);
    case 'choice':
      return tree.options.reduce((sum, option) => sum + measure(option), 1);
    case 'repeat':
      return measure(tree.item) * Math.max(tree.least, tree.most ?? tree.least + 1);
  }
}
