import type { Grammar, Node } from '../ir.ts';
import { isInRanges } from '../regex/ranges.ts';
import { automatonOf } from './delimiter-automaton.ts';

/**
 * A place in a grammar: what is left of the rule that is being read. Made when it is reached, once for each; the next place is
 * shared, so a repeat of a million is a number and not a million places.
 */
export interface Place {
  readonly id: number;
  readonly node: Node;
  /** code units of a text, times of a repeat, state of an `until` */
  readonly progress: number;
  /** what follows; undefined: the rule's end */
  readonly next: Place | undefined;
  /** how one can go on from here, found when first asked for */
  moves: Moves | undefined;
}

/** How one can go on from a place. */
export interface Moves {
  /** without reading: another place, or the rule's end */
  readonly jumps: readonly (Place | undefined)[];
  /** into a rule, with what follows it */
  readonly call: { readonly name: string; readonly next: Place | undefined } | undefined;
  /** The place after a code point; `none` where it may not stand here. */
  readonly read: ((codePoint: number) => Place | undefined | 'none') | undefined;
}

/** The places of one grammar. */
export class Places {
  readonly #rules: ReadonlyMap<string, Node>;
  readonly #known = new Map<string, Place>();
  readonly #nodeIds = new Map<Node, number>();
  readonly #starts = new Map<string, Place>();
  readonly root: Place;

  constructor({ root, rules }: Grammar) {
    this.#rules = rules;
    this.root = this.#at(root, 0, undefined);
  }

  /** Where a rule begins; undefined for a rule that is not defined: no text is one. */
  start(name: string): Place | undefined {
    const known = this.#starts.get(name);
    if (known) return known;
    const body = this.#rules.get(name);
    if (!body) return undefined;
    const place = this.#at(body, 0, undefined);
    this.#starts.set(name, place);
    return place;
  }

  moves(place: Place): Moves {
    place.moves ??= this.#findMoves(place);
    return place.moves;
  }

  #at(node: Node, progress: number, next: Place | undefined): Place {
    let nodeId = this.#nodeIds.get(node);
    if (nodeId === undefined) this.#nodeIds.set(node, (nodeId = this.#nodeIds.size));
    const key = `${nodeId} ${progress} ${next?.id ?? ''}`;
    let place = this.#known.get(key);
    if (!place) this.#known.set(key, (place = { id: this.#known.size, node, progress, next, moves: undefined }));
    return place;
  }

  #findMoves(place: Place): Moves {
    const { node, next } = place;
    switch (node.kind) {
      case 'text':
        return this.#textMoves(place, node.text);
      case 'token':
        return this.#textMoves(place, node.spelling);
      case 'sequence':
        return jumpTo([node.items.reduceRight<Place | undefined>((after, item) => this.#at(item, 0, after), next)]);
      case 'choice':
        return jumpTo(node.options.map((option) => this.#at(option, 0, next)));
      case 'repeat':
        return jumpTo(this.#repeatPlaces(place, node));
      case 'chars':
        return readWith((codePoint) => (isInRanges(node.ranges, codePoint) ? next : 'none'));
      case 'rule':
        return { jumps: [], call: { name: node.name, next }, read: undefined };
      case 'until':
        return this.#untilMoves(place, node.delimiters);
      case 'json':
        throw new Error('The schemas of a grammar are written out before texts are matched.');
      default:
        return node satisfies never;
    }
  }

  #textMoves({ node, progress, next }: Place, text: string): Moves {
    const expected = text.codePointAt(progress);
    if (expected === undefined) return jumpTo([next]);
    const end = progress + (expected > 0xffff ? 2 : 1);
    const after = end < text.length ? this.#at(node, end, next) : next;
    return readWith((codePoint) => (codePoint === expected ? after : 'none'));
  }

  #repeatPlaces({ progress, next }: Place, node: Extract<Node, { kind: 'repeat' }>): readonly (Place | undefined)[] {
    const { item, least, most } = node;
    if (most !== undefined && progress >= most) return [next];
    const done = most === undefined ? Math.min(progress + 1, least) : progress + 1;
    const again = this.#at(item, 0, this.#at(node, done, next));
    return progress >= least ? [again, next] : [again];
  }

  #untilMoves({ node, progress, next }: Place, delimiters: readonly string[]): Moves {
    const automaton = automatonOf(delimiters);
    const read = (codePoint: number) => {
      const state = automaton.next(progress, codePoint);
      return state === undefined ? 'none' : this.#at(node, state, next);
    };
    return { jumps: [next], call: undefined, read };
  }
}

function jumpTo(jumps: readonly (Place | undefined)[]): Moves {
  return { jumps, call: undefined, read: undefined };
}

function readWith(read: NonNullable<Moves['read']>): Moves {
  return { jumps: [], call: undefined, read };
}
