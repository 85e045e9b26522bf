// Loaded before each test file: property tests try the same values each time, so that a red run tells of the change it ran on.
// ROOKERY_TEST_SEED=random tries new ones, a number those of that run; a failure prints its seed.
import fc from 'fast-check';

const wish = process.env.ROOKERY_TEST_SEED ?? '1';
if (wish !== 'random') {
  if (!/^-?\d+$/.test(wish)) throw new Error(`ROOKERY_TEST_SEED is ${JSON.stringify(wish)}; it is a whole number or "random".`);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(wish) });
}
