import type { FakeTokenizer } from 'rookery/testing';

/** Ids as a vocabulary of 100,000 has them: their text is as long as in earnest. */
const firstId = 20_000;

/** Words and parts of words, numbered as they are first seen: about as many tokens as a real tokenizer makes of English and JSON. */
export function openWordTokenizer(): FakeTokenizer {
  const ids = new Map<string, number>();
  const texts: string[] = [];
  const number = (text: string): number => {
    const known = ids.get(text);
    if (known !== undefined) return known;
    ids.set(text, firstId + texts.length);
    return firstId + texts.push(text) - 1;
  };
  return {
    encode: (text) => (text.match(/<\|\w+\|>| ?\w{1,9}|\W{1,2}/gu) ?? []).map(number),
    bytesOf: (token) => Buffer.from(texts[token - firstId] ?? ''),
  };
}
