import type { Command } from 'commander';
import { addServeFlags, type ServeFlags } from '../serve/flags.ts';
import { defineCommand } from './command.ts';

/** `rookery serve`: the server, with a model on the embedded engine or in front of others. */
export default defineCommand({
  summary: 'serve a model over the OpenAI API',
  examples: [
    { line: 'rookery serve', what: 'the default model on http://127.0.0.1:4000' },
    { line: 'rookery serve --tiny --port 4123', what: 'a small model, to try the plumbing' },
    { line: 'rookery serve --model ./model.gguf --slots 8', what: 'your own file, eight answers at once' },
    { line: 'rookery serve --upstream http://127.0.0.1:8000/v1', what: 'in front of a server that runs already' },
    { line: 'rookery serve --config config.yaml', what: 'as a file says: rookery.yaml, or one of LiteLLM' },
    { line: 'rookery serve --host 0.0.0.0 --key env:ROOKERY_KEY', what: 'for other machines, with a key' },
  ],
  configure: (command) => {
    addServeFlags(command).action(async (flags: ServeFlags, parsed: Command) => {
      const { serve } = await import('../serve/serve.ts');
      const given = Object.keys(flags).filter((flag) => parsed.getOptionValueSource(flag) !== 'default');
      await serve(flags, given);
    });
  },
});
