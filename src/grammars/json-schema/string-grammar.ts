import { chars, choice, repeat, text } from '../build.ts';
import type { Node } from '../ir.ts';
import { makeAutomaton } from '../regex/automaton.ts';
import { inJsonString, type Quote, spellCharacter } from '../regex/in-quotes.ts';
import { intersectLanguages, type Language, type Machine } from '../regex/intersect-languages.ts';
import { anyCharacter, type Range } from '../regex/ranges.ts';
import { readRegex } from '../regex/read-regex.ts';
import { RegexError } from '../regex/regex-error.ts';
import { writeMachine } from '../regex/write-machine.ts';
import { anyString, boundedString } from './any-value.ts';
import { type Expansion, never } from './expansion.ts';
import { readFormat } from './formats.ts';
import { listLengths } from './text-lengths.ts';

/** What is asked of a string. */
export interface StringDemands {
  readonly least: number;
  readonly most: number | undefined;
  readonly patterns: readonly string[];
  readonly formats: readonly string[];
  /** patterns that must not match */
  readonly excludedPatterns: readonly string[];
  readonly excludedTexts: readonly string[];
}

/** Strings, in their quotes. */
export interface StringGrammar {
  readonly node: Node;
  /** what the node does not hold, by keyword */
  readonly unheld: ReadonlyMap<string, string>;
}

/** Demands nothing. */
export const noDemands: StringDemands = { least: 0, most: undefined, patterns: [], formats: [], excludedPatterns: [], excludedTexts: [] };

/** Longer bounds are not counted out in a machine. */
const mostCounted = 500;

/** The strings that meet all demands. One demand alone is a grammar as it is written; several are met by a machine that follows all of them, within the budget of the expansion. */
export function writeStrings(expansion: Expansion, demands: StringDemands): StringGrammar {
  const key = JSON.stringify(demands);
  const known = expansion.strings.get(key);
  if (known) return known;
  const unheld = new Map<string, string>();
  const pieces = [...readPatterns(demands.patterns, unheld), ...readFormats(demands.formats, unheld)];
  const excluded = readPatterns(demands.excludedPatterns, unheld);
  if (demands.excludedTexts.length > 0) excluded.push(choice(demands.excludedTexts.map((word) => text(word))));
  const node = writePieces(expansion, demands, { pieces, excluded, unheld });
  const grammar = { node: node === never ? node : expansion.name(demands.formats[0] ?? 'text', node), unheld };
  expansion.strings.set(key, grammar);
  return grammar;
}

interface Pieces {
  readonly pieces: readonly Node[];
  readonly excluded: readonly Node[];
  readonly unheld: Map<string, string>;
}

function writePieces(expansion: Expansion, { least, most }: StringDemands, { pieces, excluded, unheld }: Pieces): Node {
  if (most !== undefined && least > most) return never;
  const [first] = pieces;
  if (!first && excluded.length === 0)
    return least === 0 && most === undefined ? anyString(expansion) : boundedString(expansion, least, most);
  if (first && pieces.length === 1 && excluded.length === 0) {
    const bounded = boundPiece(first, least, most);
    if (bounded) return quotePiece(expansion, bounded);
  }
  const isCounted = Math.max(least, most ?? 0) <= mostCounted;
  const length = repeat(chars(anyCharacter), isCounted ? least : 0, isCounted ? most : undefined);
  const machine = tryIntersect(expansion, [length, ...pieces], excluded);
  if (machine && !isCounted) unheld.set('maxLength', `lengths over ${mostCounted} are not held beside a pattern`);
  if (machine) return writeQuoted(expansion, machine);
  for (const keyword of ['pattern', 'minLength', 'maxLength'])
    unheld.set(keyword, 'the demands on the text are too large to be held together');
  return first ? quotePiece(expansion, first) : boundedString(expansion, least, most);
}

/** The piece with the bounds, where that takes no machine: its lengths lie between them, or it repeats one kind of character. */
function boundPiece(piece: Node, least: number, most: number | undefined): Node | undefined {
  const lengths = listLengths(piece);
  if (lengths.least >= least && (most === undefined || lengths.most <= most)) return piece;
  if (piece.kind !== 'repeat' || piece.item.kind !== 'chars') return undefined;
  const from = Math.max(piece.least, least);
  const to = Math.min(piece.most ?? Infinity, most ?? Infinity);
  return from <= to ? repeat(piece.item, from, to === Infinity ? undefined : to) : undefined;
}

function quotePiece(expansion: Expansion, piece: Node): Node {
  return expansion.punctuation.quote((quote) => inJsonString(piece, quote));
}

function tryIntersect(expansion: Expansion, pieces: readonly Node[], excluded: readonly Node[]): Machine | undefined {
  try {
    const languages: readonly Language[] = [
      ...pieces.map((piece) => ({ automaton: makeAutomaton(piece), isExcluded: false })),
      ...excluded.map((piece) => ({ automaton: makeAutomaton(piece), isExcluded: true })),
    ];
    return intersectLanguages(languages, expansion.budget);
  } catch (error) {
    if (error instanceof RegexError) return undefined;
    throw error;
  }
}

function writeQuoted(expansion: Expansion, machine: Machine): Node {
  const [start] = machine.states;
  if (!start?.isAccepting && start?.edges.length === 0) return never;
  expansion.spend(undefined, machine.states.length);
  return expansion.punctuation.quote((quote) =>
    writeMachine(machine, { spell: (ranges) => spellLetter(expansion, ranges, quote), rules: expansion.rules }),
  );
}

/** Letters with escapes are long to write and often the same. */
function spellLetter(expansion: Expansion, ranges: readonly Range[], quote: Quote): Node {
  const spelled = spellCharacter(ranges, quote);
  return spelled.kind === 'chars' ? spelled : expansion.share(`spelled ${quote} ${JSON.stringify(ranges)}`, 'letter-of', () => spelled);
}

function readPatterns(patterns: readonly string[], unheld: Map<string, string>): Node[] {
  return patterns.flatMap((pattern) => {
    try {
      return [readRegex(pattern, { dialect: 'search' }).grammar.root];
    } catch (error) {
      if (!(error instanceof RegexError) || error.reason === 'invalid') throw error;
      unheld.set('pattern', `${error.message} It is not checked afterwards either.`);
      return [];
    }
  });
}

function readFormats(names: readonly string[], unheld: Map<string, string>): Node[] {
  return names.flatMap((name) => {
    const piece = readFormat(name);
    if (!piece) unheld.set('format', `the format ${JSON.stringify(name)} is not known`);
    return piece ? [piece] : [];
  });
}
