import type { CallNode, Expression, FilterNode, IfNode, MacroBody, NameNode, Statement } from './ast.ts';
import { ExpressionParser } from './parser-expressions.ts';
import { TokenStream } from './token-stream.ts';

/** Reads a normalised source into statements. Throws `JinjaError` of kind `syntax`. */
export function parseTemplate(source: string): readonly Statement[] {
  return new StatementParser(new TokenStream(source)).parse();
}

const notHere = new Set(['block', 'extends', 'include', 'import', 'from', 'autoescape']);

class StatementParser {
  readonly #stream: TokenStream;
  readonly #expressions: ExpressionParser;
  /** 0 outside of loops; functions hide the loops around them */
  #loops = 0;

  constructor(stream: TokenStream) {
    this.#stream = stream;
    this.#expressions = new ExpressionParser(stream);
  }

  parse(): readonly Statement[] {
    return this.#parseUntil([]);
  }

  /** Statements up to a tag of `ends`, whose name is the current token afterwards. */
  #parseUntil(ends: readonly string[]): readonly Statement[] {
    const body: Statement[] = [];
    for (;;) {
      const { type, text, offset: at } = this.#stream.current;
      if (type === 'eof') {
        if (ends.length > 0)
          throw this.#stream.fail(`Unexpected end of template. Jinja was looking for the following tags: ${quoteNames(ends)}.`);
        return body;
      }
      this.#stream.next();
      if (type === 'data') body.push({ kind: 'data', text, at });
      else if (type === 'variable_begin') {
        body.push({ kind: 'print', value: this.#expressions.parseTuple(), at });
        this.#stream.expect('variable_end');
      } else {
        const { current } = this.#stream;
        if (current.type === 'name' && ends.includes(current.text)) return body;
        body.push(...this.#stream.nested(() => this.#parseStatement(at, ends)));
        this.#stream.expect('block_end');
      }
    }
  }

  /** The body of a block: the rest of its tag, statements, and the name of the tag that ends it. */
  #parseBody(ends: readonly string[]): { readonly body: readonly Statement[]; readonly end: string } {
    this.#stream.skipOperator(':');
    this.#stream.expect('block_end');
    const body = this.#parseUntil(ends);
    return { body, end: this.#stream.next().text };
  }

  #parseStatement(at: number, ends: readonly string[]): readonly Statement[] {
    if (this.#stream.current.type !== 'name') throw this.#stream.fail('tag name expected');
    const tag = this.#stream.next();
    switch (tag.text) {
      case 'if':
        return [this.#parseIf(at)];
      case 'for':
        return [this.#parseFor(at)];
      case 'set':
        return [this.#parseSet(at)];
      case 'macro':
        return [this.#parseMacro(at)];
      case 'call':
        return [this.#parseCallBlock(at)];
      case 'generation':
        return [{ kind: 'generation', args: [], defaults: [], body: this.#parseFunction('endgeneration'), at }];
      case 'filter':
        return [this.#parseFilterBlock(at)];
      case 'with':
        return [this.#parseWith(at)];
      case 'print':
        return this.#parsePrint(at);
      case 'break':
      case 'continue':
        if (this.#loops === 0) throw this.#stream.fail(`'${tag.text}' outside loop`, tag);
        return [{ kind: tag.text, at }];
      default: {
        if (notHere.has(tag.text)) throw this.#stream.fail(`The tag '${tag.text}' is not available here.`, tag);
        const wanted = ends.length === 0 ? '' : ` Jinja was looking for the following tags: ${quoteNames(ends)}.`;
        throw this.#stream.fail(`Encountered unknown tag '${tag.text}'.${wanted}`, tag);
      }
    }
  }

  #parseIf(at: number): IfNode {
    const test = this.#expressions.parseTuple({ hasCondition: false });
    let { body, end } = this.#parseBody(['elif', 'else', 'endif']);
    const elifs: IfNode[] = [];
    const first = body;
    while (end === 'elif') {
      const place = this.#stream.current.offset;
      const condition = this.#expressions.parseTuple({ hasCondition: false });
      ({ body, end } = this.#parseBody(['elif', 'else', 'endif']));
      elifs.push({ kind: 'if', test: condition, body, elifs: [], otherwise: [], at: place });
    }
    const otherwise = end === 'else' ? this.#parseBody(['endif']).body : [];
    return { kind: 'if', test, body: first, elifs, otherwise, at };
  }

  #parseFor(at: number): Statement {
    const target = this.#parseTarget('in');
    rejectLoopTarget(target, () => this.#stream.fail("Can't assign to special loop variable in for-loop target"));
    this.#stream.expectName('in');
    const iterable = this.#expressions.parseTuple({ hasCondition: false, endWord: 'recursive' });
    const test = this.#stream.skipName('if') ? this.#expressions.parseExpression() : undefined;
    const isRecursive = this.#stream.skipName('recursive');
    this.#loops++;
    const { body, end } = this.#parseBody(['endfor', 'else']);
    this.#loops--;
    // a recursive loop is a function: its `else` is outside every loop
    const loops = this.#loops;
    if (isRecursive) this.#loops = 0;
    const otherwise = end === 'else' ? this.#parseBody(['endfor']).body : [];
    this.#loops = loops;
    return { kind: 'for', target, iterable, test, isRecursive, body, otherwise, at };
  }

  #parseSet(at: number): Statement {
    const target = this.#parseTarget(undefined, true);
    if (this.#stream.skipOperator('=')) return { kind: 'set', target, value: this.#expressions.parseTuple(), at };
    const filter = this.#stream.isOperator('|') ? this.#expressions.parseFilters(undefined) : undefined;
    return { kind: 'setblock', target, filter, body: this.#parseBody(['endset']).body, at };
  }

  #parseMacro(at: number): Statement {
    const { text: name } = this.#stream.expect('name');
    this.#checkName(name);
    const signature = this.#parseSignature();
    return { kind: 'macro', name, ...signature, body: this.#parseFunction('endmacro'), at };
  }

  #parseCallBlock(at: number): Statement {
    const signature = this.#stream.isOperator('(') ? this.#parseSignature() : { args: [], defaults: [] };
    const call = this.#expressions.parseExpression();
    if (call.kind !== 'call') throw this.#stream.fail('expected call');
    return { kind: 'callblock', call: call satisfies CallNode, ...signature, body: this.#parseFunction('endcall'), at };
  }

  #parseFunction(end: string): readonly Statement[] {
    const loops = this.#loops;
    this.#loops = 0;
    const { body } = this.#parseBody([end]);
    this.#loops = loops;
    return body;
  }

  #parseSignature(): Pick<MacroBody, 'args' | 'defaults'> {
    const args: NameNode[] = [];
    const defaults: Expression[] = [];
    const names = new Set<string>();
    this.#stream.expectOperator('(');
    while (!this.#stream.isOperator(')')) {
      if (args.length > 0) this.#stream.expectOperator(',');
      const { text: name, offset: at } = this.#stream.expect('name');
      this.#checkName(name);
      if (names.has(name)) throw this.#stream.fail(`duplicate argument '${name}'`);
      if (this.#stream.skipOperator('=')) defaults.push(this.#expressions.parseExpression());
      else if (defaults.length > 0) throw this.#stream.fail('non-default argument follows default argument');
      else if (name === 'caller') throw this.#stream.fail('the special "caller" argument must be omitted or be given a default');
      names.add(name);
      args.push({ kind: 'name', name, use: 'parameter', at });
    }
    this.#stream.expectOperator(')');
    return { args, defaults };
  }

  #parseFilterBlock(at: number): Statement {
    const filter = this.#expressions.parseFilters(undefined, true) as FilterNode;
    return { kind: 'filterblock', filter, body: this.#parseBody(['endfilter']).body, at };
  }

  #parseWith(at: number): Statement {
    const targets: Expression[] = [];
    const values: Expression[] = [];
    while (this.#stream.current.type !== 'block_end') {
      if (targets.length > 0) this.#stream.expectOperator(',');
      targets.push(this.#parseTarget());
      this.#stream.expectOperator('=');
      values.push(this.#expressions.parseExpression());
    }
    return { kind: 'with', targets, values, body: this.#parseBody(['endwith']).body, at };
  }

  #parsePrint(at: number): readonly Statement[] {
    const printed: Statement[] = [];
    while (this.#stream.current.type !== 'block_end') {
      if (printed.length > 0) this.#stream.expectOperator(',');
      printed.push({ kind: 'print', value: this.#expressions.parseExpression(), at });
    }
    return printed;
  }

  /** What stands left of `=` or `in`. */
  #parseTarget(endWord?: string, mayBeAttribute = false): Expression {
    const rules = endWord === undefined ? {} : { endWord };
    return this.#toTarget(this.#expressions.parseItems(rules, () => this.#parseTargetItem(mayBeAttribute)));
  }

  #parseTargetItem(mayBeAttribute: boolean): Expression {
    const { current, following } = this.#stream;
    const isAttribute = mayBeAttribute && current.type === 'name' && following.type === 'operator' && following.text === '.';
    if (!isAttribute) return this.#expressions.parsePrimary();
    this.#stream.next();
    this.#stream.next();
    return { kind: 'nsref', name: current.text, attribute: this.#stream.expect('name').text, at: current.offset };
  }

  #toTarget(node: Expression): Expression {
    if (node.kind === 'name') {
      this.#checkName(node.name);
      return { ...node, use: 'store' };
    }
    if (node.kind === 'nsref') return node;
    if (node.kind === 'tuple') return { ...node, items: node.items.map((item) => this.#toTarget(item)) };
    throw this.#stream.fail(`can't assign to '${node.kind}'`);
  }

  #checkName(name: string): void {
    if (['true', 'false', 'none', 'True', 'False', 'None'].includes(name)) throw this.#stream.fail(`can't assign to '${name}'`);
  }
}

function rejectLoopTarget(target: Expression, fail: () => Error): void {
  if (target.kind === 'name' && target.name === 'loop') throw fail();
  if (target.kind === 'tuple') for (const item of target.items) rejectLoopTarget(item, fail);
}

function quoteNames(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(' or ');
}
