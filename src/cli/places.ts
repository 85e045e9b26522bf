import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCacheFolder } from '../sources/cache-folder.ts';
import { findHubCacheFolder } from '../sources/hub-cache.ts';
import type { TemplatePlaces } from '../sources/template-files.ts';

/** Where this process finds models, tokenizers and templates, by `--cache-dir` and the environment. */
export function findPlaces(cacheDir: string | undefined, environment: Readonly<Record<string, string | undefined>>): TemplatePlaces {
  return {
    cacheFolder: findCacheFolder(cacheDir, environment.XDG_CACHE_HOME),
    hubCacheFolder: findHubCacheFolder(environment),
    ownFolder: join(dirname(fileURLToPath(import.meta.resolve('rookery/package.json'))), 'assets', 'templates'),
  };
}
