import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { writeScriptedModel } from '../testing/scripted-gguf.ts';
import type { InstallOptions } from './install-model.ts';
import type { ProgressEvent } from './progress.ts';

/** A folder that ends with the test. */
export function makeTestFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-sources-'));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Options of fetching, with all that was told kept. */
export interface RecordedOptions extends InstallOptions {
  readonly said: string[];
  readonly events: ProgressEvent[];
}

/** Options that fetch into a folder from a hub. */
export function recordOptions(cacheFolder: string, hubUrl: string): RecordedOptions {
  const said: string[] = [];
  const events: ProgressEvent[] = [];
  const signal = new AbortController().signal;
  return { cacheFolder, hubUrl, signal, said, events, say: (line) => said.push(line), onProgress: (event) => events.push(event) };
}

/** Writes a small model that a reader takes for whole. */
export function writeTestModel(path: string): void {
  writeScriptedModel(path, { scripts: 'Hello.' });
}
