import { isNode, LineCounter, parseDocument } from 'yaml';
import { DialectError, type Path } from '../../../dialects/validate/check.ts';
import { type UserDialects, validateDialects } from '../../../dialects/validate/validate-dialects.ts';
import { checkLaws } from '../../../parsing/check-laws.ts';
import { yamlWords } from '../file/yaml-words.ts';

/** Why a file of dialects cannot be used. */
export interface DialectsFault {
  readonly problem: string;
  /** counted from 1; undefined: it is about the file as a whole */
  readonly place: { readonly line: number; readonly column: number } | undefined;
}

/** Reads and checks dialects, YAML or JSON; `known` are those that they may extend. The file's form: docs/dialects.md. */
export function parseDialects(text: string, known: UserDialects['dialects']): UserDialects | DialectsFault {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): NonNullable<DialectsFault['place']> => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [fault] = document.errors;
  if (fault) return { problem: yamlWords[fault.code], place: placeOf(fault.pos[0]) };
  const offsetOf = (steps: Path): number => {
    for (let depth = steps.length; depth > 0; depth--) {
      const node = document.getIn(steps.slice(0, depth), true);
      if (isNode(node) && node.range) return node.range[0];
    }
    return 0;
  };
  const value = readValue(document);
  if (value === unreadable) return { problem: 'it holds aliases that grow without end, or cannot be read as data.', place: undefined };
  try {
    return validateDialects(value, { known, checkLaws });
  } catch (error) {
    if (!(error instanceof DialectError)) throw error;
    return { problem: error.message, place: placeOf(offsetOf(error.path)) };
  }
}

const unreadable = Symbol('unreadable');

/** The file's plain data. The parser refuses aliases that would fill the memory. */
function readValue(document: { toJS(): unknown }): unknown {
  try {
    return document.toJS();
  } catch {
    return unreadable;
  }
}
