import type { JsonObject } from '../protocol/json.ts';

/**
 * A token that stands for itself in a text, whatever the merges say. `control` tokens (turns, begin of text) are read only where a template wrote them;
 * `user-defined` ones (`<think>`, runs of spaces) everywhere.
 */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly kind: 'control' | 'user-defined';
  /** white space before it is dropped */
  readonly stripsBefore: boolean;
  /** white space after it is dropped */
  readonly stripsAfter: boolean;
}

/** What turns a stretch of text into tokens, in the form of tokenizer.json. */
export interface TextModelData {
  readonly normalizer: JsonObject | null;
  readonly preTokenizer: JsonObject | null;
  /** tokenizer.json's `model` without its merges */
  readonly model: JsonObject;
  readonly merges: readonly (readonly [left: string, right: string])[];
  /** how early each merge is made, the lowest first; absent: in their order. Merges of one rank are made from left to right. */
  readonly mergeRanks?: readonly number[];
}

/** All that a tokenizer is made of, whatever file it came from. */
export interface TokenizerData {
  readonly text: TextModelData;
  readonly decoder: JsonObject | null;
  readonly added: readonly AddedToken[];
  readonly bosId?: number;
  readonly eosId?: number;
  readonly paddingId?: number;
  /** special tokens that a text of its own gets in front */
  readonly before: readonly number[];
  /** special tokens that a text of its own gets at the end */
  readonly after: readonly number[];
}
