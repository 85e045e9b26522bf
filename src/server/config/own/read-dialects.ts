import { dialects as builtInDialects } from '../../../dialects/index.ts';
import type { UserDialects } from '../../../dialects/validate/validate-dialects.ts';
import type { OwnDialects } from '../configuration.ts';
import { findPlace, type Path } from '../file/located.ts';
import { addFault, type Reading, readTextFile, resolveFrom } from '../reading.ts';
import { parseDialects } from './parse-dialects.ts';

/** Dialects that were read, and whether some are missing because their file is faulty. */
export interface ReadDialects {
  /** absent: no file is named */
  readonly dialects?: OwnDialects;
  readonly isWhole: boolean;
}

/** Files of dialects, as the key `dialects` names them; later ones may extend those of earlier ones. Nothing is read after a faulty one. */
export async function readDialects(reading: Reading, written: string | readonly string[]): Promise<ReadDialects> {
  const names = typeof written === 'string' ? [written] : written;
  const files: string[] = [];
  let formats: UserDialects = { dialects: builtInDialects, models: [] };
  for (const [index, name] of names.entries()) {
    const path: Path = typeof written === 'string' ? ['dialects'] : ['dialects', index];
    const file = resolveFrom(findPlace(reading.located, path), name);
    files.push(file);
    const text = await readTextFile(reading, file, path);
    const own = text === undefined ? undefined : readOne(reading, { file, text, known: formats.dialects }, path);
    if (!own) return { dialects: { files, formats }, isWhole: false };
    formats = { dialects: { ...formats.dialects, ...own.dialects }, models: [...formats.models, ...own.models] };
  }
  return { dialects: { files, formats }, isWhole: true };
}

interface DialectsFile {
  readonly file: string;
  readonly text: string;
  readonly known: UserDialects['dialects'];
}

function readOne(reading: Reading, { file, text, known }: DialectsFile, path: Path): UserDialects | undefined {
  const read = parseDialects(text, known);
  if (!('problem' in read)) return read;
  const { problem, place } = read;
  if (!place) return addFault(reading, path, `the file ${file}: ${problem}`);
  reading.faults.add({ place: { file, ...place }, path: '', problem });
  return undefined;
}
