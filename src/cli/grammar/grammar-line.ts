import { json, list, optional, text } from '../../api/decode/decoder.ts';
import type { Unenforced } from '../../grammars/ir.ts';
import { failLine, type LineFailure, type LineId } from '../lines/answer-lines.ts';
import { readId, readObject } from '../parse/read-line.ts';
import { readToolChoice, readTools } from '../parse/read-tools.ts';
import { readWish, writeIn } from './write-grammar.ts';

/** What a line is answered with. */
export type GrammarAnswer = { readonly id: LineId; readonly grammar: string; readonly unenforced: readonly Unenforced[] } | LineFailure;

/** Writes the grammar that a line asks for. Never throws: a bad line is answered with its error. */
export function answerGrammarLine(line: string): GrammarAnswer {
  let id: LineId = null;
  try {
    const fields = readObject(line);
    id = readId(fields);
    const wish = {
      schema: optional(fields, 'schema', json(10_000)),
      regex: optional(fields, 'regex', text()),
      choice: optional(fields, 'choice', list(text())),
      grammar: optional(fields, 'grammar', text()),
      tools: optional(fields, 'tools', readTools),
      dialect: optional(fields, 'dialect', text(1)),
      toolChoice: optional(fields, 'tool_choice', readToolChoice),
    };
    return { id, ...writeIn(optional(fields, 'target', text(1)) ?? 'gbnf', readWish(wish)) };
  } catch (error) {
    return failLine(id, error);
  }
}
