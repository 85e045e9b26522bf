import type { CheckFlags } from '../template/check.ts';
import { defineCommand } from './command.ts';

/** `rookery template check`: finds faults of a chat template, and differences from another. */
export default defineCommand({
  summary: 'check a chat template: its faults, what it does with tools, and whether another renders the same',
  examples: [
    { line: 'rookery template check smollm2-135m-instruct', what: 'an installed model' },
    { line: 'rookery template check ./chat_template.jinja --strict', what: 'a file; any fault fails' },
    {
      line: 'rookery template check mine.jinja --against llama-3-1',
      what: 'the first difference from one of ours, conversation by conversation',
    },
    { line: 'rookery template check --server http://127.0.0.1:8080', what: 'does llama-server render its template as we do?' },
    {
      line: 'rookery template check ./model --server vllm=http://gpu:8000,key=env:VLLM_KEY',
      what: 'the same of vLLM, which must be told its template',
    },
  ],
  configure: (command) => {
    command
      .command('check')
      .summary('render a battery of conversations; the exit code is 1 for faults or differences')
      .description(
        'Renders a battery of conversations with a chat template. The exit code is 1 where it has faults that callers would meet, or where another template, or a running server, renders differently.',
      )
      .argument(
        '[template]',
        "a template file, a GGUF file, a folder, an installed model, org/name in the hub's cache, an address, or one of ours; with --server it may be left out where the server shows its own",
      )
      .option('--against <template>', 'another template, named the same way: every prompt must be equal to the letter')
      .option(
        '--server <address>',
        'a running llama-server, vLLM, Ollama or Rookery, as [kind=]address[,key=env:NAME]: its prompts and token ids must be equal to ours',
      )
      .option('--model <name>', 'which of the models of --server (default: its only one)')
      .option('--strict', 'faults that servers mend before rendering, and known ways of a --server, fail the check too')
      .option('--json', 'print JSON')
      .option('--cache-dir <folder>', 'where models are kept (default: ~/.cache/rookery)')
      .action(async (reference: string | undefined, flags: CheckFlags) => {
        const { runCheck } = await import('../template/run-check.ts');
        await runCheck(reference, flags);
      });
  },
});
