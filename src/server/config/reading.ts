import { dirname, isAbsolute, resolve } from 'node:path';
import { findNearestName } from '../../text/nearest-name.ts';
import { type FaultList, type Place, showPath } from './fault.ts';
import { findPlace, type Located, type Path } from './file/located.ts';
import type { ReadFile } from './file/read-files.ts';
import { createSecret, type Secret } from './secret.ts';

/** Variables of the process, handed in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What all parts of one reading share. */
export interface Reading {
  readonly located: Located;
  readonly environment: Environment;
  readonly readFile: ReadFile;
  readonly faults: FaultList;
  readonly warnings: FaultList;
  /** values of secrets that were met: no message may hold one */
  readonly secretValues: Set<string>;
  /** keys of the file's named sections as they were written, faulty ones among them */
  readonly writtenNames: Readonly<Record<'upstreams' | 'models', readonly string[]>>;
}

/** Says that something at a path is wrong. */
export function addFault(reading: Reading, path: Path, problem: string, part: 'key' | 'value' = 'value'): undefined {
  reading.faults.add({ place: findPlace(reading.located, path, part), path: showPath(path), problem });
  return undefined;
}

/** Says that something at a path is left aside or looks odd. */
export function addWarning(reading: Reading, path: Path, problem: string): void {
  reading.warnings.add({ place: findPlace(reading.located, path, 'key'), path: showPath(path), problem });
}

/** The secret that `env:NAME` or `file:path` at a path means; undefined, and a fault, where there is none. */
export async function readSecret(reading: Reading, reference: string, path: Path): Promise<Secret | undefined> {
  const variable = /^env:(.+)$/.exec(reference)?.[1];
  if (variable !== undefined) return readVariable(reading, { variable, reference }, path);
  const file = resolveFrom(findPlace(reading.located, path), reference.slice('file:'.length));
  const value = (await readTextFile(reading, file, path))?.trim();
  if (value === undefined) return undefined;
  return value === ''
    ? addFault(reading, path, `the file ${file} is empty; expected the secret in it.`)
    : keepSecret(reading, `file:${file}`, value);
}

/** The secret in an environment variable; undefined, and a fault that names the variable, where it is not set or empty. */
export function readVariable(
  reading: Reading,
  wanted: { readonly variable: string; readonly reference: string },
  path: Path,
): Secret | undefined {
  const { environment } = reading;
  const { variable, reference } = wanted;
  const value = environment[variable]?.trim() ?? '';
  if (value !== '') return keepSecret(reading, reference, value);
  const nearest = findNearestName(
    variable,
    Object.keys(environment).filter((name) => name !== variable && (environment[name] ?? '') !== ''),
  );
  const hint = nearest === undefined ? '' : ` \`${nearest}\` is set: did you mean that?`;
  return addFault(reading, path, `the environment variable ${variable} is not set, or is empty.${hint}`);
}

/** Keeps a value out of sight and out of messages. */
export function keepSecret(reading: Reading, reference: string, value: string): Secret {
  reading.secretValues.add(value);
  return createSecret(reference, value);
}

/** A path as it was written in a file, from that file's folder. */
export function resolveFrom({ file }: Place, written: string): string {
  return isAbsolute(written) ? written : resolve(dirname(file), written);
}

/** The text of a file that is named at a path; undefined, and a fault, where it cannot be read. */
export async function readTextFile(reading: Reading, file: string, path: Path): Promise<string | undefined> {
  try {
    return await reading.readFile(file);
  } catch (error) {
    return addFault(reading, path, `the file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`);
  }
}

/** Shortest secret that is looked for in messages: shorter ones are parts of words. */
const leastSecretChars = 6;

/** A message without the secrets that were met, should one have come into it. */
export function hideSecrets(message: string, secretValues: ReadonlySet<string>): string {
  let hidden = message;
  for (const value of secretValues) if (value.length >= leastSecretChars) hidden = hidden.replaceAll(value, '***');
  return hidden;
}
