import { mapChildren, repeat, sequence } from '../build.ts';
import { checkGrammar } from '../check-grammar.ts';
import { expandGrammar } from '../expand-grammar.ts';
import type { Grammar, Node, ReadGrammar, RepeatNode, RuleNode, Unenforced } from '../ir.ts';
import { RuleBook } from '../regex/rule-book.ts';
import { shareRules } from '../share-rules.ts';
import { factorTexts } from './factor-texts.ts';
import { withoutEmptyRepeats } from './without-empty-repeats.ts';
import { withoutUntils } from './without-untils.ts';

/** What a target of rules cannot say itself. */
export interface LowerOptions {
  /** largest number in `{least,most}`; larger ones are said with groups of groups */
  readonly largestCount: number;
  /** number from which a bound is left open and reported */
  readonly openFrom: number;
}

/**
 * A grammar that uses nothing but texts, tokens, classes, sequences, choices, rules and repeats within the target's bounds; what is
 * repeated by number is a single thing. Throws `invalid_request` for rules that are missing or begin with themselves.
 */
export function lowerGrammar(grammar: Grammar, options: LowerOptions): ReadGrammar {
  const read = expandGrammar(grammar);
  checkGrammar(read.grammar);
  const lowering = new Lowering(withoutEmptyRepeats(withoutUntils(read.grammar)), options);
  return { grammar: shareRules(lowering.grammar), unenforced: [...read.unenforced, ...lowering.unenforced] };
}

const groupSize = 100;

class Lowering {
  readonly grammar: Grammar;
  readonly unenforced: Unenforced[] = [];
  readonly #options: LowerOptions;
  readonly #book = new RuleBook();
  readonly #renamed: ReadonlyMap<string, RuleNode>;
  /** rules made for parts, by what they hold */
  readonly #parts = new Map<string, RuleNode>();
  #place = 'root';

  constructor({ root, rules }: Grammar, options: LowerOptions) {
    this.#options = options;
    // the name of the whole
    this.#book.reserve('root');
    this.#renamed = new Map([...rules.keys()].map((name) => [name, this.#book.reserve(name)]));
    for (const [name, body] of rules) {
      this.#place = name;
      const renamed = this.#renamed.get(name);
      if (renamed) this.#book.define(renamed, this.#lower(body));
    }
    this.#place = 'root';
    this.grammar = { root: this.#lower(root), rules: this.#book.rules };
  }

  #lower(node: Node): Node {
    switch (node.kind) {
      case 'rule':
        return this.#renamed.get(node.name) ?? node;
      case 'choice':
        return factorTexts(node.options.map((option) => this.#lower(option)));
      case 'repeat':
        return this.#lowerRepeat(node);
      default:
        return mapChildren(node, (child) => this.#lower(child));
    }
  }

  #share(wish: string, key: string, write: () => Node): Node {
    const known = this.#parts.get(key);
    if (known) return known;
    const body = write();
    const rule = body.kind === 'rule' ? body : this.#book.reserve(wish);
    if (body.kind !== 'rule') this.#book.define(rule, body);
    this.#parts.set(key, rule);
    return rule;
  }

  #lowerRepeat({ item, least, most }: RepeatNode): Node {
    const lowered = this.#lower(item);
    if (least <= 1 && (most === undefined || most === 1)) return repeat(lowered, least, most);
    const single = isSingle(lowered) ? lowered : this.#share('part', JSON.stringify(lowered), () => lowered);
    const { openFrom } = this.#options;
    if (least < openFrom && (most === undefined || most < openFrom)) return this.#times(single, least, most);
    const reason = `a bound of ${openFrom} or more is left open`;
    this.unenforced.push({ path: this.#place, keyword: 'repeat', reason });
    return least < openFrom ? this.#times(single, least, undefined) : this.#times(single, openFrom - 1, undefined);
  }

  #times(item: Node, least: number, most: number | undefined): Node {
    const { largestCount } = this.#options;
    if (Math.max(least, most ?? 0) <= largestCount) return repeat(item, least, most);
    if (least > 0)
      return sequence([this.#exactly(item, least), most === undefined ? repeat(item, 0, undefined) : this.#upTo(item, most - least)]);
    return this.#upTo(item, most ?? 0);
  }

  /** 1234 times: 12 groups of a hundred, and 34. */
  #exactly(item: Node, count: number): Node {
    if (count <= this.#options.largestCount) return repeat(item, count, count);
    const groups = Math.floor(count / groupSize);
    return sequence([this.#exactly(this.#group(item), groups), repeat(item, count % groupSize, count % groupSize)]);
  }

  /** 0 to 1234 times: 0 to 11 groups of a hundred, and 0 to 134. */
  #upTo(item: Node, count: number): Node {
    if (count <= this.#options.largestCount) return repeat(item, 0, count);
    const groups = Math.floor(count / groupSize);
    return sequence([this.#upTo(this.#group(item), groups - 1), repeat(item, 0, groupSize + (count % groupSize))]);
  }

  #group(item: Node): Node {
    return this.#share('group', `group ${JSON.stringify(item)}`, () =>
      sequence([{ kind: 'repeat', item, least: groupSize, most: groupSize }]),
    );
  }
}

function isSingle({ kind }: Node): boolean {
  return kind === 'rule' || kind === 'chars';
}
