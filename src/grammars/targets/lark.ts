import { listTokens } from '../list-tokens.ts';
import { lowerGrammar } from '../lowering/lower-grammar.ts';
import { printRules } from '../notation/print-rules.ts';
import { defineTarget } from './target.ts';

/**
 * llguidance's Lark. Every letter is a terminal of its own, so that no lexer decides where a text ends: rules alone do, as in the other targets.
 * Source: llguidance 1.7.6, docs/syntax.md.
 */
export default defineTarget({
  about: 'vLLM and others through llguidance. Holds every grammar; repeats over a million times are left open.',
  write(grammar) {
    const { grammar: lowered, unenforced } = lowerGrammar(grammar, { largestCount: 1000, openFrom: 1_000_000 });
    const text = printRules(lowered, {
      root: 'start',
      defines: ':',
      any: '/[\\u{0}-\\u{10FFFF}]/',
      empty: '""',
      writeText: (content) => `(${Array.from(content, (letter) => `/[${spell(letter.codePointAt(0) ?? 0)}]/`).join(' ')})`,
      writeClass: (ranges, isNegated) =>
        `/[${isNegated ? '^' : ''}${ranges.map(([from, to]) => (from === to ? spell(from) : `${spell(from)}-${spell(to)}`)).join('')}]/`,
      writeName: (name) => `rule_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replaceAll('-', '__')}`,
    });
    return { text, unenforced, tokens: listTokens(grammar) };
  },
});

/** A code point inside a class: letters and digits as they are, others by number. */
function spell(codePoint: number): string {
  const letter = String.fromCodePoint(codePoint);
  return /[A-Za-z0-9]/.test(letter) ? letter : `\\u{${codePoint.toString(16).toUpperCase()}}`;
}
