import { createHash } from 'node:crypto';
import type { Scene } from './scene.ts';

/** Short for all that a gateway meets in a scene: another digest, another scene, and what was recorded of it holds no more. */
export function digestScene({ engines, files, environment, key, isStrict, steps }: Scene): string {
  const lived = { engines, files, environment, key, isStrict, steps };
  const text = JSON.stringify(lived, (_, value: unknown) => (typeof value === 'function' ? 'a function' : value));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
