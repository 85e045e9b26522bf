import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DialectDefinition } from '../../dialects/dialect.ts';
import { dialects } from '../../dialects/index.ts';
import { accepts, acceptsPrefix } from '../../grammars/match.ts';
import { seededRandom } from '../../grammars/random-grammars.test.support.ts';
import { sample } from '../../grammars/sample.ts';
import { validateJson } from '../../grammars/validate/validate-json.ts';
import type { JsonValue } from '../../protocol/json.ts';
import type { Tool } from '../../protocol/message.ts';
import { readExampleOptions } from '../check-laws.ts';
import { compileDialect } from '../compile-dialect.ts';
import { readTurn } from '../read-turn.ts';
import { type CallGrammarOptions, callGrammar } from './call-grammar.ts';

const tools: readonly Tool[] = [
  {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string' },
        days: { type: 'integer', minimum: 1, maximum: 14 },
        unit: { enum: ['celsius', 'fahrenheit'] },
      },
      required: ['city'],
      additionalProperties: false,
    },
  },
  { name: 'stop_all', parameters: { type: 'object', properties: {}, additionalProperties: false } },
  {
    name: 'book',
    parameters: {
      type: 'object',
      properties: {
        note: { type: ['string', 'null'] },
        seats: { type: 'array', items: { type: 'string' }, minItems: 1 },
        price: { type: 'number' },
        isPaid: { type: 'boolean' },
        guest: {
          type: 'object',
          properties: { name: { type: 'string' }, age: { type: 'integer' } },
          required: ['name', 'age'],
          additionalProperties: false,
        },
        level: { anyOf: [{ const: 'high' }, { const: 3 }] },
        tree: { $ref: '#/$defs/tree' },
      },
      required: ['seats', 'guest'],
      additionalProperties: false,
      $defs: {
        tree: {
          type: 'object',
          properties: { value: { type: 'integer' }, children: { type: 'array', items: { $ref: '#/$defs/tree' }, minItems: 1 } },
          required: ['value'],
          additionalProperties: false,
        },
      },
    },
  },
];

/** Schemas that leave the type open. */
const looseTool: Tool = {
  name: 'note',
  parameters: {
    type: 'object',
    properties: {
      anything: {},
      mixed: { type: ['string', 'object'], properties: { count: { type: 'integer' } }, additionalProperties: false },
      either: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
      list: { type: ['array', 'null'], items: { type: 'boolean' } },
    },
    additionalProperties: false,
  },
};

const all: readonly (readonly [string, DialectDefinition])[] = Object.entries(dialects);
const runs = 40;

for (const [name, dialect] of all) {
  test(`${name}: what its grammar allows, its parser reads without an issue, with known names and valid arguments`, () => {
    checkSamples(dialect, {});
    checkSamples(dialect, { toolChoice: { name: 'book' } });
    checkSamples(dialect, { parallel: false });
  });

  test(`${name}: values of any type are read as what the schema allows`, () => {
    checkSamples(dialect, { tools: [looseTool] });
  });

  test(`${name}: with thoughts before the calls nothing changes`, () => {
    const turn = checkSamples(dialect, { reasoning: 'optional' }, 10);
    assert.ok(turn >= 10);
  });

  test(`${name}: its own rendered calls are allowed`, () => {
    checkRendered(dialect);
  });
}

/** Gives the number of calls that were read. */
function checkSamples(dialect: DialectDefinition, options: Partial<CallGrammarOptions>, count = runs): number {
  const compiled = compileDialect(dialect);
  const random = seededRandom(5);
  const known = options.tools ?? tools;
  const { grammar, leftOut } = callGrammar({ dialect, tools, ...options });
  assert.deepEqual(leftOut, []);
  let read = 0;
  for (let run = 0; run < count; run++) {
    const written = sample(grammar, random, { maxChars: 400, maxRepeat: 2 });
    // names that no schema declares may come twice: no grammar can forbid it
    if (dialect === dialects['minimax-m3'] && options.tools && hasTwins(written)) continue;
    const turn = readTurn(compiled, [written], { tools: known });
    const told = `${JSON.stringify(written)}\n${JSON.stringify(turn.events)}`;
    assert.deepEqual(turn.issues, [], told);
    assert.equal(turn.text, '', told);
    assert.ok(turn.calls.length > 0, told);
    if (options.parallel === false || options.toolChoice) assert.equal(turn.calls.length, 1, told);
    for (const call of turn.calls) {
      assert.ok(call.isKnown && call.state === 'complete', told);
      const tool = known.find((candidate) => candidate.name === call.name);
      assert.deepEqual(validateJson(tool?.parameters ?? true, JSON.parse(call.argumentsJson) as JsonValue), [], told);
      read++;
    }
  }
  return read;
}

/** The calls of the examples, rendered, with the tools of the examples. */
function checkRendered(dialect: DialectDefinition): void {
  const compiled = compileDialect(dialect);
  let checked = 0;
  for (const example of dialect.examples) {
    if (example.calls.length === 0) continue;
    const { tools: ownTools } = readExampleOptions(example);
    const known = new Set(ownTools.map(({ name }) => name));
    if (example.calls.some((call) => !known.has(call.name))) continue;
    const calls = example.calls.map((call) => ({ name: call.name, argumentsJson: JSON.stringify(call.arguments) }));
    const written = compiled.renderCalls(calls, ownTools);
    if (written === undefined || holdsSpecial(dialect, calls)) continue;
    checked++;
    const { grammar } = callGrammar({ dialect, tools: ownTools, parallel: true });
    assert.ok(accepts(grammar, written), `${JSON.stringify(written)} with ${JSON.stringify(ownTools)}`);
    assert.ok(acceptsPrefix(grammar, written.slice(0, -1)));
  }
  assert.ok(checked > 0, 'no example could be rendered');
}

/** Whether an argument's text holds a spelling of one of the dialect's special tokens: an engine may write the token itself there, so the grammar allows neither. */
function holdsSpecial(dialect: DialectDefinition, calls: readonly { readonly argumentsJson: string }[]): boolean {
  const specials = [...JSON.stringify(dialect).matchAll(/"text":"([^"]+)"(?:,"also":\[[^\]]*\])?,"special":true/g)].map(([, mark = '']) =>
    mark.replaceAll('\\n', ''),
  );
  return calls.some(({ argumentsJson }) => specials.some((special) => argumentsJson.includes(special)));
}

function hasTwins(written: string): boolean {
  const names = [...written.matchAll(/\[<([\w.-]+)>/g)].map(([, name]) => name);
  return new Set(names).size < names.length;
}
