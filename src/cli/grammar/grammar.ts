import { accepts } from '../../grammars/match.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonValue } from '../../protocol/json.ts';
import { answerLines } from '../lines/answer-lines.ts';
import { readFileText } from '../lines/read-input.ts';
import { createStyle, hasColours } from '../output.ts';
import { readTools } from '../parse/read-tools.ts';
import { showText } from '../parse/show-text.ts';
import { answerGrammarLine } from './grammar-line.ts';
import { readWish, type WishedGrammar, writeIn } from './write-grammar.ts';

/** Flags of `rookery grammar`. */
export interface GrammarFlags {
  readonly schema?: string;
  readonly regex?: string;
  readonly choice?: readonly string[];
  readonly grammar?: string;
  readonly tools?: string;
  readonly dialect?: string;
  readonly target?: string;
  readonly accepts?: string;
  readonly jsonl?: boolean;
}

/** Runs `rookery grammar` with this process's streams. Throws `bad_usage` and `invalid_request`. */
export async function printGrammar(flags: GrammarFlags): Promise<void> {
  const { stdin, stdout, stderr, env } = process;
  if (flags.jsonl === true) {
    if (Object.keys(flags).length > 1)
      throw new GatewayError('bad_usage', 'Other flags do not go with --jsonl: each line says everything itself.');
    await answerLines(stdin, stdout, answerGrammarLine);
    return;
  }
  const wished = readWish({
    schema: flags.schema === undefined ? undefined : await readJson(flags.schema, '--schema'),
    regex: flags.regex,
    choice: flags.choice,
    grammar: flags.grammar === undefined ? undefined : await readFileText(flags.grammar, '--grammar'),
    tools: flags.tools === undefined ? undefined : readTools(toolsIn(await readJson(flags.tools, '--tools')), 'tools'),
    dialect: flags.dialect,
  });
  if (flags.accepts !== undefined) {
    stdout.write(testTexts(wished, await readFileText(flags.accepts, '--accepts')));
    return;
  }
  const { grammar, unenforced } = writeIn(flags.target ?? 'gbnf', wished);
  const style = createStyle(hasColours(stderr, env));
  stdout.write(`${grammar.trimEnd()}\n`);
  for (const { path, keyword, reason } of unenforced)
    stderr.write(`${style.odd('not held:')} ${keyword} at ${path || 'the top'}: ${reason}\n`);
}

/** One line for each text of the file, a line each: whether the grammar allows it. */
function testTexts({ grammar }: WishedGrammar, written: string): string {
  const texts = written.replace(/\r?\n$/, '').split(/\r?\n/);
  return texts.map((each) => `${accepts(grammar, each) ? 'yes' : 'no '}  ${showText(each)}\n`).join('');
}

async function readJson(path: string, flag: string): Promise<JsonValue> {
  try {
    return JSON.parse(await readFileText(path, flag)) as JsonValue;
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new GatewayError('bad_usage', `${path} is not JSON: ${cause.message}.`, { cause });
    throw cause;
  }
}

/** A list of tools, or the `tools` of a request's body. */
function toolsIn(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { tools } = value as { readonly tools?: JsonValue };
  return tools ?? value;
}
