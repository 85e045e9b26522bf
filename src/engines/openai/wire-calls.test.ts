import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallNumbers, type WireCall } from './wire-calls.ts';

/** Reads pieces one by one and joins what belongs together: name, id and arguments of each call. */
function join(pieces: readonly WireCall[]): readonly (readonly [string | undefined, string | undefined, string])[] {
  const numbers = new CallNumbers();
  const calls: { id?: string; name?: string; text: string }[] = [];
  for (const piece of pieces) {
    for (const { index, id, name, argumentsText = '' } of numbers.read([piece])) {
      const call = (calls[index] ??= { text: '' });
      assert.ok(name === undefined || call.name === undefined, 'a name comes once');
      if (id !== undefined) call.id = id;
      if (name !== undefined) call.name = name;
      call.text += argumentsText;
    }
  }
  return calls.map(({ name, id, text }) => [name, id, text]);
}

const two = [
  ['f', 'c1', '{"x": 1}'],
  ['g', 'c2', '{}'],
];

const cases: readonly (readonly [string, readonly WireCall[], readonly unknown[]])[] = [
  [
    'pieces as OpenAI streams them',
    [
      { index: 0, id: 'c1', function: { name: 'f', arguments: '' } },
      { index: 0, function: { arguments: '{"x":' } },
      { index: 0, function: { arguments: ' 1}' } },
      { index: 1, id: 'c2', function: { name: 'g', arguments: '{}' } },
    ],
    two,
  ],
  [
    'no index at all',
    [
      { id: 'c1', function: { name: 'f', arguments: '{"x":' } },
      { function: { arguments: ' 1}' } },
      { id: 'c2', function: { name: 'g', arguments: '{}' } },
    ],
    two,
  ],
  [
    'every call has the index 0',
    [
      { index: 0, id: 'c1', function: { name: 'f', arguments: '{"x": 1}' } },
      { index: 0, id: 'c2', function: { name: 'g', arguments: '{}' } },
    ],
    two,
  ],
  [
    'name and id are repeated in each piece',
    [
      { index: 0, id: 'c1', function: { name: 'f', arguments: '{"x":' } },
      { index: 0, id: 'c1', function: { name: 'f', arguments: ' 1}' } },
      { index: 1, id: 'c2', function: { name: 'g', arguments: '{}' } },
    ],
    two,
  ],
  [
    'pieces of two calls in turn',
    [
      { index: 0, id: 'c1', function: { name: 'f' } },
      { index: 1, id: 'c2', function: { name: 'g', arguments: '{' } },
      { index: 0, function: { arguments: '{"x": 1}' } },
      { index: 1, function: { arguments: '}' } },
    ],
    two,
  ],
  [
    'arguments as an object, nulls beside',
    [{ index: null, id: null, function: { name: 'f', arguments: { x: 1 } } }],
    [['f', undefined, '{"x":1}']],
  ],
  [
    'indexes that begin elsewhere',
    [
      { index: 3, id: 'c1', function: { name: 'f', arguments: '{"x": 1}' } },
      { index: 7, id: 'c2', function: { name: 'g', arguments: '{}' } },
    ],
    two,
  ],
];

for (const [about, pieces, expected] of cases) {
  test(about, () => assert.deepEqual(join(pieces), expected));
}
