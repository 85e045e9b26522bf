import type { EngineCallDelta } from '../../protocol/engine.ts';

/** A call, or a piece of one, as servers write it; anything may be missing or null. */
export interface WireCall {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
}

/**
 * Tells which call a piece belongs to. Servers leave `index` out, give every call the index 0, repeat the name in each piece, or send arguments as an object;
 * here calls are numbered as they begin, each has its name once, and arguments are text. Source: reference/engines.md 8.
 */
export class CallNumbers {
  /** our number of each call, by the server's index and by its id */
  readonly #byIndex = new Map<number, number>();
  readonly #byId = new Map<string, number>();
  readonly #ids: (string | undefined)[] = [];
  readonly #named = new Set<number>();

  read(pieces: readonly WireCall[]): readonly EngineCallDelta[] {
    return pieces.map((piece) => this.#readPiece(piece));
  }

  #readPiece({ index: theirs, id, function: called }: WireCall): EngineCallDelta {
    const index = this.#find(theirs ?? undefined, id || undefined, Boolean(called?.name));
    const isNamed = this.#named.has(index);
    if (called?.name) this.#named.add(index);
    const argumentsText = writeArguments(called?.arguments);
    return {
      index,
      ...(id && !isNamed ? { id } : {}),
      ...(called?.name && !isNamed ? { name: called.name } : {}),
      ...(argumentsText === '' ? {} : { argumentsText }),
    };
  }

  #find(theirs: number | undefined, id: string | undefined, hasName: boolean): number {
    const byId = id === undefined ? undefined : this.#byId.get(id);
    if (byId !== undefined) return byId;
    const last = this.#ids.length - 1;
    const known = theirs === undefined ? (last >= 0 ? last : undefined) : this.#byIndex.get(theirs);
    const isNew =
      known === undefined || (hasName && this.#named.has(known) && (theirs === undefined || id !== undefined) && id !== this.#ids[known]);
    const index = isNew ? this.#ids.push(id) - 1 : known;
    if (theirs !== undefined) this.#byIndex.set(theirs, index);
    if (id !== undefined) {
      this.#byId.set(id, index);
      this.#ids[index] = id;
    }
    return index;
  }
}

function writeArguments(written: unknown): string {
  if (written === undefined || written === null) return '';
  return typeof written === 'string' ? written : JSON.stringify(written);
}
