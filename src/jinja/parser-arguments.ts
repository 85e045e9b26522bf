import type { CallArguments, Expression } from './ast.ts';
import type { TokenStream } from './token-stream.ts';

/** Reads what stands in a call's parentheses. */
export function parseArguments(stream: TokenStream, parseExpression: () => Expression): CallArguments {
  const start = stream.current;
  stream.expectOperator('(');
  const args: Expression[] = [];
  const keywords: (readonly [string, Expression])[] = [];
  const names = new Set<string>();
  let spreadArgs: Expression | undefined;
  let spreadKeywords: Expression | undefined;
  const ensure = (isRight: boolean) => {
    if (!isRight) throw stream.fail('invalid syntax for function call expression', start);
  };
  for (let isFirst = true; !stream.isOperator(')'); isFirst = false) {
    if (!isFirst) stream.expectOperator(',');
    if (stream.isOperator(')')) break;
    if (stream.skipOperator('*')) {
      ensure(spreadArgs === undefined && spreadKeywords === undefined);
      spreadArgs = parseExpression();
    } else if (stream.skipOperator('**')) {
      ensure(spreadKeywords === undefined);
      spreadKeywords = parseExpression();
    } else if (isKeyword(stream)) {
      ensure(spreadKeywords === undefined);
      const { text: name } = stream.next();
      stream.next();
      // Python refuses to compile a repeated name
      ensure(!names.has(name));
      names.add(name);
      keywords.push([name, parseExpression()]);
    } else {
      ensure(spreadArgs === undefined && spreadKeywords === undefined && keywords.length === 0);
      args.push(parseExpression());
    }
  }
  stream.expectOperator(')');
  return { args, keywords, spreadArgs, spreadKeywords };
}

function isKeyword(stream: TokenStream): boolean {
  const { current, following } = stream;
  return current.type === 'name' && following.type === 'operator' && following.text === '=';
}
