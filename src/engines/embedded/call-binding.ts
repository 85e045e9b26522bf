import type { DialectDefinition } from '../../dialects/dialect.ts';
import { derive } from '../../grammars/derive.ts';
import type { Grammar } from '../../grammars/ir.ts';
import gbnf from '../../grammars/targets/gbnf.ts';
import { compileDialect } from '../../parsing/compile-dialect.ts';
import { spellMark } from '../../parsing/take-mark.ts';
import type { CompiledDialect, TurnParser } from '../../parsing/turn-parser.ts';
import type { Delta, EngineGrammar, LazyGrammar } from '../../protocol/engine.ts';
import type { Tool } from '../../protocol/message.ts';
import { lazyCallGrammar } from '../../translate/compile-grammar.ts';

/** What binds an answer while it is written; asked before each token is drawn. */
export interface Binding {
  /** Hears what was written. */
  push(delta: Delta): void;
  /** The grammar that binds from the next token on; `free`: none does any more; undefined: as before. */
  next(): { readonly grammar: string } | 'free' | undefined;
  /** the one call that is wanted has been written: the answer ends here */
  readonly isComplete: boolean;
}

/**
 * Binds each region of calls from where the model begins it. Our own parser says where that is, so that an opener in the model's thoughts or in a quoted
 * text binds nothing; where the token that ends the opener holds more than it, the grammar goes on behind what is written already.
 */
export function openCallBinding({ text, lazy }: EngineGrammar & { readonly lazy: LazyGrammar }): Binding {
  return new CallBinding(shareBinding(lazy), lazy, text);
}

class CallBinding implements Binding {
  readonly #shared: SharedBinding;
  readonly #lazy: LazyGrammar;
  readonly #parser: TurnParser;
  /** what binds behind the trigger */
  readonly #text: string;
  #written = '';
  /** offset of the region that is bound, or was looked at and left alone */
  #region: number | undefined;
  #isBound = false;

  constructor(shared: SharedBinding, lazy: LazyGrammar, text: string) {
    const { promptTail, hasSpecials, parallel } = lazy;
    this.#shared = shared;
    this.#lazy = lazy;
    this.#text = text;
    this.#parser = shared.dialect.openParser({ tools: shared.tools, promptTail, hasSpecials, parallel });
  }

  get isComplete(): boolean {
    return this.#parser.isSatisfied;
  }

  push({ text, specials }: Delta): void {
    this.#parser.push(text, specials);
    this.#written += text;
  }

  next(): { readonly grammar: string } | 'free' | undefined {
    const region = this.#parser.openRegion;
    if (!region) return this.#leave();
    // without an opener only a known tool's name tells a call from other JSON
    if (!region.isCertain || region.offset === this.#region) return undefined;
    this.#region = region.offset;
    const begun = this.#shared.frameOpen + this.#textFrom(region.offset);
    const grammar = begun === this.#lazy.trigger ? this.#text : this.#shared.restAfter(begun);
    // the model left the format before it could be bound: its call is read and checked, nothing more
    if (grammar === undefined) return this.#isBound ? this.#free() : undefined;
    this.#isBound = true;
    return { grammar };
  }

  #leave(): 'free' | undefined {
    this.#region = undefined;
    return this.#isBound ? this.#free() : undefined;
  }

  #free(): 'free' {
    this.#isBound = false;
    return 'free';
  }

  /** A region may begin in the prompt's tail. */
  #textFrom(offset: number): string {
    if (offset >= 0) return this.#written.slice(offset);
    const { promptTail } = this.#lazy;
    return (this.#shared.frameOpen === '' ? promptTail.trimEnd() : promptTail).slice(offset) + this.#written;
  }
}

/** Beginnings of calls whose rests are kept for a list of tools. */
const mostRests = 64;
/** Lists of tools that are kept ready. */
const mostShared = 32;
const shared = new Map<string, SharedBinding>();

/** Thousands of agents send the same tools. */
function shareBinding({ dialectJson, toolsJson, parallel }: LazyGrammar): SharedBinding {
  const key = `${parallel}\n${dialectJson}\n${toolsJson}`;
  const made = shared.get(key) ?? new SharedBinding(dialectJson, toolsJson, parallel);
  keepLatest(shared, key, made, mostShared);
  return made;
}

function keepLatest<Value>(kept: Map<string, Value>, key: string, value: Value, most: number): void {
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
}

class SharedBinding {
  readonly tools: readonly Tool[];
  readonly dialect: CompiledDialect;
  /** what begins a frame, where the format has frames: regions are told from behind it */
  readonly frameOpen: string;
  readonly #definition: DialectDefinition;
  readonly #parallel: boolean;
  readonly #rests = new Map<string, string | undefined>();
  #made: Grammar | undefined;

  constructor(dialectJson: string, toolsJson: string, parallel: boolean) {
    this.tools = JSON.parse(toolsJson) as readonly Tool[];
    this.#definition = JSON.parse(dialectJson) as DialectDefinition;
    this.#parallel = parallel;
    this.dialect = compileDialect(this.#definition);
    const { layout } = this.#definition;
    this.frameOpen = layout.kind === 'framed' ? spellMark(layout.frameOpen) : '';
  }

  /** What may follow the beginning of a region; undefined where it is the beginning of none. */
  restAfter(begun: string): string | undefined {
    const rest = this.#rests.has(begun) ? this.#rests.get(begun) : this.#compileRest(begun);
    keepLatest(this.#rests, begun, rest, mostRests);
    return rest;
  }

  #compileRest(begun: string): string | undefined {
    const rest = derive(this.#whole, begun);
    return rest && gbnf.write(rest).text;
  }

  get #whole(): Grammar {
    return (this.#made ??= lazyCallGrammar(this.#definition, { tools: this.tools, parallel: this.#parallel }).grammar);
  }
}
