import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Official chat templates by name, or why there are none here. */
export type OfficialTemplates =
  | { readonly templates: ReadonlyMap<string, string>; readonly missing?: undefined }
  | { readonly templates?: undefined; readonly missing: string };

const folder = 'models/templates';

/**
 * The chat templates that llama.cpp keeps for its own tests (about 70, taken from the models' repositories), out of the git bundle inside the package
 * node-llama-cpp. Git takes seconds to read it, so what it gave is kept in build/ for each version of the package.
 */
export function readOfficialTemplates(): OfficialTemplates {
  const found = findPackage();
  if (found === undefined) return { missing: 'node-llama-cpp, whose package carries the templates, is not installed here' };
  const kept = join(findRoot(), 'build', `official-templates-${found.version}.json`);
  try {
    if (!existsSync(kept)) keep(kept, readBundle(found.bundle));
    return { templates: new Map(Object.entries(JSON.parse(readFileSync(kept, 'utf8')) as Readonly<Record<string, string>>)) };
  } catch (error) {
    return { missing: `git cannot read the bundle of node-llama-cpp: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Cloned into a folder that is gone when this returns. */
function readBundle(bundle: string): Readonly<Record<string, string>> {
  const place = mkdtempSync(join(tmpdir(), 'rookery-templates-'));
  try {
    execFileSync('git', ['clone', '--quiet', '--no-checkout', bundle, place], { stdio: 'pipe' });
    execFileSync('git', ['-C', place, 'checkout', '--quiet', 'HEAD', '--', folder], { stdio: 'pipe' });
    const names = readdirSync(join(place, folder)).filter((name) => name.endsWith('.jinja'));
    return Object.fromEntries(names.map((name) => [name.replace('.jinja', ''), readFileSync(join(place, folder, name), 'utf8')]));
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Several tests may do this at once: the file appears whole. */
function keep(path: string, templates: Readonly<Record<string, string>>): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}`;
  writeFileSync(part, JSON.stringify(templates));
  renameSync(part, path);
}

function findPackage(): { readonly bundle: string; readonly version: string } | undefined {
  try {
    const place = fileURLToPath(new URL('..', import.meta.resolve('node-llama-cpp')));
    const bundle = join(place, 'llama', 'gitRelease.bundle');
    const { version } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as { readonly version: string };
    return existsSync(bundle) ? { bundle, version } : undefined;
  } catch {
    return undefined;
  }
}

function findRoot(): string {
  let place = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(place, 'package.json'))) place = dirname(place);
  return place;
}
