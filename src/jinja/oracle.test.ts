import assert from 'node:assert/strict';
import { readOfficialTemplates } from '../dialects/detect/official-templates.test.support.ts';
import { emptyValues } from './empty-values.test.support.ts';
import { context, expressions } from './expressions.test.support.ts';
import { compareOutcomes, renderWithPython } from './oracle.test.support.ts';
import {
  assertSame,
  compareRandomTemplates,
  compareTemplates,
  compareVariables,
  oracle,
  sampleTemplates,
  skip,
  testWithOracle,
} from './oracle-runs.test.support.ts';
import { statements, statementsSince315 } from './statements.test.support.ts';

// a sample of what test/jinja-oracle.test.ts compares in full
const official = readOfficialTemplates();

if ('python' in oracle) {
  const { python, version, isCurrent } = oracle;
  const left = isCurrent ? '' : `, older than 3.1.5: ${statementsSince315.length} statements and names it does not list are not compared`;
  process.stdout.write(`# the oracle is Jinja2 ${version} of ${python}${left}\n`);
}

testWithOracle('official templates give what Jinja2 gives', (jinja, testContext) => {
  if (official.templates === undefined) return skip(testContext, official.missing);
  const templates = someTemplates(official.templates).map((template) => ({ template, specialTokens: new Map() }));
  return compareTemplates(jinja, { kind: 'official templates', templates, everyNth: 6 });
});

testWithOracle('a template lists the variables that Jinja2 finds undeclared in it', (jinja, testContext) => {
  if (official.templates === undefined) return skip(testContext, official.missing);
  return compareVariables(jinja, [...someTemplates(official.templates), ...statements, ...sampleTemplates(40)]);
});

/** Every fifth. */
function someTemplates(templates: ReadonlyMap<string, string>): readonly string[] {
  return [...templates.values()].filter((_, index) => index % 5 === 0);
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

testWithOracle('random templates give what Jinja2 gives or fail where it fails', (jinja) => compareRandomTemplates(jinja, 80));
