/** A piece of a script: some bytes, or a token of the vocabulary that has a spelling of its own. */
export type ScriptPiece = { readonly kind: 'bytes'; readonly bytes: Uint8Array } | { readonly kind: 'token'; readonly spelling: string };

/** How texts are cut. */
export interface SplitOptions {
  /** wanted bytes of a piece, at least 2; the cut may make it longer or shorter to keep pieces apart */
  readonly pieceBytes: number;
  /** spellings that become one token at their first occurrence; later ones are cut like other text */
  readonly wholeTokens: readonly string[];
}

const longestPieceBytes = 64;
const mostSteps = 200_000;

/**
 * Cuts texts into pieces that are all different, across all texts, because a bigram model knows only its last token.
 * Pieces have 2 to 64 bytes (a piece of one byte would be a token of ordinary prompts too) and may end inside a character.
 * `taken` gets the key of each piece (its bytes in Latin-1); pieces already in it are avoided.
 * Throws a RangeError for a text of one byte and for a text too repetitive to cut.
 */
export class ScriptSplitter {
  readonly #options: SplitOptions;
  readonly #taken: Set<string>;
  readonly #unused: Set<string>;

  constructor(options: SplitOptions, taken: Set<string>) {
    this.#options = options;
    this.#taken = taken;
    this.#unused = new Set(options.wholeTokens);
  }

  split(text: string): ScriptPiece[] {
    const found = this.#findWholeToken(text);
    if (!found) return this.#splitBytes(Buffer.from(text));
    this.#unused.delete(found.spelling);
    const before = this.#splitBytes(Buffer.from(text.slice(0, found.offset)));
    const after = this.split(text.slice(found.offset + found.spelling.length));
    return [...before, { kind: 'token', spelling: found.spelling }, ...after];
  }

  /** The unused token that occurs first, the longest of those that begin together. */
  #findWholeToken(text: string): { readonly spelling: string; readonly offset: number } | undefined {
    const found = [...this.#unused].map((spelling) => ({ spelling, offset: text.indexOf(spelling) })).filter(({ offset }) => offset >= 0);
    found.sort((left, right) => left.offset - right.offset || right.spelling.length - left.spelling.length);
    return found[0];
  }

  #splitBytes(bytes: Buffer): ScriptPiece[] {
    const cuts = findCuts(bytes, this.#options.pieceBytes, this.#taken);
    return cuts.map((start, index): ScriptPiece => ({ kind: 'bytes', bytes: bytes.subarray(start, cuts[index + 1] ?? bytes.length) }));
  }
}

interface Attempt {
  readonly start: number;
  /** lengths not tried yet, the best last */
  readonly lengths: number[];
  key?: string;
}

/** Starts of the pieces, found by trying lengths and going back where no piece fits; adds the pieces' keys to `taken`. */
function findCuts(bytes: Buffer, pieceBytes: number, taken: Set<string>): number[] {
  const text = bytes.toString('latin1');
  const attempts: Attempt[] = [];
  let position = 0;
  for (let step = 0; position < text.length; step++) {
    if (attempts.at(-1)?.start !== position) attempts.push({ start: position, lengths: lengthsToTry(text.length - position, pieceBytes) });
    const attempt = attempts.at(-1);
    if (attempt === undefined || step > mostSteps) throw cannotSplit(bytes);
    const length = attempt.lengths.pop();
    if (length === undefined) {
      attempts.pop();
      position = giveBack(attempts.at(-1), taken, bytes);
      continue;
    }
    const key = text.slice(position, position + length);
    if (taken.has(key)) continue;
    taken.add(key);
    attempt.key = key;
    position += length;
  }
  return attempts.map(({ start }) => start);
}

function giveBack(attempt: Attempt | undefined, taken: Set<string>, bytes: Buffer): number {
  if (attempt?.key === undefined) throw cannotSplit(bytes);
  taken.delete(attempt.key);
  return attempt.start;
}

/** The wanted length is tried first, then longer ones, then shorter ones; never one that leaves a single byte over. */
function lengthsToTry(rest: number, pieceBytes: number): number[] {
  const lengths: number[] = [];
  for (let length = 2; length < pieceBytes; length++) lengths.push(length);
  for (let length = longestPieceBytes; length >= pieceBytes; length--) lengths.push(length);
  return lengths.filter((length) => length === rest || length <= rest - 2);
}

function cannotSplit(bytes: Buffer): RangeError {
  const start = JSON.stringify(bytes.toString('utf8').slice(0, 40));
  return new RangeError(
    `the script ${start} (${bytes.length} bytes) cannot be cut into pieces that are all different, of 2 to ${longestPieceBytes} bytes each; ` +
      'make it longer than one byte, less repetitive, or give its pieces yourself',
  );
}
