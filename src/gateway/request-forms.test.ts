import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ErrorCode, GatewayError } from '../protocol/error.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { BodyRules, Redecoding } from './node.ts';
import { RequestForms } from './request-forms.ts';
import type { Target } from './routes/target.ts';
import { hello } from './routing.test.support.ts';

const rulesOf = (more: Partial<BodyRules> = {}): BodyRules => ({ defaults: {}, drops: [], dropsUnsupported: true, ...more });
const targetWith = (bodyRules: BodyRules | undefined) => ({ bodyRules }) as Target;
const refuse = (param: string, code: ErrorCode = 'unsupported_feature') => new GatewayError(code, `${param} is refused.`, { param });

/** A body of these fields; counts how often it is decoded. */
function bodyOf(fields: readonly string[], { rules, dropped = [] }: Partial<Redecoding> = {}) {
  const decoded: (BodyRules | undefined)[] = [];
  const redecoding: Redecoding = {
    ...{ rules, dropped },
    decode: (others) => {
      decoded.push(others);
      const left = fields.filter((field) => !others?.drops.includes(field));
      return {
        request: hello({ unknownFields: { ...others?.defaults, ...Object.fromEntries(left.map((field) => [field, 1])) } }),
        dropped: [],
      };
    },
  };
  const given = hello({ unknownFields: Object.fromEntries(fields.map((field) => [field, 1])) });
  return { forms: new RequestForms(given, redecoding), given, decoded };
}

const fieldsOf = ({ unknownFields }: GenerateRequest) => Object.keys(unknownFields);

/** An engine that can honour none of these fields: it refuses the first it meets. */
const refusing = (refused: readonly string[]) => (request: GenerateRequest) => {
  const met = fieldsOf(request).find((field) => refused.includes(field));
  if (met !== undefined) throw refuse(met);
  return fieldsOf(request);
};

test('the request is used as it came where the target has the rules that it was decoded by', () => {
  const rules = rulesOf();
  const { forms, given, decoded } = bodyOf(['x'], { rules });
  assert.equal(forms.forTarget(targetWith(rules), (request) => request).result, given);
  assert.deepEqual(decoded, []);
});

test('it is decoded once for all targets of the same rules', () => {
  const rules = rulesOf({ defaults: { y: 2 } });
  const { forms, decoded } = bodyOf(['x']);
  for (let time = 0; time < 3; time++) assert.deepEqual(forms.forTarget(targetWith(rules), fieldsOf).result, ['y', 'x']);
  assert.deepEqual(decoded, [rules]);
});

test('fields that are refused are left out one by one and named; the rest stays', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { maxLength: 20 }), fc.nat(), (names, seed) => {
      const fields = names.filter((name) => !['model', 'tags', 'input'].includes(name));
      const refused = fields.filter((_, at) => ((seed >> (at % 16)) & 1) === 1);
      const { forms } = bodyOf(fields);
      const target = targetWith(rulesOf());
      const { result, dropped } = forms.forTarget(target, refusing(refused));
      assert.deepEqual([...result].sort(), fields.filter((field) => !refused.includes(field)).sort());
      assert.deepEqual([...dropped].sort(), [...refused].sort());
      assert.deepEqual(forms.forTarget(target, fieldsOf).dropped, dropped, 'and stay left out');
    }),
  );
});

const kept: readonly { readonly what: string; readonly error: GatewayError; readonly rules?: BodyRules }[] = [
  { what: 'where the operator does not want it', error: refuse('x'), rules: rulesOf({ dropsUnsupported: false }) },
  { what: 'that no request is without', error: refuse('messages') },
  { what: 'inside of another', error: refuse('tools[0].strict') },
  { what: 'that is wrong in itself', error: refuse('x', 'invalid_request') },
  { what: 'that nobody named', error: new GatewayError('unsupported_feature', 'No.') },
  { what: 'that is refused although it was left out', error: refuse('z') },
];

for (const { what, error, rules = rulesOf() } of kept) {
  test(`no field is left out ${what}: the refusal is told`, () => {
    const { forms } = bodyOf(['x', 'messages']);
    const fail = () => {
      throw error;
    };
    assert.throws(() => forms.forTarget(targetWith(rules), fail), error);
  });
}

test('a refusal is told where the body is not there any more, and where it never ends', () => {
  const forms = new RequestForms(hello({ unknownFields: { x: 1 } }), undefined);
  assert.throws(() => forms.forTarget(targetWith(rulesOf()), refusing(['x'])), { param: 'x' });
  let next = 0;
  const { forms: endless } = bodyOf(['x']);
  const never = () => {
    throw refuse(`field${next++}`);
  };
  assert.throws(() => endless.forTarget(targetWith(rulesOf()), never), { code: 'unsupported_feature' });
  assert.ok(next < 100);
});
