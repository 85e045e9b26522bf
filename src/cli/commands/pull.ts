import { defaultHub, type FetchFlags } from '../fetching.ts';
import { defineCommand } from './command.ts';

/** `rookery pull`: fetches models into the cache. */
export default defineCommand({
  summary: 'fetch models into the cache folder',
  examples: [
    { line: 'rookery pull smollm2-135m-instruct', what: 'a model of the list that `rookery models` prints' },
    { line: 'rookery pull hf:Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf', what: 'a file of the model hub' },
    { line: 'rookery pull --ollama qwen3:1.7b', what: 'a model of the Ollama on this machine' },
    { line: 'HF_TOKEN=… rookery pull hf:owner/private/model.gguf', what: 'a private or gated file' },
  ],
  configure: (command) => {
    command
      .argument('<name...>', 'names that `rookery models` lists, or hf:owner/repo/file.gguf')
      .option('--ollama [address]', 'have Ollama fetch them from its own registry (default: http://127.0.0.1:11434)')
      .option('--cache-dir <folder>', 'where models are kept (default: ~/.cache/rookery)')
      .option('--hub <url>', 'model hub to download from', defaultHub)
      .action(async (names: readonly string[], flags: FetchFlags & { readonly ollama?: string | true }) => {
        if (flags.ollama !== undefined) {
          const { pullWithOllama } = await import('../models/pull-with-ollama.ts');
          return pullWithOllama(names, flags.ollama === true ? undefined : flags.ollama);
        }
        const { pull } = await import('../models/pull.ts');
        await pull(names, flags);
      });
  },
});
