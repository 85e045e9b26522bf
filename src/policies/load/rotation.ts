import type { UpstreamView } from '../policy.ts';

/** Remembers whose turn it was last, so that equals take turns however often the list of candidates changes. */
export class Rotation {
  readonly #turns = new WeakMap<UpstreamView, number>();
  #turn = 0;

  /** When it was last chosen, as a number that grows; 0: never. */
  lastTurn(upstream: UpstreamView): number {
    return this.#turns.get(upstream) ?? 0;
  }

  /** It is chosen now. Gives it back. */
  note<View extends UpstreamView>(upstream: View): View {
    this.#turns.set(upstream, ++this.#turn);
    return upstream;
  }
}
