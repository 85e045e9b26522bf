import type { Grammar, Node } from '../ir.ts';
import { complementRanges, type Range } from '../regex/ranges.ts';

/** How a target writes rules; all of them write sequences with blanks, choices with `|` and repeats with `*`, `+`, `?` and `{…}`. */
export interface RuleNotation {
  readonly root: string;
  /** between a rule's name and its body */
  readonly defines: string;
  writeText(text: string): string;
  writeClass(ranges: readonly Range[], isNegated: boolean): string;
  /** any character */
  readonly any: string;
  readonly empty: string;
  /** `{2,5}`; `most` undefined: no bound. Default as said */
  writeCount?(least: number, most: number | undefined): string;
  writeToken?(spelling: string): string;
  /** a rule's name as the target takes it; default: as it is */
  writeName?(name: string): string;
}

/** The rules of a lowered grammar, the root first, a line each. */
export function printRules({ root, rules }: Grammar, notation: RuleNotation): string {
  const printer = new RulePrinter(notation);
  const lines = [...rules].map(([name, body]) => `${printer.name(name)} ${notation.defines} ${printer.print(body, 'choice')}`);
  return [`${notation.root} ${notation.defines} ${printer.print(root, 'choice')}`, ...lines, ''].join('\n');
}

/** What may stand here without parentheses. */
type Level = 'choice' | 'sequence' | 'single';

class RulePrinter {
  readonly #notation: RuleNotation;

  constructor(notation: RuleNotation) {
    this.#notation = notation;
  }

  name(name: string): string {
    return this.#notation.writeName?.(name) ?? name;
  }

  print(node: Node, level: Level): string {
    switch (node.kind) {
      case 'text':
        return node.text === '' ? this.#notation.empty : this.#notation.writeText(node.text);
      case 'token':
        return this.#notation.writeToken?.(node.spelling) ?? this.#notation.writeText(node.spelling);
      case 'chars':
        return this.#printClass(node.ranges);
      case 'rule':
        return this.name(node.name);
      case 'sequence':
        if (node.items.length === 0) return this.#notation.empty;
        return enclose(node.items.map((item) => this.print(item, 'sequence')).join(' '), level === 'single');
      case 'choice':
        return enclose(node.options.map((option) => this.print(option, 'sequence')).join(' | '), level !== 'choice');
      case 'repeat':
        return enclose(this.print(node.item, 'single') + this.#printCount(node.least, node.most), level === 'single');
      default:
        throw new Error(`A ${node.kind} is written out before rules are printed.`);
    }
  }

  #printCount(least: number, most: number | undefined): string {
    if (most === undefined && least <= 1) return least === 0 ? '*' : '+';
    if (least === 0 && most === 1) return '?';
    if (this.#notation.writeCount) return this.#notation.writeCount(least, most);
    return least === most ? `{${least}}` : `{${least},${most ?? ''}}`;
  }

  #printClass(ranges: readonly Range[]): string {
    const others = complementRanges(ranges);
    if (others.length === 0) return this.#notation.any;
    const isNegated = others.length < ranges.length;
    return this.#notation.writeClass(isNegated ? others : ranges, isNegated);
  }
}

function enclose(text: string, isNeeded: boolean): string {
  return isNeeded ? `(${text})` : text;
}
