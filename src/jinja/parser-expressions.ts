import type { BinaryOperator } from './arithmetic.ts';
import type { CallArguments, CompareOperator, Expression, FilterNode } from './ast.ts';
import { parseArguments } from './parser-arguments.ts';
import { parseDict, parseList, readIntegerOf } from './parser-literals.ts';
import { describeToken, type TokenStream } from './token-stream.ts';
import { PyFloat } from './values.ts';

const noCall: CallArguments = { args: [], keywords: [], spreadArgs: undefined, spreadKeywords: undefined };
const constants: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** How a tuple without parentheses is read. */
export interface TupleRules {
  readonly hasCondition?: boolean;
  /** a word that ends the tuple after a comma */
  readonly endWord?: string;
  readonly isInParentheses?: boolean;
}

/** Reads expressions with Jinja2's precedence. */
export class ExpressionParser {
  readonly stream: TokenStream;

  constructor(stream: TokenStream) {
    this.stream = stream;
  }

  parseExpression(hasCondition = true): Expression {
    return this.stream.nested(() => (hasCondition ? this.#parseCondition() : this.#parseOr()));
  }

  #parseCondition(): Expression {
    let value = this.#parseOr();
    while (this.stream.isName('if')) {
      const at = this.stream.next().offset;
      const test = this.#parseOr();
      const otherwise = this.stream.skipName('else') ? this.stream.nested(() => this.#parseCondition()) : undefined;
      value = { kind: 'condition', test, whenTrue: value, otherwise, at };
    }
    return value;
  }

  #parseOr(): Expression {
    let left = this.#parseAnd();
    while (this.stream.isName('or')) {
      const at = this.stream.next().offset;
      left = { kind: 'or', left, right: this.#parseAnd(), at };
    }
    return left;
  }

  #parseAnd(): Expression {
    let left = this.#parseNot();
    while (this.stream.isName('and')) {
      const at = this.stream.next().offset;
      left = { kind: 'and', left, right: this.#parseNot(), at };
    }
    return left;
  }

  #parseNot(): Expression {
    if (!this.stream.isName('not')) return this.#parseCompare();
    const at = this.stream.next().offset;
    return { kind: 'not', value: this.stream.nested(() => this.#parseNot()), at };
  }

  #parseCompare(): Expression {
    const at = this.stream.current.offset;
    const first = this.#parseSum();
    const rest: (readonly [CompareOperator, Expression])[] = [];
    for (;;) {
      const operator = this.#readComparison();
      if (operator === undefined) break;
      rest.push([operator, this.#parseSum()]);
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest, at };
  }

  #readComparison(): CompareOperator | undefined {
    const { type, text } = this.stream.current;
    if (type === 'operator' && comparisons.has(text)) return this.stream.next().text as CompareOperator;
    if (this.stream.skipName('in')) return 'in';
    const { following } = this.stream;
    if (!this.stream.isName('not') || following.type !== 'name' || following.text !== 'in') return undefined;
    this.stream.next();
    this.stream.next();
    return 'not in';
  }

  #parseSum(): Expression {
    return this.#parseBinary(['+', '-'], () => this.#parseConcat());
  }

  #parseConcat(): Expression {
    const at = this.stream.current.offset;
    const items = [this.#parseProduct()];
    while (this.stream.skipOperator('~')) items.push(this.#parseProduct());
    return items.length === 1 ? (items[0] as Expression) : { kind: 'concat', items, at };
  }

  #parseProduct(): Expression {
    return this.#parseBinary(['*', '/', '//', '%'], () => this.#parsePower());
  }

  #parsePower(): Expression {
    return this.#parseBinary(['**'], () => this.parseUnary());
  }

  #parseBinary(operators: readonly BinaryOperator[], parseOperand: () => Expression): Expression {
    let left = parseOperand();
    for (;;) {
      const operator = operators.find((one) => this.stream.isOperator(one));
      if (operator === undefined) return left;
      const at = this.stream.next().offset;
      left = { kind: 'binary', operator, left, right: parseOperand(), at };
    }
  }

  parseUnary(hasFilter = true): Expression {
    const { current } = this.stream;
    const isSigned = this.stream.isOperator('-') || this.stream.isOperator('+');
    let value: Expression;
    if (isSigned) {
      this.stream.next();
      const operand = this.stream.nested(() => this.parseUnary(false));
      value = { kind: 'sign', operator: current.text as '-' | '+', value: operand, at: current.offset };
    } else value = this.parsePrimary();
    value = this.parsePostfix(value);
    return hasFilter ? this.#parseFilterExpression(value) : value;
  }

  parsePrimary(): Expression {
    const token = this.stream.current;
    const at = token.offset;
    if (token.type === 'name') return this.#parseName();
    if (token.type === 'string') return this.#parseString();
    if (token.type === 'integer') return { kind: 'const', value: readIntegerOf(this.stream, this.stream.next()), at };
    if (token.type === 'float') return { kind: 'const', value: new PyFloat(Number(this.stream.next().text)), at };
    if (this.stream.skipOperator('(')) {
      const inner = this.parseTuple({ isInParentheses: true });
      this.stream.expectOperator(')');
      return inner;
    }
    if (this.stream.isOperator('[')) return parseList(this.stream, () => this.parseExpression());
    if (this.stream.isOperator('{')) return parseDict(this.stream, () => this.parseExpression());
    throw this.stream.fail(`unexpected '${describeToken(token)}'`);
  }

