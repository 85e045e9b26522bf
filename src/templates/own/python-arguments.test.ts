import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dialects } from '../../dialects/index.ts';
import { compileTemplate } from '../../jinja/index.ts';
import { oracleNow } from '../../jinja/oracle.test.support.ts';
import { compileDialect } from '../../parsing/compile-dialect.ts';
import { readTurn } from '../../parsing/read-turn.ts';
import { type LiteralJson, parseLiteralJson } from '../../text/literal-json.ts';
import { readOwnTemplate } from './own-templates.test.support.ts';

// what JSON text has that Python writes otherwise, and what only looks like it
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('true', 'null, false', '"', '\\', '\\"', '\\\\', '": ', ', "a": 1}', "it's", '[{', '}]', ' a  b ', '', '\n\t'),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.constantFrom(true, false, null, 0, -5, 2.5, 9007199254740991),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value;
const args = fc.dictionary(fc.stringMatching(/^[a-z][a-z_]{0,8}$/), value, { maxKeys: 4 });

/** Where the calls are in a prompt that ends with them. */
const callsOf: Readonly<Record<string, RegExp>> = {
  toolace: /assistant<\|end_header_id\|>\n\n([\s\S]*)<\|eot_id\|>$/,
  'minicpm-3': /<\|im_start\|>assistant\n([\s\S]*)<\|im_end\|>\n$/,
};

for (const [name, dialect] of [
  ['toolace', dialects.pythonic],
  ['minicpm-3', dialects['minicpm-3']],
] as const) {
  test(`${name}: any arguments, as object, as JSON text and as tight JSON text, give one prompt, and the parser reads them back`, () => {
    const template = compileTemplate(readOwnTemplate(name));
    const parser = compileDialect(dialect);
    const render = (given: unknown) => {
      const call = { id: 'a', type: 'function', function: { name: 'f', arguments: given } };
      const variables = parseLiteralJson(JSON.stringify({ messages: [{ role: 'assistant', content: '', tool_calls: [call] }] }));
      return template.render(variables as ReadonlyMap<string, LiteralJson>, { now: oracleNow }).text;
    };
    fc.assert(
      fc.property(args, (object) => {
        const prompt = render(object);
        assert.equal(render(JSON.stringify(object)), prompt);
        assert.equal(render(JSON.stringify(object, undefined, 3)), prompt);
        const written = callsOf[name]?.exec(prompt)?.[1] ?? '';
        const [call] = readTurn(parser, [written], { tools: [{ name: 'f' }] }).calls;
        assert.deepEqual(JSON.parse(call?.argumentsJson ?? 'null'), JSON.parse(JSON.stringify(object)), written);
      }),
      { numRuns: 100, seed: Number(process.env.ROOKERY_SEED ?? 7) },
    );
  });
}
