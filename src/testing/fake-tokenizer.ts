import type { FilledReply } from './fake-reply.ts';

/** The tokenizer a fake engine pretends to have. */
export interface FakeTokenizer {
  encode(text: string): readonly number[];
  /** the bytes one token stands for; none for a token without text */
  bytesOf(token: number): Uint8Array;
}

/** A token with its chance, and the likeliest ones in its place. */
export interface FakeChance {
  readonly token: number;
  readonly logprob: number;
  readonly others: readonly { readonly token: number; readonly logprob: number }[];
}

/** Token = byte, ids 0 to 255; ids above have no text. */
export const byteTokenizer: FakeTokenizer = {
  encode: (text) => [...Buffer.from(text)],
  bytesOf: (token) => Uint8Array.from(token < 256 ? [token] : []),
};

/** The text of tokens; bytes that are no UTF-8 become U+FFFD. */
export function decodeTokens(tokenizer: FakeTokenizer, tokens: readonly number[]): string {
  return Buffer.concat(tokens.map((token) => tokenizer.bytesOf(token))).toString();
}

/** The ids of a reply's piece: the script's, or the tokenizer's. */
export function tokensOfPiece(reply: FilledReply, tokenizer: FakeTokenizer, index: number): readonly number[] {
  return reply.tokens?.[index] ?? tokenizer.encode(reply.pieces[index] ?? '');
}

/** The ids of all pieces and of the end. */
export function tokensOfReply(reply: FilledReply, tokenizer: FakeTokenizer): readonly number[] {
  return [...reply.pieces.flatMap((_, index) => tokensOfPiece(reply, tokenizer, index)), ...endTokens(reply)];
}

/** The id of the end as a list: none or one. */
export function endTokens({ endToken }: FilledReply): readonly number[] {
  return endToken === undefined ? [] : [endToken];
}

/** Chances that depend on the token alone: it is the likeliest with -0.25, then the next `count - 1` ids, each one less likely by 1. */
export function chanceOf(token: number, count: number): FakeChance {
  const others = Array.from({ length: count }, (_, step) => ({ token: token + step, logprob: -0.25 - step }));
  return { token, logprob: -0.25, others };
}
