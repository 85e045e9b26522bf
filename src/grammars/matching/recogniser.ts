import { GatewayError } from '../../protocol/error.ts';
import type { Grammar } from '../ir.ts';
import { type Place, Places } from './places.ts';

/** What follows the end of a rule that was entered at one offset: shared by all who wait for it. */
export interface Frame {
  readonly id: number;
  readonly waiting: Item[];
  /** the rule was empty here: who waits later goes on at once */
  isEmptyToo: boolean;
}

/** One way the text so far can be read: a place (undefined: the rule's end), and what follows its rule. */
export interface Item {
  readonly place: Place | undefined;
  readonly frame: Frame;
}

const defaultMaxSteps = 20_000_000;
const knownPlaces = new WeakMap<Grammar, Places>();

function placesOf(grammar: Grammar): Places {
  let places = knownPlaces.get(grammar);
  if (!places) knownPlaces.set(grammar, (places = new Places(grammar)));
  return places;
}

/**
 * Reads a text along a grammar without schemas, all readings at once: ambiguity costs no more than the number of places, and a call
 * at a rule's end needs no return. Throws `limit_exceeded` when `maxSteps` (default 20 million) are used up.
 */
export class Recogniser {
  readonly #places: Places;
  readonly #rootFrame: Frame = { id: 0, waiting: [], isEmptyToo: false };
  #frameCount = 1;
  #stepsLeft: number;
  /** readings of the text so far, before they go on without reading */
  #kernel: readonly Item[];
  /** readings that wait for a letter */
  #readers: Item[] = [];
  #isAccepted = false;

  constructor(grammar: Grammar, maxSteps = defaultMaxSteps) {
    this.#places = placesOf(grammar);
    this.#stepsLeft = maxSteps;
    this.#kernel = [{ place: this.#places.root, frame: this.#rootFrame }];
    this.#close();
  }

  /** The text so far is one of the grammar's. */
  get isAccepted(): boolean {
    return this.#isAccepted;
  }

  /** A longer text may still be one. */
  get mayGoOn(): boolean {
    return this.#readers.length > 0;
  }

  /** the readings of the text so far, and the frame at whose end the whole text ends */
  get readings(): { readonly items: readonly Item[]; readonly rootFrame: Frame } {
    return { items: this.#kernel, rootFrame: this.#rootFrame };
  }

  /** Reads more. False: no text of the grammar begins so. */
  push(text: string): boolean {
    for (const letter of text) if (!this.#advance(letter.codePointAt(0) ?? 0)) return false;
    return this.#isAccepted || this.mayGoOn;
  }

  #advance(codePoint: number): boolean {
    const kernel: Item[] = [];
    const seen = new SeenItems();
    for (const { place, frame } of this.#readers) {
      const read = place && this.#places.moves(place).read;
      const after = read?.(codePoint);
      if (read && after !== 'none' && seen.add(after, frame)) kernel.push({ place: after, frame });
    }
    this.#kernel = kernel;
    this.#close();
    return kernel.length > 0;
  }

  /** Goes on wherever nothing needs to be read. */
  #close(): void {
    this.#readers = [];
    this.#isAccepted = false;
    const seen = new SeenItems();
    const waiting = this.#kernel.filter(({ place, frame }) => seen.add(place, frame));
    const add = (place: Place | undefined, frame: Frame) => {
      if (seen.add(place, frame)) waiting.push({ place, frame });
    };
    const entered = new Map<string, Frame>();
    for (let item = waiting.pop(); item; item = waiting.pop()) {
      if (--this.#stepsLeft < 0) throw new GatewayError('invalid_request', 'Matching this text against the grammar takes too many steps.');
      this.#step(item, add, entered);
    }
  }

  #step({ place, frame }: Item, add: (place: Place | undefined, frame: Frame) => void, entered: Map<string, Frame>): void {
    if (!place) {
      if (frame === this.#rootFrame) this.#isAccepted = true;
      frame.isEmptyToo = true;
      for (const waiter of [...frame.waiting]) add(waiter.place, waiter.frame);
      return;
    }
    const { jumps, call, read } = this.#places.moves(place);
    if (read) this.#readers.push({ place, frame });
    for (const jump of jumps) add(jump, frame);
    if (!call) return;
    const start = this.#places.start(call.name);
    if (!start) return;
    // a call at the rule's end returns to where this rule returns
    if (!call.next) add(start, frame);
    else this.#enter(start, { place: call.next, frame }, { name: call.name, entered, add });
  }

  #enter(
    start: Place,
    waiter: Item,
    { name, entered, add }: { name: string; entered: Map<string, Frame>; add: (place: Place | undefined, frame: Frame) => void },
  ): void {
    let inner = entered.get(name);
    if (!inner) entered.set(name, (inner = { id: this.#frameCount++, waiting: [], isEmptyToo: false }));
    inner.waiting.push(waiter);
    add(start, inner);
    // a frame that has ended before this one came to wait: its rule can be empty here
    if (inner.isEmptyToo) add(waiter.place, waiter.frame);
  }
}

/** Which items have been seen at one offset. */
class SeenItems {
  readonly #seen = new Map<Frame, Set<Place | undefined>>();

  /** False: it was there before. */
  add(place: Place | undefined, frame: Frame): boolean {
    let places = this.#seen.get(frame);
    if (!places) this.#seen.set(frame, (places = new Set()));
    if (places.has(place)) return false;
    places.add(place);
    return true;
  }
}
