import type { TokenizeFlags } from '../tokenize/tokenize.ts';
import { defineCommand } from './command.ts';

/** `rookery tokenize`: what a model sees of a text. */
export default defineCommand({
  summary: "show a text's tokens as a model sees them, or the text of token ids",
  examples: [
    { line: 'rookery tokenize qwen3-4b "Hello, world"', what: 'ids and pieces, with an installed model' },
    { line: 'rookery tokenize Qwen/Qwen3-4B --count < prompt.txt', what: 'how many tokens, with a tokenizer of the hub cache' },
    { line: 'rookery tokenize ./model.gguf --ids "<|im_start|>user"', what: 'ids alone; special tokens are read as such' },
    { line: 'rookery tokenize ./model.gguf --plain "<|im_start|>user"', what: 'the same as a user would write it: plain text' },
    { line: 'rookery tokenize ./tokenizer.json --decode "9707 11 1879"', what: 'the text of ids' },
    { line: 'rookery tokenize --server http://127.0.0.1:8080 "Hello"', what: 'as a running llama-server cuts it; vLLM and Rookery too' },
    { line: 'rookery tokenize --server vllm=http://gpu:8000 --against qwen3-4b "Hello"', what: 'the first token where the two differ' },
  ],
  configure: (command) => {
    command
      .argument(
        '[model]',
        'an installed model, a GGUF file, a tokenizer.json, a folder with one of them, or owner/name in the hub cache; left out with --server',
      )
      .argument('[text]', 'the text; without it, or with -, standard input is read')
      .option('--ids', 'print the ids alone, on one line')
      .option('--count', 'print the number of tokens alone')
      .option('--json', 'print JSON')
      .option('--decode', 'the other way: the text is ids, between spaces or commas, or a JSON list')
      .option('--plain', 'take spellings of special tokens as plain text')
      .option('--add-special', 'add what the model wants around a text of its own, such as its begin-of-text token')
      .option('--server <address>', 'ask a running llama-server, vLLM or Rookery, as [kind=]address[,key=env:NAME]')
      .option('--model <name>', 'which of the models of --server (default: its only one)')
      .option('--against <model>', 'with --server: a tokenizer at hand, named as <model> is; the exit code is 1 where the tokens differ')
      .option('--cache-dir <folder>', 'where models are kept (default: ~/.cache/rookery)')
      .action(async (model: string | undefined, text: string | undefined, flags: TokenizeFlags) => {
        const { tokenize } = await import('../tokenize/tokenize.ts');
        await tokenize(
          [model, text].filter((word) => word !== undefined),
          flags,
        );
      });
  },
});