  #parseName(): Expression {
    const { text: name, offset: at } = this.stream.next();
    const constant = constants.get(name);
    return constant === undefined ? { kind: 'name', name, use: 'load', at } : { kind: 'const', value: constant, at };
  }

  #parseString(): Expression {
    const at = this.stream.current.offset;
    let value = '';
    while (this.stream.current.type === 'string') value += this.stream.next().text;
    return { kind: 'const', value, at };
  }

  /** One expression, or a tuple when a comma follows. */
  parseTuple(rules: TupleRules = {}): Expression {
    return this.parseItems(rules, () => this.parseExpression(rules.hasCondition ?? true));
  }

  parseItems(rules: TupleRules, parseItem: () => Expression): Expression {
    const at = this.stream.current.offset;
    const items: Expression[] = [];
    let isTuple = false;
    for (;;) {
      if (items.length > 0) this.stream.expectOperator(',');
      if (this.#isTupleEnd(rules.endWord)) break;
      items.push(parseItem());
      if (!this.stream.isOperator(',')) break;
      isTuple = true;
    }
    if (!isTuple) {
      if (items[0] !== undefined) return items[0];
      if (rules.isInParentheses !== true) throw this.stream.fail(`Expected an expression, got '${describeToken(this.stream.current)}'`);
    }
    return { kind: 'tuple', items, at };
  }

  #isTupleEnd(endWord: string | undefined): boolean {
    const { type } = this.stream.current;
    if (type === 'variable_end' || type === 'block_end' || this.stream.isOperator(')')) return true;
    return endWord !== undefined && this.stream.isName(endWord);
  }

  parsePostfix(start: Expression): Expression {
    let value = start;
    for (;;) {
      if (this.stream.isOperator('.') || this.stream.isOperator('[')) value = this.#parseSubscript(value);
      else if (this.stream.isOperator('(')) value = this.#parseCall(value);
      else return value;
    }
  }

  #parseFilterExpression(start: Expression): Expression {
    let value = start;
    for (;;) {
      if (this.stream.isOperator('|')) value = this.parseFilters(value);
      else if (this.stream.isName('is')) value = this.#parseTest(value);
      else if (this.stream.isOperator('(')) value = this.#parseCall(value);
      else return value;
    }
  }

  #parseSubscript(value: Expression): Expression {
    const { text: opener, offset: at } = this.stream.next();
    if (opener === '.') {
      const token = this.stream.next();
      if (token.type === 'name') return { kind: 'attribute', value, name: token.text, at };
      if (token.type !== 'integer') throw this.stream.fail('expected name or number', token);
      return { kind: 'item', value, key: { kind: 'const', value: readIntegerOf(this.stream, token), at }, at };
    }
    const keys: Expression[] = [];
    while (!this.stream.isOperator(']')) {
      if (keys.length > 0) this.stream.expectOperator(',');
      keys.push(this.#parseKey());
    }
    this.stream.expectOperator(']');
    const key: Expression = keys.length === 1 ? (keys[0] as Expression) : { kind: 'tuple', items: keys, at };
    return { kind: 'item', value, key, at };
  }

  #parseKey(): Expression {
    const at = this.stream.current.offset;
    const start = this.stream.isOperator(':') ? undefined : this.parseExpression();
    if (!this.stream.skipOperator(':')) return start as Expression;
    const stop = this.#parseBound();
    const step = this.stream.skipOperator(':') ? this.#parseBound() : undefined;
    return { kind: 'slice', start, stop, step, at };
  }

  #parseBound(): Expression | undefined {
    const ends = this.stream.isOperator(':') || this.stream.isOperator(']') || this.stream.isOperator(',');
    return ends ? undefined : this.parseExpression();
  }

  #parseCall(callee: Expression): Expression {
    const at = this.stream.current.offset;
    return { kind: 'call', callee, call: this.parseArguments(), at };
  }

  parseArguments(): CallArguments {
    return parseArguments(this.stream, () => this.parseExpression());
  }

  /** `|name(args)|name`; `value` is missing for the filters of a block. */
  parseFilters(value: Expression | undefined, startsInline = false): Expression {
    let filtered = value;
    for (let isInline = startsInline; isInline || this.stream.isOperator('|'); isInline = false) {
      if (!isInline) this.stream.next();
      const at = this.stream.current.offset;
      const name = this.#parseDottedName();
      const call = this.stream.isOperator('(') ? this.parseArguments() : noCall;
      filtered = { kind: 'filter', value: filtered, name, call, at } satisfies FilterNode;
    }
    return filtered as Expression;
  }

  #parseDottedName(): string {
    let name = this.stream.expect('name').text;
    while (this.stream.skipOperator('.')) name += `.${this.stream.expect('name').text}`;
    return name;
  }

  #parseTest(value: Expression): Expression {
    const at = this.stream.next().offset;
    const isNegated = this.stream.skipName('not');
    const name = this.#parseDottedName();
    const call = this.stream.isOperator('(') ? this.parseArguments() : this.#parseBareArgument();
    const test: Expression = { kind: 'test', value, name, call, at };
    return isNegated ? { kind: 'not', value: test, at } : test;
  }

  /** `is divisibleby 3` */
  #parseBareArgument(): CallArguments {
    const { type, text } = this.stream.current;
    const opens = this.stream.isOperator('[') || this.stream.isOperator('{');
    const isArgument = opens || type === 'string' || type === 'integer' || type === 'float' || type === 'name';
    if (!isArgument || (type === 'name' && (text === 'else' || text === 'or' || text === 'and'))) return noCall;
    if (this.stream.isName('is')) throw this.stream.fail('You cannot chain multiple tests with is');
    return { ...noCall, args: [this.parsePostfix(this.parsePrimary())] };
  }
}
