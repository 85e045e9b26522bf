import { isNode, LineCounter, parseDocument } from 'yaml';
import { dialects as builtInDialects } from '../../../dialects/index.ts';
import { DialectError } from '../../../dialects/validate/check.ts';
import { type UserDialects, validateDialects } from '../../../dialects/validate/validate-dialects.ts';
import { checkLaws } from '../../../parsing/check-laws.ts';
import type { OwnDialects } from '../configuration.ts';
import { findPlace, type Path } from '../file/located.ts';
import { yamlWords } from '../file/yaml-words.ts';
import { addFault, type Reading, readTextFile, resolveFrom } from '../reading.ts';

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
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const refuse = (offset: number, problem: string): undefined => {
    const { line, col } = lines.linePos(offset);
    reading.faults.add({ place: { file, line: Math.max(1, line), column: Math.max(1, col) }, path: '', problem });
    return undefined;
  };
  const [fault] = document.errors;
  if (fault) return refuse(fault.pos[0], yamlWords[fault.code]);
  const offsetAt = (steps: Path): number => {
    for (let depth = steps.length; depth > 0; depth--) {
      const node = document.getIn(steps.slice(0, depth), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  };
  try {
    return validateDialects(document.toJS(), { known, checkLaws });
  } catch (error) {
    if (error instanceof DialectError) return refuse(offsetAt(error.path), error.message);
    return addFault(reading, path, `the file ${file} holds aliases that grow without end, or cannot be read as data.`);
  }
}
