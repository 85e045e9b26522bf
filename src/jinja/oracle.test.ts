import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { readOfficialTemplates } from '../dialects/detect/official-templates.test.support.ts';
import { conversations } from './conversations.test.support.ts';
import { emptyValues } from './empty-values.test.support.ts';
import { context, expressions } from './expressions.test.support.ts';
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
import { statements, statementsSince315 } from './statements.test.support.ts';
import { readTokenizerTemplates, type TokenizerTemplate } from './tokenizer-templates.test.support.ts';

const found = findPython();
const official = readOfficialTemplates();
const randomTemplates = fc.sample(randomTemplate, { numRuns: 1200, seed: Number(process.env.ROOKERY_SEED ?? 7) });
const mustRun = process.env.ROOKERY_REQUIRE_ALL === '1';

function testWithOracle(name: string, run: (oracle: Oracle, context: TestContext) => void): void {
  test(name, (context) => ('python' in found ? run(found, context) : skip(context, found.missing)));
}

function skip(context: TestContext, reason: string): void {
  assert.ok(!mustRun, reason);
  context.skip(reason);
}

function assertSame(differences: readonly string[]): void {
  assert.equal(differences.length, 0, `${differences.length} differ:\n${differences.slice(0, 20).join('\n')}`);
}

if ('python' in found) {
  const { python, version, isCurrent } = found;
  const left = isCurrent ? '' : `, older than 3.1.5: ${statementsSince315.length} statements and names it does not list are not compared`;
  process.stdout.write(`# the oracle is Jinja2 ${version} of ${python}${left}\n`);
}

testWithOracle('every official template gives what Jinja2 gives, whatever the conversation', ({ python }, context) => {
  if (official.templates === undefined) return skip(context, official.missing);
  return compareTemplates(
    python,
    'official templates',
    [...official.templates.values()].map((template) => ({ template, specialTokens: new Map() })),
  );
});

testWithOracle('every template of a tokenizer configuration gives what Jinja2 gives, whatever the conversation', ({ python }, context) => {
  const fetched = readTokenizerTemplates();
  if (fetched.templates === undefined) return skip(context, fetched.missing);
  return compareTemplates(python, 'templates of tokenizers', [...fetched.templates.values()]);
});

function compareTemplates(python: string, kind: string, templates: readonly TokenizerTemplate[]): void {
  const cases: OracleCase[] = templates.flatMap(({ template, specialTokens }) =>
    [...conversations.values()].map((variables) => ({ template, variables: withVariables(variables, specialTokens) })),
  );
  const theirs = renderWithPython(python, cases);
  const rendered = theirs.filter((one) => 'text' in one).length;
  process.stdout.write(`# ${templates.length} ${kind} x ${conversations.size} conversations, ${rendered} rendered by Jinja2\n`);
  assertSame(compareOutcomes(cases, theirs));
}

/** A conversation with these variables too, in the place of its own of the same names. */
function withVariables(conversation: string, variables: ReadonlyMap<string, string>): string {
  const added = [...variables].map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `${conversation.slice(0, -1)}${added.join('')}}`;
}

testWithOracle('a template lists the variables that Jinja2 finds undeclared in it', ({ python, isCurrent }, context) => {
  if (official.templates === undefined) return skip(context, official.missing);
  const sources = [...official.templates.values(), ...statements, ...randomTemplates.slice(0, 300)].filter(compiles);
  const theirs = listVariablesWithPython(python, sources);
  const differences = sources.flatMap((source, index) => {
    const [our, their] = [[...compileTemplate(source).variables].sort(), theirs[index] ?? []];
    const isSame = isCurrent ? isDeepStrictEqual(our, their) : their.every((name) => our.includes(name));
    return isSame ? [] : [`${source.slice(0, 300)}\n  ours:   ${our}\n  theirs: ${their}`];
  });
  assertSame(differences);
});

function compiles(source: string): boolean {
  try {
    return compileTemplate(source).variables.size >= 0;
  } catch {
    return false;
  }
}

testWithOracle('every construct, filter, test and method gives what Jinja2 gives', ({ python, isCurrent }) => {
  const templates = [
    ...[...expressions, ...emptyValues].map((line) =>
      /^\{[%{]/.test(line) && /[%}]\}$/.test(line) && line.includes('{%') ? line : `{{ ${line} }}`,
    ),
    ...statements,
    ...(isCurrent ? statementsSince315 : []),
  ];
  const cases = templates.map((template) => ({ template, variables: context }));
  assert.ok(cases.length >= 300, `only ${cases.length} cases`);
  assertSame(compareOutcomes(cases, renderWithPython(python, cases)));
});

testWithOracle('random templates give what Jinja2 gives or fail where it fails', ({ python }) => {
  const cases = randomTemplates.map((template) => ({ template, variables: context }));
  const theirs = renderWithPython(python, cases);
  // an address in memory is nobody's to repeat
  const isFixed = cases.map((_, index) => !(JSON.stringify(theirs[index]) ?? '').includes(' at 0x'));
  assertSame(
    compareOutcomes(
      cases.filter((_, index) => isFixed[index]),
      theirs.filter((_, index) => isFixed[index]),
    ),
  );
});
