import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';

const names = fc.constantFrom('a', 'b', 'c', 'x1', 'a"\n');
const scalars: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom<JsonValue>(0.5, 1.5, -0.25, 2.75, 100, 0.1, true, false, null),
  fc.constantFrom<JsonValue>('', 'a', 'b', 'ab', 'abc', 'aab1', '"\\', '\n', '2024-02-29', '2023-02-29', '127.0.0.1', 'é😀'),
);

/** Small values of all kinds, of the same few names and letters that the random schemas speak of. */
export const randomValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    { weight: 3, arbitrary: scalars },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 2, arbitrary: fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }) },
  ),
})).value;

type Part = fc.Arbitrary<JsonObject>;
const bound = fc.constantFrom(-2, -0.5, 0, 0.5, 1, 3, 10, 2.25);
const count = fc.integer({ min: 0, max: 3 });
const patterns = fc.constantFrom('^a', 'b$', '^[a-z]+$', '^.$', 'x', '^(a|b)*$', '\\d');

const scalarPart: Part = fc.oneof(
  fc.constantFrom<JsonObject>({ type: 'string' }, { type: 'integer' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }),
  fc
    .uniqueArray(fc.constantFrom('string', 'integer', 'number', 'null', 'array', 'object'), { minLength: 1, maxLength: 3 })
    .map((type) => ({ type })),
  fc.array(randomValue, { minLength: 1, maxLength: 4 }).map((values) => ({ enum: values })),
  scalars.map((value) => ({ const: value })),
  fc.record({ type: fc.constantFrom('integer', 'number'), minimum: bound, maximum: bound }, { requiredKeys: ['type'] }),
  fc.record({ type: fc.constantFrom('integer', 'number'), exclusiveMinimum: bound, exclusiveMaximum: bound }, { requiredKeys: ['type'] }),
  fc.record(
    { type: fc.constantFrom('integer', 'number'), multipleOf: fc.constantFrom(1, 2, 0.5, 0.1), minimum: bound },
    { requiredKeys: ['type'] },
  ),
  fc.record({ type: fc.constant('string'), minLength: count, maxLength: count, pattern: patterns }, { requiredKeys: ['type'] }),
  fc.record(
    { type: fc.constant('string'), format: fc.constantFrom('date', 'ipv4', 'uuid'), maxLength: fc.constantFrom(10, 12) },
    { requiredKeys: ['type', 'format'] },
  ),
);

/** Random schemas of all constructs, with `$ref`s between two definitions. */
export const randomSchema: fc.Arbitrary<JsonObject> = fc
  .letrec<{ schema: JsonObject; any: JsonValue }>((tie) => {
    const schema = tie('schema');
    const any = tie('any');
    const objectPart: Part = fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(names, any, { maxKeys: 3, noNullPrototype: true }),
        required: fc.uniqueArray(names, { maxLength: 2 }),
        additionalProperties: any,
        patternProperties: fc.dictionary(patterns, any, { maxKeys: 2, noNullPrototype: true }),
        propertyNames: fc.oneof(scalarPart, fc.constant<JsonObject>({ maxLength: 1 })),
        minProperties: count,
        maxProperties: count,
      },
      { requiredKeys: [] },
    );
    const arrayPart: Part = fc.record(
      {
        type: fc.constant('array'),
        items: any,
        prefixItems: fc.array(any, { minLength: 1, maxLength: 2 }),
        minItems: count,
        maxItems: count,
        uniqueItems: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    // a part of its own: beside `prefixItems` ajv lets an empty list pass any `contains`
    const containsPart: Part = fc.record(
      { contains: scalarPart, minContains: count, maxContains: count, items: any, uniqueItems: fc.boolean() },
      { requiredKeys: ['contains'] },
    );
    const options = fc.array(schema, { minLength: 1, maxLength: 3 });
    const combined: Part = fc.oneof(
      options.map((anyOf) => ({ anyOf })),
      options.map((oneOf) => ({ oneOf })),
      options.map((allOf) => ({ allOf })),
      fc.tuple(options, scalarPart).map(([anyOf, part]) => ({ ...part, anyOf })),
      fc.tuple(options, objectPart).map(([anyOf, part]) => ({ ...part, anyOf })),
      schema.map((not) => ({ not })),
      fc.constant<JsonObject>({ not: { type: 'string' } }),
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema
      fc.record({ if: schema, then: schema, else: schema }, { requiredKeys: ['if'] }),
      fc.constantFrom<JsonObject>({ $ref: '#/$defs/t' }, { $ref: '#/$defs/u' }, { $ref: '#u' }),
    );
    return {
      schema: fc.oneof(
        { maxDepth: 2 },
        { weight: 4, arbitrary: scalarPart },
        { weight: 4, arbitrary: objectPart },
        { weight: 2, arbitrary: arrayPart },
        { weight: 1, arbitrary: containsPart },
        { weight: 4, arbitrary: combined },
      ),
      any: fc.oneof({ weight: 6, arbitrary: schema }, { weight: 1, arbitrary: fc.boolean() }),
    };
  })
  .schema.chain((schema) =>
    fc.tuple(
      fc.constant(schema),
      scalarPart,
      fc.oneof(scalarPart, fc.constant<JsonObject>({ type: 'array', items: { $ref: '#/$defs/u' } })),
    ),
  )
  .map(([schema, t, u]) => ({ ...schema, $defs: { t, u: { ...u, $anchor: 'u' } } }));
