/** What a piece of text gave. */
export interface StopScan {
  /** text that cannot be part of a stop any more: safe to send */
  readonly text: string;
  /** the stop that was found; everything from its start on is dropped */
  readonly stop?: string;
}

/** Looks for stop strings in text that arrives in pieces. */
export interface StopScanner {
  /** Once a stop was found, further text is dropped. */
  push(text: string): StopScan;
  /** The text that was held back, when no more follows. */
  end(): string;
}

/** A state of the automaton: the longest end of the text so far that begins a stop. */
interface State {
  readonly depth: number;
  readonly next: Map<number, State>;
  /** the state of the next shorter end that begins a stop */
  fallback: State | undefined;
  /** the longest stop that ends here */
  stop: string | undefined;
}

/**
 * Finds the stop that is complete first, as a model that writes letter by letter would meet it; of stops complete at the same letter, the longest.
 * Held back is only the longest end of the text that may still grow into a stop. The result doesn't depend on where the text is cut.
 * Linear in the text, whatever the stops. Empty stops are ignored. Source: Aho and Corasick 1975.
 */
export function createStopScanner(stops: readonly string[]): StopScanner {
  const wanted = stops.filter((stop) => stop !== '');
  if (wanted.length === 0) return { push: (text) => ({ text }), end: () => '' };
  return new AutomatonScanner(buildAutomaton(wanted));
}

class AutomatonScanner implements StopScanner {
  readonly #root: State;
  #state: State;
  #held = '';
  #found: string | undefined;

  constructor(root: State) {
    this.#root = root;
    this.#state = root;
  }

  push(text: string): StopScan {
    if (this.#found !== undefined) return { text: '', stop: this.#found };
    for (let index = 0; index < text.length; index++) {
      this.#state = step(this.#root, this.#state, text.charCodeAt(index));
      const { stop } = this.#state;
      if (stop !== undefined) return this.#stopAt(this.#held + text.slice(0, index + 1), stop);
    }
    const seen = this.#held + text;
    const safe = seen.length - this.#state.depth;
    this.#held = seen.slice(safe);
    return { text: seen.slice(0, safe) };
  }

  end(): string {
    const rest = this.#held;
    this.#held = '';
    this.#state = this.#root;
    return rest;
  }

  #stopAt(seen: string, stop: string): StopScan {
    this.#found = stop;
    this.#held = '';
    return { text: seen.slice(0, seen.length - stop.length), stop };
  }
}

function step(root: State, from: State, letter: number): State {
  for (let state: State | undefined = from; state; state = state.fallback) {
    const next = state.next.get(letter);
    if (next) return next;
  }
  return root;
}

function buildAutomaton(stops: readonly string[]): State {
  const root = makeState(0);
  for (const stop of stops) addStop(root, stop);
  const queue: State[] = [root];
  for (const state of queue) {
    for (const [letter, next] of state.next) {
      next.fallback = state === root ? root : step(root, state.fallback ?? root, letter);
      next.stop ??= next.fallback.stop;
      queue.push(next);
    }
  }
  return root;
}

function addStop(root: State, stop: string): void {
  let state = root;
  for (let index = 0; index < stop.length; index++) {
    const letter = stop.charCodeAt(index);
    const next = state.next.get(letter) ?? makeState(index + 1);
    state.next.set(letter, next);
    state = next;
  }
  state.stop = stop;
}

function makeState(depth: number): State {
  return { depth, next: new Map(), fallback: undefined, stop: undefined };
}
