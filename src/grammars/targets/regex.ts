import { checkGrammar } from '../check-grammar.ts';
import { expandGrammar } from '../expand-grammar.ts';
import { listTokens } from '../list-tokens.ts';
import { withoutUntils } from '../lowering/without-untils.ts';
import { writeRegex } from '../regex/write-regex.ts';
import { defineTarget } from './target.ts';

/** A regular expression over the whole text, for engines that take nothing else. Nested values are held three deep in themselves. */
export default defineTarget({
  about: 'Engines that take a regular expression. What nests in itself is allowed three deep; large schemas are refused.',
  write(grammar) {
    const read = expandGrammar(grammar);
    checkGrammar(read.grammar);
    return { text: writeRegex(withoutUntils(read.grammar)), unenforced: read.unenforced, tokens: listTokens(grammar) };
  },
});
