import type { GatewayError } from '../protocol/error.ts';
import type { AnswerGrammar } from '../translate/compile-grammar.ts';

/** How a job ended. */
export type Outcome = { readonly grammar: AnswerGrammar } | { readonly refusal: GatewayError; readonly untilMs: number };

/** Bounds of what is remembered. */
export interface CacheBounds {
  readonly mostKept: number;
  readonly mostKeptChars: number;
}

/** What was compiled or refused, by the jobs' keys: the least recently asked go first, by number and by the characters they hold. */
export class GrammarCache {
  readonly #bounds: CacheBounds;
  readonly #kept = new Map<string, Outcome>();
  #chars = 0;

  constructor(bounds: CacheBounds) {
    this.#bounds = bounds;
  }

  /** Undefined for what is not known, or refused for a time that is over. */
  get(key: string, nowMs: number): Outcome | undefined {
    const outcome = this.#kept.get(key);
    if (!outcome) return undefined;
    this.#remove(key, outcome);
    if ('refusal' in outcome && outcome.untilMs <= nowMs) return undefined;
    this.#add(key, outcome);
    return outcome;
  }

  set(key: string, outcome: Outcome): void {
    const before = this.#kept.get(key);
    if (before) this.#remove(key, before);
    this.#add(key, outcome);
    for (const [oldest, old] of this.#kept) {
      if (this.#kept.size <= this.#bounds.mostKept && this.#chars <= this.#bounds.mostKeptChars) break;
      this.#remove(oldest, old);
    }
  }

  #add(key: string, outcome: Outcome): void {
    this.#kept.set(key, outcome);
    this.#chars += key.length + measure(outcome);
  }

  #remove(key: string, outcome: Outcome): void {
    this.#kept.delete(key);
    this.#chars -= key.length + measure(outcome);
  }
}

const charsOfUnenforced = 200;

function measure(outcome: Outcome): number {
  if ('refusal' in outcome) return outcome.refusal.message.length;
  return outcome.grammar.text.length + outcome.grammar.unenforced.length * charsOfUnenforced;
}
