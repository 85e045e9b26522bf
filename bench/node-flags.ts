import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { scripts: { start: string } };

/** What `npm start` starts Node with: our processes are measured so. */
export const nodeFlags: readonly string[] = scripts.start.match(/--max-semi-space-size=\d+/g) ?? [];
