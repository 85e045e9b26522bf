import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { conversations } from '../templates/check/battery.ts';
import { context } from './expressions.test.support.ts';
import { compileTemplate } from './index.ts';
import {
  compareOutcomes,
  findPython,
  listVariablesWithPython,
  type Oracle,
  type OracleCase,
  renderWithPython,
} from './oracle.test.support.ts';
import { randomTemplate } from './random-templates.test.support.ts';
import type { TokenizerTemplate } from './tokenizer-templates.test.support.ts';

/** Jinja2, or why it is not here. */
export const oracle = findPython();

/** A test that needs Jinja2; it skips with the reason, or fails where nothing may be skipped. */
export function testWithOracle(name: string, run: (oracle: Oracle, context: TestContext) => void): void {
  test(name, (context) => ('python' in oracle ? run(oracle, context) : skip(context, oracle.missing)));
}

/** Skips, or fails where nothing may be skipped. */
export function skip(context: TestContext, reason: string): void {
  assert.notEqual(process.env.ROOKERY_REQUIRE_ALL, '1', reason);
  context.skip(reason);
}

/** Fails with the first differences. */
export function assertSame(differences: readonly string[]): void {
  assert.equal(differences.length, 0, `${differences.length} differ:\n${differences.slice(0, 20).join('\n')}`);
}

/** Templates that random generation gives; the same for the same count. */
export function sampleTemplates(count: number): readonly string[] {
  return fc.sample(randomTemplate, { numRuns: count, seed: Number(process.env.ROOKERY_SEED ?? 7) });
}

/** Templates of one kind, and how many of the conversations each is tried with: every one, or every n-th, another share for each template. */
export interface TemplateRun {
  readonly kind: string;
  readonly templates: readonly TokenizerTemplate[];
  readonly everyNth: number;
}

/** Fails where a template and a conversation give another text here than in Jinja2, or fail in only one of the two. */
export function compareTemplates({ python }: Oracle, { kind, templates, everyNth }: TemplateRun): void {
  const cases: OracleCase[] = templates.flatMap(({ template, specialTokens }, place) =>
    [...conversations.values()]
      .filter((_, index) => (index + place) % everyNth === 0)
      .map((variables) => ({ template, variables: withVariables(variables, specialTokens) })),
  );
  const theirs = renderWithPython(python, cases);
  const rendered = theirs.filter((one) => 'text' in one).length;
  process.stdout.write(`# ${templates.length} ${kind}, ${cases.length} conversations, ${rendered} rendered by Jinja2\n`);
  assertSame(compareOutcomes(cases, theirs));
}

/** A conversation with these variables too, in the place of its own of the same names. */
function withVariables(conversation: string, variables: ReadonlyMap<string, string>): string {
  const added = [...variables].map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `${conversation.slice(0, -1)}${added.join('')}}`;
}

/** Fails where random templates give another text here than in Jinja2, or fail in only one of the two. */
export function compareRandomTemplates({ python }: Oracle, count: number): void {
  const cases = sampleTemplates(count).map((template) => ({ template, variables: context }));
  const theirs = renderWithPython(python, cases);
  // an address in memory is nobody's to repeat
  const isFixed = cases.map((_, index) => !(JSON.stringify(theirs[index]) ?? '').includes(' at 0x'));
  const keepFixed = <T>(list: readonly T[]) => list.filter((_, index) => isFixed[index]);
  assertSame(compareOutcomes(keepFixed(cases), keepFixed(theirs)));
}

/** Fails where a template that is read lists other variables than Jinja2 finds undeclared in it; an older Jinja2 may list fewer. */
export function compareVariables({ python, isCurrent }: Oracle, sources: readonly string[]): void {
  const compiled = sources.flatMap((source) => listVariables(source) ?? []);
  const theirs = listVariablesWithPython(
    python,
    compiled.map(({ source }) => source),
  );
  const differences = compiled.flatMap(({ source, variables }, index) => {
    const their = theirs[index] ?? [];
    const isSame = isCurrent ? isDeepStrictEqual(variables, their) : their.every((name) => variables.includes(name));
    return isSame ? [] : [`${source.slice(0, 300)}\n  ours:   ${variables}\n  theirs: ${their}`];
  });
  assertSame(differences);
}

/** A template's variables in order; undefined for one that is not read. */
function listVariables(source: string): { readonly source: string; readonly variables: readonly string[] } | undefined {
  try {
    return { source, variables: [...compileTemplate(source).variables].sort() };
  } catch {
    return undefined;
  }
}
