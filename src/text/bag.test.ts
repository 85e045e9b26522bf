import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Bag } from './bag.ts';

test('a bag holds what was added and not removed, whatever the order', () => {
  const step = fc.record({ isAdding: fc.boolean(), at: fc.nat() });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const bag = new Bag<number>();
      const held = new Map<number, () => void>();
      const gone: (() => void)[] = [];
      for (const [value, { isAdding, at }] of steps.entries()) {
        const key = [...held.keys()][at % Math.max(1, held.size)];
        if (isAdding || key === undefined) held.set(value, bag.add(value));
        else {
          const remove = held.get(key) as () => void;
          held.delete(key);
          remove();
          gone.push(remove);
        }
        // a second time does nothing
        gone.at(-1)?.();
        assert.equal(bag.size, held.size);
        assert.deepEqual([...bag.list()].sort(), [...held.keys()].sort());
      }
    }),
  );
});
