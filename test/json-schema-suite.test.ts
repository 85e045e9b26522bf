import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ReadGrammar } from '#dist/grammars/ir.js';
import { listTexts } from '#dist/grammars/json-schema/canonical-texts.test.support.js';
import { expandJson } from '#dist/grammars/json-schema/expand-json.js';
import { accepts } from '#dist/grammars/match.js';
import { validateJson } from '#dist/grammars/validate/validate-json.js';
import { GatewayError } from '#dist/protocol/error.js';
import type { JsonValue } from '#dist/protocol/json.js';

interface Group {
  readonly description: string;
  readonly schema: JsonValue;
  readonly tests: readonly { readonly description: string; readonly data: JsonValue; readonly valid: boolean }[];
}

/** What a row of the table counts. */
interface Row {
  /** grammar and suite agree */
  held: number;
  /** the grammar takes an invalid value, and says that it does not hold the keyword */
  reported: number;
  /** the schema is refused with the reason */
  refused: number;
  /** the difference is known and meant */
  meant: number;
  /** the validator and the suite agree */
  validated: number;
  readonly wrong: string[];
}

const suite = fileURLToPath(new URL('../json-schema-suite/tests/draft2020-12', import.meta.url));

/** Differences that are meant, by file or by file and the beginning of the test's name. */
const meant: readonly (readonly [file: string, description: string, reason: string])[] = [
  ['format.json', '', 'formats are checked here, the suite leaves them annotations'],
  ['vocabulary.json', 'schema that uses custom metaschema', 'keywords hold whatever the metaschema says'],
  ['unevaluatedProperties.json', 'unevaluatedProperties with anyOf: when two match', 'the properties of one option only are allowed'],
  ['optional/bignum.json', 'integer: a', 'integers have at most 21 digits and no exponent'],
  ['optional/float-overflow.json', '', 'integers have at most 21 digits and no exponent'],
  ['optional/format/', '', 'formats are written in their usual spelling, and those for other scripts are not checked'],
];

const refusals = /nothing is fetched|\$dynamicRef/;

function listFiles(folder: string, prefix = ''): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? listFiles(join(folder, entry.name), `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
}

function isMeant(file: string, description: string): boolean {
  return meant.some(([start, words]) => file.startsWith(start) && description.startsWith(words));
}

function attempt<T>(work: () => T): T | GatewayError {
  try {
    return work();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

function checkGroup(file: string, group: Group, row: Row): void {
  const read = attempt(() => expandJson({ kind: 'json', schema: group.schema, whitespace: 'none', notation: 'json' }));
  for (const { description, data, valid } of group.tests) {
    const name = `${group.description}: ${description}`;
    const found = attempt(() => validateJson(group.schema, data).length === 0);
    if (found === valid) row.validated++;
    else if (!isExpected(file, name, found)) row.wrong.push(`validator, ${file}, ${name}: ${describeResult(found)}`);
    countTest(row, { file, name, valid, read, data });
  }
}

function countTest(
  row: Row,
  test: { file: string; name: string; valid: boolean; read: ReadGrammar | GatewayError; data: JsonValue },
): void {
  const { file, name, valid, read, data } = test;
  if (read instanceof GatewayError) {
    if (!valid && /no value can be valid/.test(read.message)) row.held++;
    else if (refusals.test(read.message)) row.refused++;
    else row.wrong.push(`grammar, ${file}, ${name}: ${read.message}`);
    return;
  }
  const isTaken = listTexts(data).some((text) => accepts(read.grammar, text));
  if (isTaken === valid) row.held++;
  else if (isTaken && read.unenforced.length > 0) row.reported++;
  else if (isMeant(file, name)) row.meant++;
  else row.wrong.push(`grammar, ${file}, ${name}: ${describeResult(isTaken)}`);
}

function isExpected(file: string, name: string, found: boolean | GatewayError): boolean {
  return isMeant(file, name) || (found instanceof GatewayError && refusals.test(found.message));
}

function describeResult(found: boolean | GatewayError): string {
  return found instanceof GatewayError ? found.message : `is ${found ? 'taken' : 'not taken'}`;
}

const missing = process.env.ROOKERY_SCHEMA_SUITE_MISSING ?? (existsSync(suite) ? false : `${suite} is not here; \`npm test\` fetches it`);

describe('the JSON Schema Test Suite, draft 2020-12', { skip: missing }, () => {
  test('every group is held, reported or refused, and the validator agrees', (context) => {
    const wrong: string[] = [];
    const totals = { held: 0, reported: 0, refused: 0, meant: 0, validated: 0 };
    context.diagnostic('keyword: tests held by the grammar, reported, refused, different on purpose; agreed by the validator');
    for (const file of listFiles(suite).toSorted()) {
      const row: Row = { held: 0, reported: 0, refused: 0, meant: 0, validated: 0, wrong: [] };
      for (const group of JSON.parse(readFileSync(join(suite, file), 'utf8')) as readonly Group[]) checkGroup(file, group, row);
      context.diagnostic(`${file.replace('.json', '')}: ${row.held}, ${row.reported}, ${row.refused}, ${row.meant}; ${row.validated}`);
      for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += row[key];
      wrong.push(...row.wrong);
    }
    context.diagnostic(`all: ${JSON.stringify(totals)}`);
    assert.deepEqual(wrong, []);
    assert.ok(totals.held > 1_600, `${totals.held} tests held`);
  });
});
