import type { ControlTokens } from './control-tokens.ts';

const rule = /^(special(?:-x)*-\d+ ::= )("(?:[^"\\]|\\.)*")$/gm;

/**
 * A grammar whose rules for control tokens name the tokens of this vocabulary: a model that is bound cannot spell one out letter by letter, which would be text to
 * the parser. Rules for what is no control token here stay texts. `<[id]>` is llama.cpp's word for a token.
 */
export function nameSpecialTokens(grammar: string, controls: Pick<ControlTokens, 'find'>): string {
  return grammar.replace(rule, (line, head: string, literal: string) => {
    // letters beyond the first plane are escaped as JSON does not; no control token has them
    const token = literal.includes('\\U') ? undefined : controls.find(JSON.parse(literal) as string);
    return token === undefined ? line : `${head}<[${token}]>`;
  });
}
