import { dialects } from '../dialects/index.ts';
import { compileDialect } from '../parsing/compile-dialect.ts';
import { isLiteralObject } from '../templates/conversation.ts';
import type { Wording } from '../templates/normalise/draft.ts';
import { type LiteralJson, printLiteralJson, pythonJsonStyle } from '../text/literal-json.ts';
import type { KnownDialect } from './model-knowledge.ts';

const plainResult = dialects.envelope.render?.result ?? '{content}';

/** How a dialect's calls and results are put into words, for templates that print none. */
export function makeWording({ definition }: Pick<KnownDialect, 'definition'>): Wording {
  const result = definition.render?.result ?? plainResult;
  return {
    calls: (calls) =>
      compileDialect(definition).renderCalls(calls.map(readCall), []) ?? calls.map((call) => printLiteralJson(call)).join('\n'),
    result: (name, content) => result.replace('{name}', () => name).replace('{content}', () => content),
  };
}

function readCall(call: LiteralJson): { readonly id: string; readonly name: string; readonly argumentsJson: string } {
  const members = isLiteralObject(call) ? call : new Map<string, LiteralJson>();
  const called = members.get('function');
  const inside = isLiteralObject(called) ? called : new Map<string, LiteralJson>();
  const args = inside.get('arguments') ?? null;
  return {
    id: textOr(members.get('id')),
    name: textOr(inside.get('name')),
    // text that is no object is shown under one key rather than lost
    argumentsJson: printLiteralJson(isLiteralObject(args) ? args : new Map(args === null ? [] : [['arguments', args]]), pythonJsonStyle),
  };
}

function textOr(value: LiteralJson | undefined): string {
  return typeof value === 'string' ? value : '';
}
