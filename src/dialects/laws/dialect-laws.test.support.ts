import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkLaws, checkTurn, compareTurns, longestMark, readExampleOptions } from '../../parsing/check-laws.ts';
import { compileDialect } from '../../parsing/compile-dialect.ts';
import { readTurn } from '../../parsing/read-turn.ts';
import type { JsonValue } from '../../protocol/json.ts';
import type { Tool } from '../../protocol/message.ts';
import type { DialectDefinition, Example } from '../dialect.ts';

/** How much a run tries. */
export interface LawRun {
  /** work on the examples, as in `checkLaws`; all of it by default */
  readonly mostChars?: number;
  /** damaged texts, and texts with words put in */
  readonly texts: number;
  /** lists of calls that are rendered and read back */
  readonly roundTrips: number;
  /** lengths in characters, the smallest first: the work for a character is compared between them */
  readonly sizes: readonly number[];
}

/** Makes the tests of the laws that every dialect keeps. */
export function testLaws(name: string, definition: DialectDefinition, { mostChars, texts, roundTrips, sizes }: LawRun): void {
  test(`${name}: its examples are read as they say, however they are cut`, () => {
    assert.ok(definition.examples.length >= 4, 'at least four examples');
    const broken = checkLaws(definition, mostChars).map(({ law, written, difference }) => `${law}: ${written}\n${difference}`);
    assert.deepEqual(broken, []);
  });

  test(`${name}: whatever comes, in whatever pieces, gives the same events and valid arguments`, () => {
    checkMutations(definition, texts);
  });

  test(`${name}: every word a model wrote is in its text, reasoning, names or arguments, or is reported`, () => {
    checkConservation(definition, texts);
  });

  test(`${name}: calls that are rendered are read back`, () => {
    checkRoundTrip(definition, roundTrips);
  });

  test(`${name}: the text of a call inside an argument stays an argument or text`, () => {
    checkNesting(definition);
  });

  test(`${name}: the work for a character and what is held back do not grow with the text`, () => {
    checkGrowth(definition, sizes);
  });
}

/** An example's text, damaged: pieces of examples and markers in any order, cut anywhere. */
function damaged(definition: DialectDefinition): fc.Arbitrary<string> {
  const examples = definition.examples.map(({ written }) => written);
  const shreds = examples.flatMap((written) => written.split(/(?<=[>\]}|`\n])|(?=[<[{|`])/));
  const piece = fc.oneof(
    fc.constantFrom(...examples, ''),
    fc.constantFrom(...shreds, ''),
    fc.constantFrom('"', "'", '\\', '{', '}', '[', ']', '\n', ' ', ',', '=', '(', ')', '</', '😀', '\ud800', '\0'),
    fc.string(),
  );
  const cut = fc
    .tuple(fc.constantFrom(...examples, ''), fc.nat(400), fc.nat(400))
    .map(([text, from, to]) => text.slice(from % (text.length + 1), to));
  return fc.array(fc.oneof({ weight: 3, arbitrary: piece }, cut), { maxLength: 8 }).map((pieces) => pieces.join(''));
}

function cutInto(text: string, sizes: readonly number[]): readonly string[] {
  const chunks: string[] = [];
  let at = 0;
  for (let index = 0; at < text.length; index++) {
    const size = sizes.length === 0 ? text.length : 1 + (sizes[index % sizes.length] ?? 0);
    chunks.push(text.slice(at, at + size));
    at += size;
  }
  return chunks;
}

/** Options of an example, or other ones. */
function someOptions(definition: DialectDefinition): fc.Arbitrary<ReturnType<typeof readExampleOptions>> {
  const tools: readonly Tool[] = [
    { name: 'f' },
    { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } } },
  ];
  return fc
    .record({
      example: fc.constantFrom(...definition.examples),
      parallel: fc.boolean(),
      unknownTool: fc.constantFrom('forward' as const, 'nearest' as const, 'text' as const, 'error' as const),
      reasoning: fc.constantFrom('separate' as const, 'inline' as const),
      toolChoice: fc.constantFrom('auto' as const, 'auto' as const, 'none' as const),
      end: fc.constantFrom('stop' as const, 'length' as const),
      useExample: fc.boolean(),
    })
    .map(({ example, useExample, ...others }) => (useExample ? readExampleOptions(example) : { tools, ...others }));
}

