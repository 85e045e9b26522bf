import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeScriptedModel } from 'rookery/testing';
import { type Program, post, readJson, startProgram } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'rookery-hostile-'));
let program: Program;

before(async () => {
  const model = join(folder, 'scripted.gguf');
  writeScriptedModel(model, { scripts: 'A rook is a bird.', contextTokens: 8192 });
  program = await startProgram(['--model', model, '--slots', '2', '--max-body', '64mb']);
});

after(async () => {
  assert.equal(await program.stop(), 0);
  rmSync(folder, { recursive: true });
});

/** A schema in a schema in a schema, as text: JSON.stringify would not get to its end. */
const nest = (depth: number, open: string, close: string): string => `${open.repeat(depth)}{"type":"integer"}${close.repeat(depth)}`;
const properties = (count: number): Record<string, unknown> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`property_${at}`, { type: 'string' }]));
const json = (schema: unknown): string => `"structured_outputs":{"json":${typeof schema === 'string' ? schema : JSON.stringify(schema)}}`;
const tool = (parameters: unknown): string =>
  `"tools":[{"type":"function","function":{"name":"f","parameters":${typeof parameters === 'string' ? parameters : JSON.stringify(parameters)}}}],"tool_choice":"required"`;
const regex = (pattern: string): string => `"guided_regex":${JSON.stringify(pattern)}`;
const grammar = (source: string): string => `"guided_grammar":${JSON.stringify(source)}`;

/** `400`: refused in words; `any`: refused, or bound in time. */
const hostile: readonly (readonly [string, string, 400 | 'any'])[] = [
  ['a pattern that backtracks elsewhere', regex('(a+)+(b|a+)*$'), 'any'],
  ['a pattern that means a million letters', regex('((a{1000}){1000})'), 400],
  ['a pattern that looks around', regex('(?=a)b'), 400],
  ['a pattern of 20,000 groups', regex(`${'('.repeat(20_000)}a${')'.repeat(20_000)}`), 400],
  ['a pattern in a schema that means a million letters', json({ type: 'string', pattern: '^((a{1000}){1000})$' }), 'any'],
  ['a schema of 5,000 levels', json(nest(5_000, '{"type":"array","items":', '}')), 400],
  ['a schema of 5,000 alternatives in one another', json(nest(5_000, '{"anyOf":[{"type":"null"},', ']}')), 400],
  ['a list of a billion', json({ type: 'array', items: { type: 'integer' }, maxItems: 1e9 }), 'any'],
  ['a list of at least a billion', json({ type: 'array', items: { type: 'integer' }, minItems: 1e9 }), 'any'],
  ['a text of at least a billion letters', json({ type: 'string', minLength: 1e9 }), 'any'],
  ['a schema that is itself', json({ $ref: '#' }), 400],
  ['two schemas that are each other', json({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }), 400],
  ['a schema without end', json({ $ref: '#/$defs/a', $defs: { a: { type: 'array', items: { $ref: '#/$defs/a' }, minItems: 1 } } }), 400],
  ['a schema of ten megabytes', json({ type: 'object', properties: properties(200_000) }), 400],
  ['a schema with 300 properties in any order', json({ type: 'object', properties: properties(300) }), 'any'],
  [
    'combinations that multiply',
    json({ allOf: Array.from({ length: 24 }, (_, at) => ({ anyOf: [{ minimum: at }, { maximum: -at }] })) }),
    'any',
  ],
  ['a schema elsewhere', json({ $ref: 'http://127.0.0.1:1/schema.json' }), 400],
  ['a tool of 5,000 levels', tool(nest(5_000, '{"type":"object","required":["a"],"properties":{"a":', '}}')), 'any'],
  ['a tool of ten megabytes', tool({ type: 'object', properties: properties(200_000) }), 'any'],
  ['a grammar of 20,000 parentheses', grammar(`root ::= ${'('.repeat(20_000)}"a"${')'.repeat(20_000)}`), 400],
  ['a grammar that begins with itself', grammar('root ::= root "a" | "a"'), 400],
  ['a grammar that can be read in too many ways', grammar('root ::= "a" (root root root)? | "a" root?'), 400],
];

for (const [about, wish, expected] of hostile) {
  test(`${about}: a clear answer, and others are served meanwhile`, { timeout: 60_000 }, async () => {
    const body = `{"model":"scripted","messages":[{"role":"user","content":"go"}],"temperature":0,"max_tokens":8,${wish}}`;
    let isOver = false;
    const answer = post(`${program.url}/v1/chat/completions`, body).finally(() => (isOver = true));
    let served = 0;
    do {
      const other = { model: 'scripted', messages: [{ role: 'user', content: 'go' }], max_tokens: 1 };
      const { status } = await post(`${program.url}/v1/chat/completions`, other);
      assert.equal(status, 200);
      served++;
    } while (!isOver);
    assert.ok(served > 0);
    const response = await answer;
    const said = await readJson(response);
    if (expected === 400) assert.equal(response.status, 400, JSON.stringify(said));
    // 422: the few tokens were not enough for a demanded call
    assert.ok([200, 400, 422].includes(response.status), JSON.stringify(said));
    if (response.status === 200) return;
    const { code, message } = said.error;
    assert.ok(['invalid_request', 'output_invalid'].includes(String(code)), `${code}: ${message}`);
    assert.ok(String(message).length < 600, String(message).slice(0, 1000));
  });
}

test('afterwards it is alive, and has not grown without bound', async () => {
  const response = await fetch(`${program.url}/health`);
  assert.equal(response.status, 200);
});
