import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Watch } from './watch.ts';

test('what is under way is looked at again and again, what has ended no more, and a watch that was idle begins anew', async () => {
  const watch = new Watch(10);
  // a watch alone holds no process up
  const hold = setInterval(() => {}, 1000);
  /** Adds something that ends at its third look. */
  const lookThrice = () =>
    new Promise<number>((resolve) => {
      let looks = 0;
      const end = watch.add({
        look: (nowMs) => {
          assert.ok(nowMs <= performance.now());
          looks += 1;
          if (looks === 3) end();
          if (looks >= 3) setTimeout(() => resolve(looks), 50);
        },
      });
    });
  assert.deepEqual(await Promise.all([lookThrice(), lookThrice()]), [3, 3]);
  assert.equal(await lookThrice(), 3);
  clearInterval(hold);
});
