import type { GrammarFlags } from '../grammar/grammar.ts';
import { defineCommand } from './command.ts';

/** `rookery grammar`: what an engine is given to bind an answer. */
export default defineCommand({
  summary: 'write the grammar of a schema, a pattern or tool calls, in the notation of an engine',
  examples: [
    { line: 'rookery grammar --schema person.json', what: 'GBNF, for llama.cpp' },
    { line: "rookery grammar --regex '[a-z]+' --target ebnf", what: 'for xgrammar' },
    { line: 'rookery grammar --tools tools.json --dialect hermes', what: 'the calls that a model may write' },
    { line: 'rookery grammar --schema person.json --accepts texts.txt', what: 'which lines of a file are allowed' },
    { line: 'rookery grammar --jsonl < wishes.jsonl', what: 'one JSON line in, one out' },
  ],
  configure: (command) => {
    command
      .option('--schema <file>', 'a JSON schema')
      .option('--regex <pattern>', 'a regular expression; the whole answer must match')
      .option('--choice <texts...>', 'texts, one of which the answer is')
      .option('--grammar <file>', 'a grammar in GBNF or EBNF; it begins with `root`')
      .option('--tools <file>', "tools in OpenAI's form, or a request with them: calls of them")
      .option('--dialect <name>', 'with --tools: how calls are written (default: hermes)')
      .option('--target <name>', 'gbnf (default), ebnf, lark, regex, json-schema or structural-tag')
      .option('--accepts <file>', 'tell which lines of a file the grammar allows, instead of printing it')
      .option('--jsonl', 'read JSON lines: id, schema|regex|choice|grammar|tools, dialect, tool_choice, target')
      .action(async (flags: GrammarFlags) => {
        const { printGrammar } = await import('../grammar/grammar.ts');
        await printGrammar(flags);
      });
  },
});
