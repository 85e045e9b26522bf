import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's folder, without a slash at the end. */
export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** Places in the checkout that several scripts name. */
export const places = {
  dist: join(root, 'dist'),
  build: join(root, 'build'),
  /** test data that is fetched once; a build leaves it */
  testTokenizers: join(root, 'build', 'test-tokenizers'),
  modules: join(root, 'node_modules'),
  program: join(root, 'dist', 'cli', 'main.js'),
  typescript: join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
  biome: join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome'),
};

/** Flags of Node that let property tests try the same values each time. */
export const propertySeed = ['--import', new URL('property-seed.mjs', import.meta.url).href];
