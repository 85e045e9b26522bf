import { defineCommand } from './command.ts';

/** `rookery config`: checks, shows and begins configuration files. */
export default defineCommand({
  summary: 'check, print or begin a configuration file',
  examples: [
    { line: 'rookery config check rookery.yaml', what: 'everything that is wrong, with line and column' },
    { line: 'rookery config print config.yaml', what: 'what a file amounts to; a LiteLLM file in our form' },
    { line: 'rookery config schema > rookery.schema.json', what: 'the JSON schema, for editors' },
    { line: 'rookery config init', what: 'a rookery.yaml to begin with' },
    { line: 'VLLM_MODELS=Qwen/Qwen2.5-7B-Instruct rookery config init --from-env', what: 'one for the models that variables name' },
  ],
  configure: (command) => {
    command
      .command('check')
      .summary('say all that is wrong with a file; the exit code tells')
      .description('Reads a configuration with all that it names, as `serve` would, and says all that is wrong with it. Opens no engine.')
      .argument('[file]', "a rookery.yaml, LiteLLM's config.yaml, or a backend's file", 'rookery.yaml')
      .option('--json', 'print JSON')
      .action(async (file: string, flags: { readonly json?: boolean }) => {
        const { runCheck } = await import('../config/run-config.ts');
        await runCheck(file, flags);
      });
    command
      .command('print')
      .summary('print a configuration in our form, with what other files and forms add')
      .description('Prints the rookery.yaml that says the same: included files joined, a LiteLLM file translated, secrets as env:NAME.')
      .argument('[file]', "a rookery.yaml, LiteLLM's config.yaml, or a backend's file", 'rookery.yaml')
      .action(async (file: string) => {
        const { runPrint } = await import('../config/run-config.ts');
        await runPrint(file);
      });
    command
      .command('schema')
      .summary('print the JSON schema of rookery.yaml')
      .action(async () => {
        const { printSchema } = await import('../config/run-config.ts');
        await printSchema();
      });
    command
      .command('init')
      .summary('write a file to begin with')
      .argument('[file]', 'the file to write', 'rookery.yaml')
      .option('--from-env', 'for the models of VLLM_MODELS, OLLAMA_MODELS and OPENAI_MODELS (and LLM_BACKEND, HUGGINGFACE_TOKEN)')
      .option('--force', 'replace a file that is there')
      .action(async (file: string, flags: { readonly fromEnv?: boolean; readonly force?: boolean }) => {
        const { runInit } = await import('../config/run-config.ts');
        await runInit(file, flags);
      });
  },
});
