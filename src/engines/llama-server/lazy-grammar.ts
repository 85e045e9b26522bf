import { escapeText } from '../../grammars/notation/escape-code-point.ts';
import type { EngineGrammar } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { nameSpecialTokens } from '../embedded/special-rules.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Whether the server itself can begin a grammar at this text: where one token is all of it. */
export function isTokenTrigger(trigger: string, { controls, markers }: Vocabulary): boolean {
  return controls.find(trigger) !== undefined || markers.has(trigger);
}

/**
 * A grammar's fields. One that waits for a token holds from that token on. It must not wait for other texts there: where the token that ends such a text holds
 * more than the grammar allows, llama-server answers 500 in the middle, and the rest of the answer is lost. Seen with b11434.
 */
export function writeGrammar({ text, trigger }: EngineGrammar, vocabulary: Vocabulary): JsonObject {
  const grammar = nameSpecialTokens(text, vocabulary.controls);
  if (trigger === undefined) return { grammar };
  return { grammar: putBefore(trigger, grammar), grammar_lazy: true, grammar_triggers: [{ type: wordTrigger, value: trigger }] };
}

/** `COMMON_GRAMMAR_TRIGGER_TYPE_WORD`, which a word of one token makes one of the token. Source: llama.cpp, common.h. */
const wordTrigger = 1;
const root = 'root ::= ';

/** Our grammars have their root in the first line, and nothing leads back to it. The trigger is read as text, whatever token it is. */
function putBefore(trigger: string, grammar: string): string {
  if (!grammar.startsWith(root)) throw new GatewayError('internal_error', 'The first rule of a grammar is not its root.');
  const end = grammar.indexOf('\n');
  const line = end < 0 ? grammar : grammar.slice(0, end);
  return `${root}"${escapeText(trigger, '"\\')}" (${line.slice(root.length)})${grammar.slice(line.length)}`;
}
