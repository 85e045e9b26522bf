import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCached } from './compile-cached.ts';
import { JinjaError } from './errors.ts';

const sources = (count: number, name: string) => Array.from({ length: count }, (_, index) => `${name} ${index} {{ x }}`);

test('a source that was compiled before gives the same template', () => {
  const template = compileCached('a {{ x }}');
  assert.equal(compileCached('a {{ x }}'), template);
  assert.equal(template.render(new Map([['x', 1]]), { now: new Date(0) }).text, 'a 1');
});

test('the 64 templates asked for last are kept and older ones are not', () => {
  const [first = '', second = '', ...others] = sources(64, 'kept');
  const kept = [first, second].map(compileCached);
  others.map(compileCached);
  assert.equal(compileCached(first), kept[0]);
  compileCached('one more');
  assert.equal(compileCached(first), kept[0]);
  assert.notEqual(compileCached(second), kept[1]);
});

test('a source that does not compile fails each time', () => {
  for (let turn = 0; turn < 2; turn++) assert.throws(() => compileCached('{% if %}'), JinjaError);
});
