import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { stringify } from 'yaml';
import { loadDialects } from '#dist/cli/dialects-file.js';
import type { DialectDefinition } from '#dist/dialects/dialect.js';
import { dialects as builtIn } from '#dist/dialects/index.js';

const folder = mkdtempSync(join(tmpdir(), 'rookery-dialects-'));
after(() => rmSync(folder, { recursive: true }));

test('the dialects of the house survive YAML unchanged, with all examples', async () => {
  const all: readonly (readonly [string, DialectDefinition])[] = Object.entries(builtIn);
  for (const [name, { aliases: _aliases, ...definition }] of all) {
    const path = join(folder, 'own.yaml');
    writeFileSync(path, stringify({ own: definition }));
    const { dialects } = await loadDialects(path);
    assert.deepEqual((dialects as Record<string, DialectDefinition>).own, definition, name);
  }
});
