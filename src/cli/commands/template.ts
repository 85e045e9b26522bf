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
  ],
  configure: (command) => {
    command
      .command('check')
      .summary('render a battery of conversations; the exit code is 1 for faults or differences')
      .description(
        'Renders a battery of conversations with a chat template. The exit code is 1 where it has faults that callers would meet, or where another template renders differently.',
      )
      .argument(
        '<template>',
        "a template file, a GGUF file, a folder, an installed model, org/name in the hub's cache, an address, or one of ours",
      )
      .option('--against <template>', 'another template, named the same way: every prompt must be equal to the letter')
      .option('--strict', 'faults that servers mend before rendering fail the check too')
      .option('--json', 'print JSON')
      .option('--cache-dir <folder>', 'where models are kept (default: ~/.cache/rookery)')
      .action(async (reference: string, flags: CheckFlags) => {
        const { runCheck } = await import('../template/run-check.ts');
        await runCheck(reference, flags);
      });
  },
});
