import { GatewayError } from '../../protocol/error.ts';
import { chars, choice, emptyText, repeat, rule, sequence, text } from '../build.ts';
import { checkGrammar } from '../check-grammar.ts';
import type { Grammar, Node } from '../ir.ts';
import { anyCharacter, complementRanges, type Range } from '../regex/ranges.ts';
import { GrammarCursor } from './grammar-cursor.ts';

/** What is read of a user's grammar at most. */
const limits = { chars: 64 * 1024, depth: 64, nodes: 20_000, repeat: 10_000 } as const;

/**
 * Reads a user's grammar in the notation that llama.cpp (GBNF) and xgrammar (EBNF) share: `name ::= "text" | [a-z]+ (other)* x{2,4} .`, comments with `#`,
 * the answer being `root`. Linear; nothing else than what is read here reaches an engine. Throws `invalid_request` with line and column for what is no such
 * grammar, for one without end (`a ::= a "x"`), and for one that is too large. Source: llama.cpp, grammars/README.md; xgrammar 0.1, EBNF.
 */
export function readUserGrammar(source: string): Grammar {
  if (source.length > limits.chars) throw tooLarge(`it has ${source.length} characters; at most ${limits.chars} are read`);
  const reader = new GrammarReader(source);
  const rules = reader.readRules();
  const root = rules.get('root');
  if (root === undefined) {
    const lark = /^\s*(?:start|%\w+)\s*:?/m.test(source) && !source.includes('::=') ? ' It looks like Lark, which is not taken.' : '';
    throw new GatewayError('invalid_request', `The grammar has no rule \`root\`, with which an answer begins.${lark}`, {
      param: 'grammar',
    });
  }
  const grammar: Grammar = { root: rule(ruleName('root')), rules: new Map([...rules].map(([name, body]) => [ruleName(name), body])) };
  checkGrammar(grammar);
  return grammar;
}

/** Names of our grammars are letters, digits and `-`. */
function ruleName(name: string): string {
  return `u-${name.replace(/[_.]/g, (sign) => (sign === '_' ? '-u-' : '-d-'))}`;
}

class GrammarReader {
  readonly #cursor: GrammarCursor;
  #depth = 0;
  #nodes = 0;

  constructor(source: string) {
    this.#cursor = new GrammarCursor(source);
  }

