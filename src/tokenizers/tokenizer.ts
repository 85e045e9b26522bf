import type { PromptSegment } from '../protocol/engine.ts';
import { cutAtSpecials } from './cut-at-specials.ts';
import { DecodeStream } from './decode-stream.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type MemoLimits, memoiseRuns } from './memo.ts';
import { SpecialFinder } from './special-finder.ts';
import { openTextModel, type TextModel } from './text-model.ts';
import { readTokenBytes, type TokenBytes } from './token-bytes.ts';
import type { AddedToken, TokenizerData } from './tokenizer-data.ts';

/** Turns text into a model's token ids and back. Not for several threads; see `workers` for one off the main thread. */
export interface Tokenizer {
  /**
   * Token ids of a text that comes in segments. Spellings of special tokens become these tokens, but in a literal segment they stay plain text.
   * Text on both sides of a segment's border is read as one text. Half a surrogate pair counts as U+FFFD.
   * `addSpecial` (default false) adds what the model wants around a text of its own, such as the begin-of-text token, unless the text brings it.
   */
  encode(segments: readonly PromptSegment[], options?: { readonly addSpecial?: boolean }): readonly number[];
  /** Text of token ids. Ids without a token give nothing; halves of a character give U+FFFD. `skipSpecial` (default false) leaves special tokens out. */
  decode(ids: readonly number[], options?: { readonly skipSpecial?: boolean }): string;
  /** Decodes ids that come one after another; its pieces, joined, are what `decode` gives for all of them. */
  openDecodeStream(options?: { readonly skipSpecial?: boolean }): DecodeStream;
  idOf(token: string): number | undefined;
  /** What the token stands for: whole characters or parts of one. None for an id without a token. */
  bytesOf(id: number): Uint8Array;
  isSpecial(id: number): boolean;
  /** every special token, by id */
  specials(): readonly { readonly id: number; readonly content: string }[];
  readonly bosId: number | undefined;
  readonly eosId: number | undefined;
  readonly paddingId: number | undefined;
  /** one more than the highest id */
  readonly vocabularyTokens: number;
  /** the same for the same vocabulary and special tokens: 16 hexadecimal digits */
  readonly fingerprint: string;
}

/** Makes a tokenizer; takes a second or more for large vocabularies. Throws `model_file_invalid` or `unsupported_feature`. */
export async function createTokenizer(data: TokenizerData, memo?: MemoLimits): Promise<Tokenizer> {
  const controls = new Set(data.added.filter(({ kind }) => kind === 'control').map(({ id }) => id));
  const model = await openTextModel(data.text, (id) => controls.has(id));
  return new VocabularyTokenizer(data, model, memo);
}

class VocabularyTokenizer implements Tokenizer {
  readonly #data: Pick<TokenizerData, 'before' | 'after'>;
  readonly #model: TextModel;
  readonly #specials: ReadonlyMap<number, AddedToken>;
  readonly #added: ReadonlyMap<string, number>;
  readonly #finder: SpecialFinder;
  readonly #bytes: TokenBytes;
  readonly #spellings: readonly (string | undefined)[];
  readonly #encodeRun: (text: string, isFirst: boolean) => readonly number[];
  readonly bosId: number | undefined;
  readonly eosId: number | undefined;
  readonly paddingId: number | undefined;
  readonly fingerprint: string;

  constructor(data: TokenizerData, model: TextModel, memo: MemoLimits | undefined) {
    this.#data = { before: data.before, after: data.after };
    this.#model = model;
    this.#specials = new Map(data.added.filter(({ kind }) => kind === 'control').map((token) => [token.id, token]));
    this.#added = new Map(data.added.map(({ content, id }) => [content, id]));
    this.#finder = new SpecialFinder(data.added);
    this.#spellings = spellingsOf(model, data.added);
    const kinds = new Map(data.added.map(({ id, kind }) => [id, kind]));
    this.#bytes = readTokenBytes(data.decoder, { spellings: this.#spellings, kindOf: (id) => kinds.get(id) });
    this.#encodeRun = memoiseRuns((text, isFirst) => model.encode(text, isFirst), memo);
    this.bosId = data.bosId;
    this.eosId = data.eosId;
    this.paddingId = data.paddingId;
    this.fingerprint = fingerprintOf(this.#spellings, data.added);
  }

  get vocabularyTokens(): number {
    return this.#spellings.length;
  }

  encode(segments: readonly PromptSegment[], options: { readonly addSpecial?: boolean } = {}): readonly number[] {
    const ids: number[] = [];
    let isFirst = true;
    for (const fragment of cutAtSpecials(segments, this.#finder)) {
      if ('id' in fragment) ids.push(fragment.id);
      else for (const id of this.#encodeRun(fragment.text, isFirst)) ids.push(id);
      isFirst = false;
    }
    return options.addSpecial === true ? this.#addSpecial(ids) : ids;
  }

  #addSpecial(ids: readonly number[]): readonly number[] {
    const { before, after } = this.#data;
    const bringsBegin = before.length > 0 && before.every((id, index) => ids[index] === id);
    const bringsEnd = after.length > 0 && after.every((id, index) => ids[ids.length - after.length + index] === id);
    return [...(bringsBegin ? [] : before), ...ids, ...(bringsEnd ? [] : after)];
  }

  decode(ids: readonly number[], options: { readonly skipSpecial?: boolean } = {}): string {
    const stream = this.openDecodeStream(options);
    return stream.push(ids) + stream.end();
  }

  openDecodeStream(options: { readonly skipSpecial?: boolean } = {}): DecodeStream {
    return new DecodeStream(this.#bytes, options.skipSpecial === true ? (id) => this.isSpecial(id) : () => false);
  }

  idOf(token: string): number | undefined {
    return this.#added.get(token) ?? this.#model.idOf(token);
  }

  bytesOf(id: number): Uint8Array {
    return this.#bytes.of(id);
  }

  isSpecial(id: number): boolean {
    return this.#specials.has(id);
  }

  specials(): readonly { readonly id: number; readonly content: string }[] {
    return [...this.#specials.values()].sort((left, right) => left.id - right.id).map(({ id, content }) => ({ id, content }));
  }
}

function spellingsOf(model: TextModel, added: readonly AddedToken[]): readonly (string | undefined)[] {
  const spellings: (string | undefined)[] = [...model.spellings];
  for (const { id, content } of added) {
    while (spellings.length < id) spellings.push(undefined);
    spellings[id] = content;
  }
  return spellings;
}
