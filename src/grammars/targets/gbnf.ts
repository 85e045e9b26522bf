import { listTokens } from '../list-tokens.ts';
import { lowerGrammar } from '../lowering/lower-grammar.ts';
import { escapeClass, escapeText } from '../notation/escape-code-point.ts';
import { printRules } from '../notation/print-rules.ts';
import { defineTarget } from './target.ts';

/**
 * GBNF, the rules of llama.cpp. A count over 2,000 (its `MAX_REPETITION_THRESHOLD`) is refused there as a least and silently unbounded as a most, and what is
 * counted is multiplied by its size; so counts stand on single things, and larger ones are groups of groups. Source: llama.cpp `src/llama-grammar.cpp`,
 * seen with node-llama-cpp 3.22.1.
 * Control tokens are rules of their own at the end (`special-1 ::= "<tool_call>"`): who knows the vocabulary may put the token (`<[151657]>`) for its text.
 */
export default defineTarget({
  about: 'llama.cpp: the embedded engine and llama-server. Holds every grammar; repeats over a million times are left open.',
  write(grammar) {
    const { grammar: lowered, unenforced } = lowerGrammar(grammar, { largestCount: 1000, openFrom: 1_000_000 });
    const tokens = listTokens(grammar);
    const prefix = choosePrefix(lowered.rules);
    const text = printRules(lowered, {
      root: 'root',
      defines: '::=',
      any: '.',
      empty: '""',
      writeText,
      writeClass: escapeClass,
      writeToken: (spelling) => `${prefix}-${tokens.indexOf(spelling) + 1}`,
    });
    const specials = tokens.map((spelling, index) => `${prefix}-${index + 1} ::= ${writeText(spelling)}\n`);
    return { text: text + specials.join(''), unenforced, tokens };
  },
});

function writeText(content: string): string {
  return `"${escapeText(content, '"\\')}"`;
}

/** A beginning that no rule's name has. */
function choosePrefix(rules: ReadonlyMap<string, unknown>): string {
  let prefix = 'special';
  while ([...rules.keys()].some((name) => name.startsWith(prefix))) prefix += '-x';
  return prefix;
}
