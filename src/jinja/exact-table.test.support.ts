import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LiteralJson, parseLiteralJson } from '../text/literal-json.ts';
import { context } from './expressions.test.support.ts';
import { compileTemplate, JinjaError } from './index.ts';

/** An expression and what it prints; `null` where it raises. */
export type ExactRow = readonly [string, string | null];

const now = new Date(2025, 6, 4, 13, 5, 9);

/** Makes a test of each row, with the variables of `context`. The values are what Jinja2 3.1.6 printed; oracle.test.ts asks it live. */
export function testExactly(rows: readonly ExactRow[]): void {
  const variables = parseLiteralJson(context) as ReadonlyMap<string, LiteralJson>;
  for (const [expression, printed] of rows) {
    const render = () => compileTemplate(`{{ ${expression} }}`).render(variables, { now }).text;
    if (printed === null) test(`${expression} raises`, () => void assert.throws(render, JinjaError));
    else test(`${expression} prints ${JSON.stringify(printed)}`, () => assert.equal(render(), printed));
  }
}
