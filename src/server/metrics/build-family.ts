import { createRequire } from 'node:module';
import { createReadGauge } from './count.ts';
import type { Family } from './family.ts';

/** Which Rookery this is, and on which Node: always 1. */
export function createBuildFamily(): Family {
  return createReadGauge(
    { name: 'rookery_build_info', help: 'Version of Rookery and of Node, always 1.', labelNames: ['version', 'node'] },
    () => {
      const { version } = createRequire(import.meta.url)('rookery/package.json') as { version: string };
      return [{ labels: [version, process.versions.node], value: 1 }];
    },
  );
}
