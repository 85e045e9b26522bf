import type { AddedToken } from './tokenizer-data.ts';

/** A hash of a vocabulary and its added tokens, in 16 hexadecimal digits: for telling tokenizers apart, not for keeping secrets. */
export function fingerprintOf(spellings: readonly (string | undefined)[], added: readonly AddedToken[]): string {
  const hash = new Hash();
  spellings.forEach((spelling, id) => {
    if (spelling !== undefined) hash.add(`${id} ${spelling}\n`);
  });
  for (const { id, kind } of [...added].sort((left, right) => left.id - right.id)) hash.add(`${id} ${kind}\n`);
  return hash.digits();
}

/** FNV-1a over UTF-16 units, twice with different starts. Source: draft-eastlake-fnv. */
class Hash {
  #first = 0x811c9dc5;
  #second = 0x01234567;

  add(text: string): void {
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      this.#first = Math.imul(this.#first ^ unit, 0x01000193);
      this.#second = Math.imul(this.#second ^ unit, 0x01000193) ^ (this.#second >>> 15);
    }
  }

  digits(): string {
    return [this.#first, this.#second].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
