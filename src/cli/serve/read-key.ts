import { readFile } from 'node:fs/promises';
import { GatewayError } from '../../protocol/error.ts';
import { findKeyFault } from '../../server/config/find-key-fault.ts';

/** Where the key of a server is named. */
export interface KeyReference {
  /** `env:NAME` */
  readonly key?: string;
  readonly keyFile?: string;
}

/** A key, and how a shell line names it without showing it. */
export interface FoundKey {
  readonly key: string;
  readonly shellText: string;
}

/**
 * Reads the key that a server asks for; undefined where none is named. Throws `bad_usage` for a key written on the command line, where
 * every user of the machine sees it, and `key_unusable` for one that is missing, empty, short or an example. No message holds the key.
 */
export async function readKey(
  reference: KeyReference,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundKey | undefined> {
  if (reference.key !== undefined && reference.keyFile !== undefined) {
    throw new GatewayError('bad_usage', '--key and --key-file both name a key. Give one of them.');
  }
  if (reference.keyFile !== undefined) {
    const key = checkKey((await readKeyFile(reference.keyFile)).trim(), `The key in ${reference.keyFile}`);
    return { key, shellText: `$(cat ${quote(reference.keyFile)})` };
  }
  if (reference.key === undefined) return undefined;
  const name = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(reference.key)?.[1];
  if (name === undefined) {
    throw new GatewayError(
      'bad_usage',
      '--key takes the name of an environment variable, as env:NAME; a key itself would be visible to every user of this machine.',
    );
  }
  return { key: checkKey((environment[name] ?? '').trim(), `The key in the environment variable ${name}`), shellText: `$${name}` };
}

async function readKeyFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new GatewayError('key_unusable', `The key file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, { cause });
  }
}

function checkKey(key: string, what: string): string {
  const fault = key === '' ? 'is missing or empty' : findKeyFault(key);
  if (fault === undefined) return key;
  throw new GatewayError('key_unusable', `${what} ${fault}. Make one with: openssl rand -hex 32`);
}

function quote(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