  readRules(): ReadonlyMap<string, Node> {
    const rules = new Map<string, Node>();
    this.#cursor.skipSpace(true);
    while (!this.#cursor.isAtEnd) {
      const name = this.#cursor.takeName();
      if (name === '') throw this.#cursor.fail('the name of a rule was expected');
      this.#cursor.skipSpace(false);
      if (!this.#cursor.takes('::=')) throw this.#cursor.fail('`::=` was expected');
      if (rules.has(name)) throw this.#cursor.fail(`the rule ${name} is defined twice`);
      rules.set(name, this.#readChoice(false));
      this.#cursor.skipSpace(true);
    }
    return rules;
  }

  /** `a b | c`; inside of parentheses it goes over line ends. */
  #readChoice(isInside: boolean): Node {
    const options: Node[] = [];
    do {
      this.#cursor.skipSpace(true);
      options.push(this.#readSequence(isInside));
      this.#skipToBar(isInside);
    } while (this.#cursor.takes('|'));
    return this.#count(choice(options));
  }

  /** A line that begins with `|` goes on with the rule before it. */
  #skipToBar(isInside: boolean): void {
    this.#cursor.skipSpace(isInside);
    if (this.#cursor.next === '\n' || this.#cursor.next === '\r') this.#cursor.skipSpace(true);
  }

  #readSequence(isInside: boolean): Node {
    const items: Node[] = [];
    for (;;) {
      this.#cursor.skipSpace(isInside);
      const item = this.#readItem(isInside);
      if (item === undefined) break;
      items.push(this.#readRepeats(item));
    }
    return items.length === 0 ? emptyText : sequence(items);
  }

  /** Undefined where none begins: at `|`, `)`, the end of the rule. */
  #readItem(isInside: boolean): Node | undefined {
    if (this.#cursor.takes('"')) return this.#count(this.#readText());
    if (this.#cursor.takes('[')) return this.#count(this.#readClass());
    if (this.#cursor.takes('.')) return this.#count(chars(anyCharacter));
    if (this.#cursor.takes('(')) return this.#readGroup();
    if (!/[A-Za-z_]/.test(this.#cursor.next) || (isInside ? false : this.#cursor.isAtDefinition())) return this.#refuseOdd(isInside);
    return this.#count(rule(ruleName(this.#cursor.takeName())));
  }

  #refuseOdd(isInside: boolean): undefined {
    const { next } = this.#cursor;
    if (next === '' || next === '|' || next === '\n' || next === '\r' || (isInside && next === ')') || /[A-Za-z_]/.test(next))
      return undefined;
    throw this.#cursor.fail(`${JSON.stringify(next)} is not expected`);
  }

  #readGroup(): Node {
    if (++this.#depth > limits.depth) throw tooLarge(`its parentheses nest deeper than ${limits.depth}`);
    const node = this.#readChoice(true);
    this.#cursor.skipSpace(true);
    if (!this.#cursor.takes(')')) throw this.#cursor.fail('`)` was expected');
    this.#depth--;
    return node;
  }

  #readRepeats(item: Node): Node {
    let node = item;
    for (;;) {
      if (this.#cursor.takes('*')) node = repeat(node, 0, undefined);
      else if (this.#cursor.takes('+')) node = repeat(node, 1, undefined);
      else if (this.#cursor.takes('?')) node = repeat(node, 0, 1);
      else if (this.#cursor.takes('{')) node = this.#readBounds(node);
      else return node;
      this.#count(node);
    }
  }

  #readBounds(item: Node): Node {
    const least = this.#cursor.takeNumber();
    const isOpen = this.#cursor.takes(',');
    const most = isOpen ? this.#cursor.takeNumber() : least;
    if ((least === undefined && most === undefined) || !this.#cursor.takes('}'))
      throw this.#cursor.fail('bounds such as {2}, {2,} or {2,4} were expected');
    if ((least ?? 0) > (most ?? Number.POSITIVE_INFINITY)) throw this.#cursor.fail(`a repetition from ${least} to ${most} is never met`);
    if (Math.max(least ?? 0, most ?? 0) > limits.repeat) throw tooLarge(`it repeats something more than ${limits.repeat} times`);
    return repeat(item, least ?? 0, most);
  }

  #readText(): Node {
    let read = '';
    while (!this.#cursor.takes('"')) read += String.fromCodePoint(this.#readLetter());
    return text(read);
  }

  /** `[a-z0-9_]` or `[^"\\]`. */
  #readClass(): Node {
    const isNegated = this.#cursor.takes('^');
    const ranges: Range[] = [];
    while (!this.#cursor.takes(']')) {
      const from = this.#readLetter();
      const to = this.#takesRangeSign() ? this.#readLetter() : from;
      if (to < from) throw this.#cursor.fail('the range begins behind its end');
      ranges.push([from, to]);
    }
    const allowed = isNegated ? complementRanges(ranges) : ranges;
    if (allowed.length === 0) throw this.#cursor.fail('the class allows no character');
    return chars(allowed);
  }

  /** `-` between two letters; before `]` it is a letter itself. */
  #takesRangeSign(): boolean {
    if (!this.#cursor.takes('-')) return false;
    if (this.#cursor.next !== ']') return true;
    this.#cursor.stepBack();
    return false;
  }

  #readLetter(): number {
    if (this.#cursor.takes('\\')) return this.#readEscape();
    const code = this.#cursor.takeCodePoint();
    if (code === undefined || code === 10) throw this.#cursor.fail('the text or class has no end');
    if (code >= 0xd800 && code <= 0xdfff) throw this.#cursor.fail('half of a surrogate pair is no character');
    return code;
  }

  #readEscape(): number {
    if (this.#cursor.takes('x')) return this.#cursor.takeHex(2);
    if (this.#cursor.takes('u')) return this.#cursor.takeHex(4);
    if (this.#cursor.takes('U')) return this.#cursor.takeHex(8);
    const letter = this.#cursor.takeCodePoint();
    if (letter === undefined) throw this.#cursor.fail('an escape has no end');
    return plainEscapes.get(letter) ?? letter;
  }

  #count(node: Node): Node {
    if (++this.#nodes > limits.nodes) throw tooLarge(`it has more than ${limits.nodes} parts`);
    return node;
  }
}

/** Letters that stand for another after a backslash; any other stands for itself. */
const plainEscapes: ReadonlyMap<number, number> = new Map(
  Object.entries({ n: '\n', r: '\r', t: '\t', 0: '\0' }).map(([name, letter]) => [name.charCodeAt(0), letter.charCodeAt(0)]),
);

function tooLarge(what: string): GatewayError {
  return new GatewayError('invalid_request', `The grammar is too large: ${what}.`, { param: 'grammar' });
}
