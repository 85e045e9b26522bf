import type { JsonValue } from '../../protocol/json.ts';
import type { Tool } from '../../protocol/message.ts';

/** A run of capitals (`JSON` of `JSONSchema`), a word with or without its capital, a number. Marks belong to letters: Indic vowels are some. */
const wordPattern = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lm}\p{Lo}\p{Lt}\p{M}]+|\p{N}+/gu;

/** The same of plain English text, at a fifth of the time. */
const asciiPattern = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
const asciiOnly = /^[\0-\x7f]*$/;

/** Scripts that put no blanks between words. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * The words of a text for comparing: names are split at `_` and capitals, small letters only, no accents. Of scripts without blanks come the pairs of
 * neighbouring letters. Words keep their endings. Linear in the text.
 */
export function splitIntoWords(text: string): readonly string[] {
  if (asciiOnly.test(text)) return (text.match(asciiPattern) ?? []).map((word) => word.toLowerCase());
  const plain = text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]+/g, '')
    .normalize('NFKC');
  return (plain.match(wordPattern) ?? []).flatMap((word) => (unspaced.test(word) ? listPairs(word) : [word.toLowerCase()]));
}

function listPairs(word: string): readonly string[] {
  const letters = [...word];
  return letters.length === 1 ? letters : letters.slice(1).map((letter, index) => `${letters[index]}${letter}`);
}

/** How often a word of the name counts against one of a description. */
const nameWeight = 3;

/** Levels of a schema that are read. */
const mostLevels = 16;

/** How much each word weighs in what a tool says of itself: its name, its description, names and descriptions of its parameters. */
export function weighWords({ name, description = '', parameters }: Tool): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  const add = (text: string, weight: number) => {
    for (const word of splitIntoWords(text)) weights.set(word, (weights.get(word) ?? 0) + weight);
  };
  add(name, nameWeight);
  for (const text of [description, ...listTexts(parameters, mostLevels)]) add(text, 1);
  return weights;
}

/** Names of properties and every `description` of a schema. */
function listTexts(schema: JsonValue | undefined, levels: number): readonly string[] {
  if (typeof schema !== 'object' || schema === null || levels === 0) return [];
  if (Array.isArray(schema)) return schema.flatMap((item: JsonValue) => listTexts(item, levels - 1));
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key === 'description' && typeof value === 'string') return [value];
    if (key !== 'properties' || typeof value !== 'object' || value === null) return listTexts(value, levels - 1);
    // a parameter may be called `description`
    return Object.entries(value).flatMap(([property, inner]) => [property, ...listTexts(inner, levels - 1)]);
  });
}
