/** The merges that a SentencePiece vocabulary implies, and their order. */
export interface ScoredMerges {
  readonly merges: readonly (readonly [left: string, right: string])[];
  /** by merge: 0 for the highest score; one number for all merges of one score */
  readonly ranks: readonly number[];
}

/**
 * SentencePiece joins, of all neighbours that make a token, those with the highest score first, and from left to right where scores are equal. The same as
 * a list of merges: every way to cut a token into two tokens is one, and its rank is the token's score among all scores.
 * `mayMerge` tells which ids can be made of text. Source: llama.cpp, src/llama-vocab.cpp, llm_tokenizer_spm; google/sentencepiece, bpe_model.cc.
 */
export function mergesOfScores(tokens: readonly string[], scores: readonly number[], mayMerge: (id: number) => boolean): ScoredMerges {
  const usable = tokens.map((token, id) => ({ token, score: scores[id] ?? 0, id })).filter(({ id }) => mayMerge(id));
  // letters that are no tokens take part: they are joined as letters and looked up as bytes only in the end
  const parts = new Set(usable.map(({ token }) => token));
  const isPart = (text: string) => parts.has(text) || isOneLetter(text);
  const rankOf = rankScores(usable.map(({ score }) => score));
  const merges: (readonly [string, string])[] = [];
  const ranks: number[] = [];
  for (const { token, score } of usable) {
    for (const at of insidesOf(token)) {
      const left = token.slice(0, at);
      const right = token.slice(at);
      if (!isPart(left) || !isPart(right)) continue;
      merges.push([left, right]);
      ranks.push(rankOf.get(score) ?? 0);
    }
  }
  return { merges, ranks };
}

function rankScores(scores: readonly number[]): ReadonlyMap<number, number> {
  const falling = [...new Set(scores)].sort((left, right) => right - left);
  return new Map(falling.map((score, rank) => [score, rank]));
}

/** Places between two letters. */
function insidesOf(token: string): readonly number[] {
  const places: number[] = [];
  let at = 0;
  for (const letter of token) {
    if (at > 0) places.push(at);
    at += letter.length;
  }
  return places;
}

function isOneLetter(text: string): boolean {
  const code = text.codePointAt(0);
  return code !== undefined && text.length === (code > 0xffff ? 2 : 1);
}
