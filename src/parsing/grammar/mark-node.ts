import type { Mark } from '../../dialects/dialect.ts';
import { sequence, text, token } from '../../grammars/build.ts';
import type { Node } from '../../grammars/ir.ts';
import { spellMark } from '../take-mark.ts';

/** A mark as it is written; a special token without the white space around it. */
export function writeMark(mark: Mark): Node {
  const spelling = spellMark(mark);
  const inside = spelling.trim();
  if (typeof mark === 'string' || mark.special !== true || inside === '') return text(spelling);
  const start = spelling.indexOf(inside);
  return sequence([text(spelling.slice(0, start)), token(inside), text(spelling.slice(start + inside.length))]);
}
