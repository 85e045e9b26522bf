import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { ReadGrammar } from '../ir.ts';
import { accepts } from '../match.ts';
import { sample } from '../sample.ts';
import { openValidator } from '../validate/validate-json.ts';
import { listTexts } from './canonical-texts.test.support.ts';
import { expandJson } from './expand-json.ts';
import { randomSchema, randomValue } from './random-schemas.test.support.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: true, logger: false });
addFormats.default(ajv);

function judge(schema: JsonObject): ValidateFunction {
  return ajv.compile(schema);
}

/** The grammar; undefined where no value is valid. A schema that names itself without end is left out. */
function expand(schema: JsonObject): ReadGrammar | undefined {
  try {
    return expandJson({ kind: 'json', schema, whitespace: 'none', notation: 'json' });
  } catch (error) {
    assert.ok(error instanceof GatewayError && error.code === 'invalid_request', String(error));
    if (/no value can be valid/.test(error.message)) return undefined;
    assert.match(error.message, /without end/);
    return fc.pre(false) as undefined;
  }
}

const runs = { numRuns: 130, seed: 5 };

test('random schemas: the grammar takes a value exactly if ajv calls it valid, or says what it does not hold', () => {
  let valid = 0;
  let held = 0;
  fc.assert(
    fc.property(randomSchema, fc.array(randomValue, { minLength: 6, maxLength: 6 }), (schema, values) => {
      const read = expand(schema);
      const isValid = judge(schema);
      for (const value of values) {
        const isTaken = read !== undefined && listTexts(value).some((text) => accepts(read.grammar, text));
        const expected = isValid(value) as boolean;
        if (expected) valid++;
        if (read?.unenforced.length === 0) held++;
        // what is not held makes the grammar allow more, never less
        if (read === undefined || read.unenforced.length === 0 || expected) assert.equal(isTaken, expected, JSON.stringify(value));
      }
    }),
    runs,
  );
  assert.ok(valid > 80 && held > 150, `${valid} valid values, ${held} of schemas that are held whole`);
});

test('random schemas: what is drawn from the grammar is valid for ajv, unless something is not held', () => {
  let drawn = 0;
  fc.assert(
    fc.property(randomSchema, fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (schema, stream) => {
      const read = expand(schema);
      if (!read || read.unenforced.length > 0) return;
      const isValid = judge(schema);
      const text = sample(read.grammar, () => stream.next().value as number);
      // names that come twice are the one thing that a grammar can't rule out
      const value = JSON.parse(text) as JsonValue;
      if (hasRepeatedName(text, value)) return;
      drawn++;
      assert.ok(isValid(value), text);
      assert.ok(accepts(read.grammar, text), text);
    }),
    runs,
  );
  assert.ok(drawn > 30, `${drawn} texts drawn`);
});

function hasRepeatedName(text: string, value: JsonValue): boolean {
  return (text.match(/":|" *:/g)?.length ?? 0) > countNames(value);
}

function countNames(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum: number, part: JsonValue) => sum + countNames(part), own);
}

test('random schemas: our validator and ajv agree on every value', () => {
  let valid = 0;
  fc.assert(
    fc.property(randomSchema, fc.array(randomValue, { minLength: 8, maxLength: 8 }), (schema, values) => {
      if (expand(schema) === undefined) return;
      const isValid = judge(schema);
      const validate = openValidator(schema);
      for (const value of values) {
        const expected = isValid(value) as boolean;
        if (expected) valid++;
        assert.equal(validate(value).length === 0, expected, JSON.stringify([value, validate(value)]));
      }
    }),
    runs,
  );
  assert.ok(valid > 80, `${valid} valid values`);
});
