import type { ModelsFlags } from '../models/list.ts';
import { defineCommand } from './command.ts';

/** `rookery models`: what lies in the cache, and what can be fetched by name. */
export default defineCommand({
  summary: 'list models: installed and known',
  examples: [
    { line: 'rookery models', what: 'a table with sizes and what each is good for' },
    { line: 'rookery models --json', what: 'the same for programs' },
  ],
  configure: (command) => {
    command
      .option('--cache-dir <folder>', 'where models are kept (default: ~/.cache/rookery)')
      .option('--json', 'print JSON')
      .action(async (flags: ModelsFlags) => {
        const { printModels } = await import('../models/list.ts');
        await printModels(flags);
      });
  },
});
