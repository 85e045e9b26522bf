import { Option } from 'commander';
import type { RenderFlags } from '../render/render.ts';
import { defineCommand } from './command.ts';

/** `rookery render`: the exact prompt that a conversation becomes. */
export default defineCommand({
  summary: 'show the exact prompt that a conversation becomes, and what it costs',
  examples: [
    { line: 'rookery render smollm2-135m-instruct < request.json', what: 'a request body, with the tokens of each part' },
    { line: 'rookery render ./model.gguf --request request.json --prompt', what: 'the prompt alone' },
    { line: 'rookery render smollm2-135m-instruct --chat-template llama-3-1 < request.json', what: 'with another template' },
    { line: 'rookery render --jsonl < conversations.jsonl', what: 'one JSON line in, one out' },
  ],
  configure: (command) => {
    command
      .argument('[model]', "an installed model, a GGUF file, a folder, a template file, or org/name in the hub's cache")
      .option('--request <file>', 'the body of a chat request (default: standard input)')
      .option('--chat-template <name>', "a template file, or one of ours by name, in place of the model's own")
      .addOption(new Option('--tool-preamble <kind>', 'how tools are told').choices(['official', 'concise', 'none']))
      .option('--now <time>', 'what the template shows as the time, such as 2026-01-31T12:00:00Z')
      .option('--prompt', 'print the prompt and nothing else')
      .option('--jsonl', 'read JSON lines: id, template, messages, tools, add_generation_prompt, variables, now, normalise')
      .option('--cache-dir <folder>', 'where models are kept (default: ~/.cache/rookery)')
      .action(async (model: string | undefined, flags: RenderFlags) => {
        const { render } = await import('../render/render.ts');
        await render(model, flags);
      });
  },
});
