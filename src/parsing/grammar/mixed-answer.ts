import type { DialectDefinition, Mark, ToolSpan } from '../../dialects/dialect.ts';
import { chars, optional, repeat, sequence, until } from '../../grammars/build.ts';
import type { Node } from '../../grammars/ir.ts';
import { firstLiteral, listOf, plainSpelling, readRecovery } from '../format.ts';
import { listSpellings } from '../take-mark.ts';

/**
 * Whether calls begin with a mark of their own, so that they can be bound in the midst of text. Bare JSON does not, nor does a fence that may hold any JSON;
 * frames do not either: their headers have fields in any order, and calls are told by one of them.
 */
export function isToldByOpener({ layout }: DialectDefinition): boolean {
  if (layout.kind === 'framed') return false;
  const [span] = listOf(layout.tools);
  return span?.open !== undefined && span.confirm !== 'known-name';
}

/** How regions of calls and text follow one another. */
export interface Mixing {
  /** what text cannot hold */
  readonly beginnings: readonly string[];
  /** any number of regions; otherwise one at most, which is then the end of the answer */
  readonly isParallel: boolean;
  /** a region has no closer, so that the parser looks for further calls to the end of the turn: there is no text behind it */
  readonly isEndless: boolean;
}

/** Text with regions of calls in it. */
export function mixWithText(region: Node, { beginnings, isParallel, isEndless }: Mixing): Node {
  const free = until(beginnings);
  if (!isParallel) return sequence([free, optional(region)]);
  return sequence([free, repeat(sequence([region, isEndless ? someBlanks : free]), 0, undefined)]);
}

const someBlanks = repeat(
  chars([
    [10, 10],
    [32, 32],
  ]),
  0,
  2,
);

/** How regions of these spans and text follow one another. */
export function describeMixing(dialect: DialectDefinition, spans: readonly ToolSpan[], isParallel: boolean): Mixing {
  const isEndless = spans.slice(0, 1).some(({ close, many }) => close === undefined && (many ?? dialect.many).how !== 'list');
  return { beginnings: listBeginnings(dialect, spans), isParallel, isEndless };
}

/**
 * Spellings at which a region of calls begins, of all the spans and not only of the one that is written: text holds none of them.
 * Openers that may be ordinary text until a tool's name stands behind them are left to the text.
 */
function listBeginnings(dialect: DialectDefinition, spans: readonly ToolSpan[]): readonly string[] {
  const told = spans.filter(({ confirm }) => confirm !== 'known-name').flatMap(listBeginningsOf);
  const literal = writtenWithoutOpener(dialect, spans);
  const all = [...new Set([...told, ...(literal === undefined ? [] : listSpellings([literal]))])];
  return all.filter((beginning) => !all.some((other) => other !== beginning && beginning.includes(other)));
}

/** The mark that begins a call where models of this format leave out the region's opener. */
export function writtenWithoutOpener(dialect: DialectDefinition, [span]: readonly ToolSpan[]): Mark | undefined {
  if (!span || !readRecovery(dialect).missingOpen || (span.many ?? dialect.many).how === 'list') return undefined;
  return firstLiteral(span.call ?? dialect.call);
}

const blanks = ['', ' ', '\n'];

function listBeginningsOf({ open, first = [] }: ToolSpan): readonly string[] {
  if (open === undefined) return [];
  const { isLax, isToken } = typeof open === 'string' ? plainMark : { isLax: open.lax === true, isToken: open.special === true };
  const written = listSpellings([open]);
  const spellings = isLax ? [...written, ...written.map(plainSpelling)] : written;
  // "functools" is a word, "functools[" is none
  if (isToken || first.length === 0) return spellings;
  return spellings.flatMap((spelling) => blanks.flatMap((blank) => first.map((letter) => spelling + blank + letter)));
}

const plainMark = { isLax: false, isToken: false };
