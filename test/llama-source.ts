import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A folder with the vocabularies and chat templates that llama.cpp keeps for its own tests, or why there is none. */
export type LlamaModels =
  | { readonly folder: string; readonly remove: () => void; readonly missing?: undefined }
  | { readonly folder?: undefined; readonly remove: () => void; readonly missing: string };

/** Takes `models/` out of the git bundle inside the package node-llama-cpp (75 MB) into a folder that `remove` deletes. */
export function openLlamaModels(): LlamaModels {
  const bundle = findBundle();
  if (bundle === undefined)
    return { missing: 'node-llama-cpp, whose package carries the vocabularies, is not installed here', remove: () => undefined };
  const place = mkdtempSync(join(tmpdir(), 'rookery-vocabularies-'));
  const remove = () => rmSync(place, { recursive: true, force: true });
  try {
    execFileSync('git', ['clone', '--quiet', '--no-checkout', bundle, place], { stdio: 'pipe' });
    execFileSync('git', ['-C', place, 'checkout', '--quiet', 'HEAD', '--', 'models'], { stdio: 'pipe' });
    return { folder: join(place, 'models'), remove };
  } catch (error) {
    remove();
    return {
      missing: `git cannot read the bundle of node-llama-cpp: ${error instanceof Error ? error.message : String(error)}`,
      remove: () => undefined,
    };
  }
}

function findBundle(): string | undefined {
  try {
    const bundle = fileURLToPath(new URL('../llama/gitRelease.bundle', import.meta.resolve('node-llama-cpp')));
    return existsSync(bundle) ? bundle : undefined;
  } catch {
    return undefined;
  }
}
