import { GatewayError } from '../../protocol/error.ts';

/** Token ids out of `1, 2, 3`, `1 2 3` or `[1, 2, 3]`. Throws `bad_usage`, naming what is no id of the vocabulary. */
export function readIds(text: string, vocabularyTokens: number): readonly number[] {
  const list = text.trim().replace(/^\[([^\]]*)\]$/s, '$1');
  const words = list.split(/[\s,]+/).filter((word) => word !== '');
  return words.map((word) => {
    const id = /^\d{1,9}$/.test(word) ? Number(word) : Number.NaN;
    if (id < vocabularyTokens) return id;
    throw new GatewayError(
      'bad_usage',
      `"${word.slice(0, 40)}" is no token id: ids of this model go from 0 to ${vocabularyTokens - 1}. Example: --decode "9707 11 1879".`,
    );
  });
}
