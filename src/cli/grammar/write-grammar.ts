import { resolveDialect } from '../../dialects/detect/resolve-dialect.ts';
import { dialects } from '../../dialects/index.ts';
import { choice, text } from '../../grammars/build.ts';
import type { Grammar, Unenforced } from '../../grammars/ir.ts';
import { readRegex } from '../../grammars/regex/read-regex.ts';
import { targets } from '../../grammars/targets/index.ts';
import { readUserGrammar } from '../../grammars/user-grammar/read-user-grammar.ts';
import { callGrammar } from '../../parsing/grammar/call-grammar.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonValue } from '../../protocol/json.ts';
import type { Tool, ToolChoice } from '../../protocol/message.ts';
import { findNearestName } from '../../text/nearest-name.ts';

/** What an answer is to be; the first that is given counts. */
export interface GrammarWish {
  readonly schema?: JsonValue | undefined;
  readonly regex?: string | undefined;
  readonly choice?: readonly string[] | undefined;
  /** a grammar in GBNF or EBNF */
  readonly grammar?: string | undefined;
  readonly tools?: readonly Tool[] | undefined;
  /** how the calls of `tools` are written; default hermes */
  readonly dialect?: string | undefined;
  readonly toolChoice?: ToolChoice | undefined;
}

/** A grammar free of notations, and what of the wish it leaves open. */
export interface WishedGrammar {
  readonly grammar: Grammar;
  readonly unenforced: readonly Unenforced[];
}

/** Names of the notations. */
export const targetNames = Object.keys(targets) as readonly (keyof typeof targets)[];

/** Makes the grammar that is wished for. Throws `invalid_request`. */
export function readWish(wish: GrammarWish): WishedGrammar {
  const { schema, regex, tools } = wish;
  if (schema !== undefined) {
    const root = { kind: 'json', schema, whitespace: 'loose', notation: 'json' } as const;
    return { grammar: { root, rules: new Map() }, unenforced: [] };
  }
  if (regex !== undefined) return readRegex(regex);
  if (wish.choice !== undefined) {
    if (wish.choice.length === 0) throw new GatewayError('invalid_request', '`choice` needs at least one text.', { param: 'choice' });
    return { grammar: { root: choice(wish.choice.map(text)), rules: new Map() }, unenforced: [] };
  }
  if (wish.grammar !== undefined) return { grammar: readUserGrammar(wish.grammar), unenforced: [] };
  if (tools === undefined)
    throw new GatewayError('invalid_request', 'Nothing says what is allowed. Give `schema`, `regex`, `choice`, `grammar` or `tools`.');
  const { toolChoice = 'required' } = wish;
  const isLazy = toolChoice === 'auto';
  return callGrammar({ dialect: findDialect(wish.dialect ?? 'hermes'), tools, toolChoice, mode: isLazy ? 'lazy' : 'eager' });
}

/** Writes a grammar in an engine's notation. Throws `invalid_request` where there is no such notation, or it cannot hold the grammar. */
export function writeIn(
  target: string,
  { grammar, unenforced }: WishedGrammar,
): { readonly grammar: string; readonly unenforced: readonly Unenforced[] } {
  const name = targetNames.find((each) => each === target);
  if (name === undefined) {
    const nearest = findNearestName(target.toLowerCase(), targetNames);
    const hint = nearest === undefined ? `There are: ${targetNames.join(', ')}.` : `Did you mean "${nearest}"?`;
    throw new GatewayError('invalid_request', `There is no notation "${target.slice(0, 64)}". ${hint}`, { param: 'target' });
  }
  const written = targets[name].write(grammar);
  return { grammar: written.text, unenforced: [...unenforced, ...written.unenforced] };
}

function findDialect(written: string) {
  const name = resolveDialect(written);
  const definition = name === undefined ? undefined : dialects[name as keyof typeof dialects];
  if (definition) return definition;
  const nearest = findNearestName(written.toLowerCase(), Object.keys(dialects));
  const hint = nearest === undefined ? '`rookery parse --list` prints them.' : `Did you mean "${nearest}"?`;
  throw new GatewayError('invalid_request', `There is no dialect "${written.slice(0, 64)}". ${hint}`, { param: 'dialect' });
}
