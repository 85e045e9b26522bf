import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The folder where Python's `huggingface_hub` keeps what it fetched, by the values of its environment variables: HF_HUB_CACHE or the older
 * HUGGINGFACE_HUB_CACHE, else `hub` in HF_HOME, else in `huggingface` of XDG_CACHE_HOME or `~/.cache`. Source: huggingface_hub 1.0, constants.py.
 */
export function findHubCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const cache = environment.HF_HUB_CACHE || environment.HUGGINGFACE_HUB_CACHE;
  if (cache) return resolve(cache);
  if (environment.HF_HOME) return join(resolve(environment.HF_HOME), 'hub');
  const xdg = environment.XDG_CACHE_HOME ?? '';
  return join(isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'huggingface', 'hub');
}

const hubName = /^([A-Za-z0-9][\w.-]*)\/([A-Za-z0-9][\w.-]*)(?:@([\w.-]+))?$/;

/** Whether a text may be `owner/name` or `owner/name@revision` of a model hub. */
export function isHubName(reference: string): boolean {
  return hubName.test(reference);
}

/**
 * The folder with the files of `owner/name` (or `owner/name@revision`) as a Python tool has fetched them; undefined where it has not.
 * `models--owner--name/refs/main` holds the name of the folder in `snapshots` that is current; without it a lone snapshot is.
 */
export async function findHubSnapshot(reference: string, hubCacheFolder: string): Promise<string | undefined> {
  const [, owner, name, revision = 'main'] = hubName.exec(reference) ?? [];
  if (owner === undefined || name === undefined) return undefined;
  const folder = join(hubCacheFolder, `models--${owner}--${name}`);
  const wanted = (await readFile(join(folder, 'refs', revision), 'utf8').catch(() => revision)).trim();
  const snapshots: readonly string[] = await readdir(join(folder, 'snapshots')).catch(() => []);
  const lone = snapshots.length === 1 && revision === 'main' ? snapshots[0] : undefined;
  const current = snapshots.includes(wanted) ? wanted : lone;
  return current === undefined ? undefined : join(folder, 'snapshots', current);
}