function checkMutations(definition: DialectDefinition, numRuns: number): void {
  const dialect = compileDialect(definition);
  const most = longestMark(definition);
  fc.assert(
    fc.property(damaged(definition), fc.array(fc.nat(12), { maxLength: 5 }), someOptions(definition), (text, sizes, options) => {
      const whole = readTurn(dialect, [text], options);
      assert.equal(checkTurn(whole, text), undefined);
      for (const chunks of [cutInto(text, sizes), [...text]]) {
        const turn = readTurn(dialect, chunks, options);
        assert.equal(compareTurns(whole, turn), undefined, JSON.stringify(chunks));
        assert.ok(turn.steps <= (40 + 4 * most) * text.length + 200, `${turn.steps} steps for ${text.length} characters`);
        if (!/arg|param|reason|thought/.test(text))
          assert.ok(turn.mostHeldBackChars <= most + 256 + 64 + 64, `${turn.mostHeldBackChars} characters held`);
      }
    }),
    { numRuns },
  );
}

/** Text with words that no dialect knows, between and inside pieces of examples. */
function checkConservation(definition: DialectDefinition, numRuns: number): void {
  const dialect = compileDialect(definition);
  const pieces = definition.examples.flatMap(({ written }) => written.split(/(?<=[>\]}|`\n ])/));
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...pieces, ''), fc.nat(999)), { maxLength: 10 }),
      someOptions(definition),
      (parts, options) => {
        const text = parts.map((part) => (typeof part === 'number' ? `zq${part}q` : part)).join('');
        const turn = readTurn(dialect, [text], options);
        const kept = [turn.text, turn.reasoning, ...turn.calls.flatMap((call) => [call.name, call.argumentsJson, call.id ?? ''])].join(
          '\n',
        );
        for (const match of text.matchAll(/zq\d+q/g)) {
          const isReported = turn.issues.some(
            ({ offset, length }) => offset <= match.index && match.index + match[0].length <= offset + length,
          );
          assert.ok(
            isReported || kept.includes(match[0]),
            `${match[0]} is lost of ${JSON.stringify(text)}\n${JSON.stringify(turn.events)}`,
          );
        }
      },
    ),
    { numRuns },
  );
}

/** Arguments that any codec can hold, mostly. */
const someArguments: fc.Arbitrary<Record<string, JsonValue>> = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z_]{0,7}$/),
  fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(fc.string(), fc.constantFrom('5', 'true', 'null', ' padded ', 'a\nb', 'é😀', '{"a": 1}', '<b>', "it's")),
      fc.oneof(fc.integer(), fc.constantFrom(-0.5, 1e21, 9007199254740991)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('value'), { maxKeys: 3, minKeys: 1, noNullPrototype: true }),
    ),
  })).value,
  { maxKeys: 4, noNullPrototype: true },
);

function schemaOf(value: JsonValue): JsonValue {
  if (value === null) return { type: 'null' };
  if (Array.isArray(value)) return value.length === 0 ? { type: 'array' } : { type: 'array', items: { anyOf: value.map(schemaOf) } };
  if (typeof value === 'number') return { type: Number.isInteger(value) && Math.abs(value) < 1e21 ? 'integer' : 'number' };
  if (typeof value === 'object')
    return { type: 'object', properties: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, schemaOf(item)])) };
  return { type: typeof value };
}

function checkRoundTrip(definition: DialectDefinition, numRuns: number): void {
  const dialect = compileDialect(definition);
  let rendered = 0;
  fc.assert(
    fc.property(fc.array(someArguments, { minLength: 1, maxLength: definition.many.parallel ? 3 : 1 }), (list) => {
      const tools = list.map((args, index): Tool => ({ name: `tool_${index}`, parameters: schemaOf(args) }));
      const calls = list.map((args, index) => ({ name: `tool_${index}`, argumentsJson: JSON.stringify(args) }));
      const written = dialect.renderCalls(calls, tools);
      if (written === undefined) return;
      rendered++;
      const turn = readTurn(dialect, [written], { tools });
      const read = turn.calls.map((call) => [call.name, JSON.parse(call.argumentsJson) as unknown, call.state]);
      assert.deepEqual(
        read,
        list.map((args, index) => [`tool_${index}`, args, 'complete']),
        written,
      );
      assert.equal(turn.text, '', written);
    }),
    { numRuns },
  );
  assert.ok(rendered > numRuns / 5, `only ${rendered} of ${numRuns} could be rendered`);
}

function checkNesting(definition: DialectDefinition): void {
  const dialect = compileDialect(definition);
  const tools: readonly Tool[] = [
    { name: 'write_file', parameters: { type: 'object', properties: { text: { type: 'string' }, path: { type: 'string' } } } },
  ];
  const inner = [
    ...definition.examples.map(({ written }) => written),
    dialect.renderCalls([{ name: 'write_file', argumentsJson: '{"text": "x"}' }], tools) ?? '',
  ];
  for (const text of inner) {
    // a raw codec cannot hold its own closer: there it is written as JSON around a placeholder, and the text put in
    const marked = dialect.renderCalls([{ name: 'write_file', argumentsJson: JSON.stringify({ text: 'PLACEHOLDER', path: 'p' }) }], tools);
    const whole = dialect.renderCalls([{ name: 'write_file', argumentsJson: JSON.stringify({ text, path: 'p' }) }], tools);
    if (whole !== undefined) {
      const turn = readTurn(dialect, [...whole], { tools });
      assert.equal(turn.calls.length, 1, `${turn.calls.length} calls in ${whole}`);
      assert.deepEqual(JSON.parse(turn.calls[0]?.argumentsJson ?? ''), { text, path: 'p' });
    } else if (marked !== undefined) {
      const turn = readTurn(dialect, [marked.replace('PLACEHOLDER', () => text)], { tools });
      assert.equal(turn.calls[0]?.name, 'write_file');
      assert.equal(checkTurn(turn, marked), undefined);
    }
  }
}

function checkGrowth(definition: DialectDefinition, sizes: readonly number[]): void {
  const dialect = compileDialect(definition);
  const tools: readonly Tool[] = [{ name: 'f', parameters: { type: 'object', properties: { text: { type: 'string' } } } }];
  const call = dialect.renderCalls([{ name: 'f', argumentsJson: '{"text": "FILL"}' }], tools) ?? 'FILL';
  const opening = definition.examples.map((example: Example) => example.written.slice(0, 24));
  const begun = call.slice(0, Math.max(1, call.indexOf('FILL')));
  const fill = (pattern: string, chars: number) => pattern.repeat(Math.ceil(chars / Math.max(1, pattern.length)));
  // a third each: one long argument, openers of all kinds, brackets that nest without end
  const make = (chars: number) =>
    call.replace('FILL', () => fill('All work and no play. ', chars)) +
    fill(opening.join(''), chars) +
    fill(`${begun}${'[{('.repeat(20)}`, chars);
  // the largest comes in one piece, the others as a stream
  const rates = sizes.map((chars) => {
    const text = make(chars / 3);
    const turn = readTurn(dialect, cutInto(text, chars === sizes.at(-1) ? [] : [4095]), { tools });
    assert.equal(checkTurn(turn, `a text of ${chars}`), undefined);
    return turn.steps / text.length;
  });
  const [small = 0] = rates;
  assert.ok(
    rates.every((rate) => rate <= small * 1.3 + 0.1),
    `steps a character ${rates.map((rate) => rate.toFixed(2)).join(', ')}`,
  );
}
