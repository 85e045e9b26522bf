import { choice, emptyText, isEmptyText, optional, repeat, sequence } from '../build.ts';
import type { Node } from '../ir.ts';

/** A property that is listed. */
export interface ObjectPart {
  readonly name: string;
  readonly isRequired: boolean;
  /** no value is right: it has to be left out */
  readonly isNever: boolean;
  /** the name, the colon and the value */
  readonly pair: Node;
}

/** What an object is made of. */
export interface ObjectContent {
  readonly parts: readonly ObjectPart[];
  /** a member of another name */
  readonly others: Node | undefined;
  /** members at least, where that says more than the required parts; else 0 */
  readonly least: number;
  /** members at most, Infinity where nothing bounds them */
  readonly most: number;
  readonly comma: Node;
  /** makes a rule of what is needed more than once */
  readonly name: (wish: string, body: Node) => Node;
}

/** Every so many parts a rule begins, so that nothing nests as deep as an object is long. */
const mostNested = 32;

/** `filled`: the members between the braces, at least one; undefined if none is right. */
export interface ObjectInside {
  readonly mayBeEmpty: boolean;
  readonly filled: Node | undefined;
}

/**
 * The members of an object between its braces: parts in their order, optional ones skipped, others at the end. Written from the end: what follows a part once so many members are written
 * is one piece, shared by all ways there. Without bounds on the number only none and some are told apart, so the size is linear.
 */
export function writeMembers(content: ObjectContent): ObjectInside {
  const writer = new MembersWriter(content);
  return { mayBeEmpty: content.least === 0 && !content.parts.some(({ isRequired }) => isRequired), filled: writer.write() };
}

/** What may follow, by the number of members that are written, with its comma and perhaps nothing; undefined: nothing right follows. None at 0. */
type Rests = readonly (Node | undefined)[];

class MembersWriter {
  readonly #content: ObjectContent;
  /** from here on members need not be told apart by number */
  readonly #mostCount: number;
  /** by part: the required ones before it */
  readonly #requiredBefore: readonly number[];
  /** what an object may begin with, the last part first */
  #beginnings: Node[] = [];

  constructor(content: ObjectContent) {
    this.#content = content;
    const isCounting = content.least > 0 || content.most < Infinity;
    let required = 0;
    this.#requiredBefore = content.parts.map(({ isRequired }) => (isRequired ? required++ : required));
    this.#mostCount = isCounting ? Math.max(1, content.parts.length) : 1;
  }

  write(): Node | undefined {
    const { parts } = this.#content;
    const first = this.#writeFirstOther();
    this.#beginnings = first ? [first] : [];
    let rests: Rests = Array.from({ length: this.#mostCount + 1 }, (_, count) => (count === 0 ? undefined : this.#writeOthers(count)));
    for (let index = parts.length - 1; index >= 0; index--) rests = this.#writePart(index, rests);
    return this.#beginnings.length === 0 ? undefined : choice(this.#beginnings.reverse());
  }

  #writeFirstOther(): Node | undefined {
    const { others, least, most, comma } = this.#content;
    if (!others || most <= 0) return undefined;
    return sequence([others, repeat(sequence([comma, others]), Math.max(0, least - 1), most === Infinity ? undefined : most - 1)]);
  }

  #writeOthers(count: number): Node | undefined {
    const { others, least, most, comma } = this.#content;
    const missing = Math.max(0, least - count);
    const room = most - count;
    if (!others || room <= 0) return missing > 0 || room < 0 ? undefined : emptyText;
    return repeat(sequence([comma, others]), missing, room === Infinity ? undefined : room);
  }

  /** What may follow from part `index` on, from what may follow behind it. */
  #writePart(index: number, after: Rests): Rests {
    const { parts, name } = this.#content;
    const part = parts[index];
    if (!part) return after;
    const fewest = Math.min(this.#requiredBefore[index] ?? 0, this.#mostCount);
    const isReached = (count: number) => count >= fewest && count <= index;
    const reached = Math.min(index, this.#mostCount) - fewest + 1;
    const pair = reached > 1 && !part.isNever ? name(`member-${part.name}`, part.pair) : part.pair;
    const isNamed = reached > 1 || index % mostNested === 0;
    const onward = after.map((rest) => (rest && isNamed && !isEmptyText(rest) ? name('members', rest) : rest));
    if (fewest === 0) this.#addBeginning(part, pair, onward);
    return after.map((_, count) => (count > 0 && isReached(count) ? this.#writeFrom(part, pair, count, onward) : undefined));
  }

  /** Nothing stands before a required part but optional ones; what follows it begins no object. */
  #addBeginning(part: ObjectPart, pair: Node, onward: Rests): void {
    const next = part.isNever || this.#content.most < 1 ? undefined : onward[1];
    if (part.isRequired) this.#beginnings = [];
    if (next) this.#beginnings.push(sequence([pair, next]));
  }

  #writeFrom(part: ObjectPart, pair: Node, count: number, onward: Rests): Node | undefined {
    const { comma, most } = this.#content;
    const after = Math.min(count + 1, this.#mostCount);
    const next = part.isNever || count >= most ? undefined : onward[after];
    const begin = sequence([comma, pair]);
    const written = next && sequence([begin, next]);
    if (part.isRequired) return written;
    const skipped = onward[count];
    if (!written || !skipped) return written ?? skipped;
    if (after === count) return sequence([optional(begin), skipped]);
    return isEmptyText(skipped) ? optional(written) : choice([written, skipped]);
  }
}
