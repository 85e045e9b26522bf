import type { Expression } from './ast.ts';
import type { Token } from './lexer.ts';
import { readInteger } from './number-text.ts';
import type { TokenStream } from './token-stream.ts';

/** `[1, 2]` */
export function parseList(stream: TokenStream, parseExpression: () => Expression): Expression {
  const at = stream.next().offset;
  const items: Expression[] = [];
  while (!stream.isOperator(']')) {
    if (items.length > 0) stream.expectOperator(',');
    if (stream.isOperator(']')) break;
    items.push(parseExpression());
  }
  stream.expectOperator(']');
  return { kind: 'list', items, at };
}

/** `{'a': 1}` */
export function parseDict(stream: TokenStream, parseExpression: () => Expression): Expression {
  const at = stream.next().offset;
  const pairs: (readonly [Expression, Expression])[] = [];
  while (!stream.isOperator('}')) {
    if (pairs.length > 0) stream.expectOperator(',');
    if (stream.isOperator('}')) break;
    const key = parseExpression();
    stream.expectOperator(':');
    pairs.push([key, parseExpression()]);
  }
  stream.expectOperator('}');
  return { kind: 'dict', pairs, at };
}

/** The value of an integer's token. */
export function readIntegerOf(stream: TokenStream, token: Token): number | bigint {
  const value = readInteger(token.text, 0);
  if (value === undefined) throw stream.fail('an integer has too many digits', token);
  return value;
}
