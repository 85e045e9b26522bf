import { chars, choice, repeat, sequence, text } from '../build.ts';
import type { Node, Whitespace } from '../ir.ts';
import { escapeText, type Quote } from '../regex/in-quotes.ts';
import type { RuleBook } from '../regex/rule-book.ts';

const mostBlanks = 20;

/** What stands between the parts of a value: brackets, commas, colons and the white space that the node allows. */
export class Punctuation {
  readonly comma: Node;
  readonly colon: Node;
  readonly quotes: readonly Quote[];
  readonly #gap: Node;

  constructor(whitespace: Whitespace, notation: 'json' | 'python', rules: RuleBook) {
    this.#gap = whitespace === 'loose' ? defineGap(rules) : sequence([]);
    this.comma = whitespace === 'one-space' ? text(', ') : sequence([text(','), this.#gap]);
    this.colon = whitespace === 'one-space' ? text(': ') : sequence([text(':'), this.#gap]);
    this.quotes = notation === 'python' ? ['"', "'"] : ['"'];
  }

  /** `[` … `]`; without anything inside there is one gap. */
  enclose(open: string, inside: Node | undefined, close: string): Node {
    if (inside === undefined) return sequence([text(open), this.#gap, text(close)]);
    return sequence([text(open), this.#gap, inside, this.#gap, text(close)]);
  }

  /** A fixed text in quotes. */
  quoteText(content: string): Node {
    return this.quote((quote) => text(escapeText(content, quote)));
  }

  /** Content in each kind of quotes that the notation has. */
  quote(write: (quote: Quote) => Node): Node {
    return choice(this.quotes.map((quote) => sequence([text(quote), write(quote), text(quote)])));
  }
}

function defineGap(rules: RuleBook): Node {
  const gap = rules.reserve('gap');
  const blank = chars([
    [9, 9],
    [32, 32],
  ]);
  rules.define(gap, sequence([repeat(text('\n'), 0, 1), repeat(blank, 0, mostBlanks)]));
  return gap;
}
