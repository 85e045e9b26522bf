import { listTokens } from '../list-tokens.ts';
import { lowerGrammar } from '../lowering/lower-grammar.ts';
import { escapeClass, escapeText } from '../notation/escape-code-point.ts';
import { printRules } from '../notation/print-rules.ts';
import { defineTarget } from './target.ts';

/** xgrammar's EBNF: GBNF's notation but for the dot, which it does not know. Source: xgrammar 0.2.8, `GrammarParser`. */
export default defineTarget({
  about: 'vLLM and SGLang through xgrammar. Holds every grammar; repeats over a million times are left open.',
  write(grammar) {
    const { grammar: lowered, unenforced } = lowerGrammar(grammar, { largestCount: 1000, openFrom: 1_000_000 });
    const text = printRules(lowered, {
      root: 'root',
      defines: '::=',
      any: '[\\u0000-\\U0010FFFF]',
      empty: '""',
      writeText: (content) => `"${escapeText(content, '"\\')}"`,
      writeClass: escapeClass,
    });
    return { text, unenforced, tokens: listTokens(grammar) };
  },
});
