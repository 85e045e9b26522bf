import { readOfficialTemplates } from '#dist/dialects/detect/official-templates.test.support.js';
import {
  compareRandomTemplates,
  compareTemplates,
  compareVariables,
  sampleTemplates,
  skip,
  testWithOracle,
} from '#dist/jinja/oracle-runs.test.support.js';
import { statements } from '#dist/jinja/statements.test.support.js';
import { readTokenizerTemplates } from '#dist/jinja/tokenizer-templates.test.support.js';

testWithOracle('every official template gives what Jinja2 gives, whatever the conversation', (jinja, context) => {
  const { templates, missing } = readOfficialTemplates();
  if (templates === undefined) return skip(context, missing);
  const sources = [...templates.values()].map((template) => ({ template, specialTokens: new Map() }));
  return compareTemplates(jinja, { kind: 'official templates', templates: sources, everyNth: 1 });
});

testWithOracle('every template of a tokenizer configuration gives what Jinja2 gives, whatever the conversation', (jinja, context) => {
  const { templates, missing } = readTokenizerTemplates();
  if (templates === undefined) return skip(context, missing);
  return compareTemplates(jinja, { kind: 'templates of tokenizers', templates: [...templates.values()], everyNth: 1 });
});

testWithOracle('a template lists the variables that Jinja2 finds undeclared in it', (jinja, context) => {
  const { templates, missing } = readOfficialTemplates();
  if (templates === undefined) return skip(context, missing);
  return compareVariables(jinja, [...templates.values(), ...statements, ...sampleTemplates(300)]);
});

testWithOracle('random templates give what Jinja2 gives or fail where it fails', (jinja) => compareRandomTemplates(jinja, 1200));
