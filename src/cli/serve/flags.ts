import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ToolPreamble } from '../../protocol/request.ts';
import { defaultHub, type FetchFlags } from '../fetching.ts';

/** The flags of `rookery serve`, parsed. Times as the user writes them: in seconds. */
export interface ServeFlags extends FetchFlags {
  readonly port: number;
  readonly host: string;
  readonly config?: string;
  readonly model?: string;
  readonly tiny?: boolean;
  readonly embedded?: boolean;
  readonly upstream: readonly string[];
  readonly slots: number;
  readonly context?: number;
  readonly threads?: number;
  readonly dialects?: string;
  readonly chatTemplate?: string;
  readonly trustRequestChatTemplate?: boolean;
  readonly toolPreamble: ToolPreamble;
  readonly constrainToolCalls: 'auto' | 'on' | 'off';
  readonly selectTools: number | 'auto' | 'off';
  readonly gpu: 'auto' | 'off';
  readonly queue: number;
  readonly queueTimeout: number;
  readonly key?: string;
  readonly keyFile?: string;
  readonly allowHost: readonly string[];
  readonly allowOrigin: readonly string[];
  readonly maxBody: number;
  readonly grace: number;
  readonly log?: 'text' | 'json' | 'off';
}

/** Adds the flags to a command. */
export function addServeFlags(command: Command): Command {
  return command
    .option('--port <number>', 'port to listen on; 0 takes a free one', integer(0, 65_535), 4000)
    .option('--host <address>', 'address to listen on; any but loopback needs a key', '127.0.0.1')
    .option(
      '--config <file>',
      'what to serve, from rookery.yaml or an unchanged LiteLLM config.yaml; reloaded when it changes and on SIGHUP',
    )
    .option('--model <reference>', 'a GGUF file, hf:owner/repo/file, or a name that `rookery models` lists')
    .option('--tiny', 'a small model for trying the plumbing (SmolLM2-135M)')
    .option('--embedded', 'the embedded engine, even if a local engine answers')
    .option(
      '--upstream <address>',
      'an engine to serve: [kind=]address[,key=env:NAME][,model=NAME][,slots=N]; kinds openai, vllm, ollama, llama-server, anthropic; may be repeated',
      collect,
      [],
    )
    .option('--slots <number>', 'answers generated at once', integer(1, 256), 4)
    .option('--context <tokens>', 'tokens of prompt and answer together (default: by model and memory)', integer(128, 2 ** 24))
    .option('--threads <number>', 'threads of the engine (default: one core is left free)', integer(1, 1024))
    .option('--dialects <file>', 'tool-call formats of your own, in YAML or JSON')
    .option('--chat-template <name>', "a template file, or one of ours by name, in place of the model's own")
    .option('--trust-request-chat-template', 'let requests bring a chat template: it is a program')
    .addOption(
      new Option('--tool-preamble <kind>', "how tools are told: as the model's template does, briefly, or not at all")
        .choices(['official', 'concise', 'none'])
        .default('official'),
    )
    .addOption(
      new Option(
        '--constrain-tool-calls <when>',
        'hold calls to the tools and their schemas while they are written (auto: for models under 7B)',
      )
        .choices(['auto', 'on', 'off'])
        .default('auto'),
    )
    .option(
      '--select-tools <number>',
      'tell the model of the likeliest tools only: so many, auto (what its family copes with) or off',
      toolSelection,
      'off',
    )
    .addOption(new Option('--gpu <use>', 'whether a GPU is used').choices(['auto', 'off']).default('auto'))
    .option('--queue <number>', 'requests that may wait for a slot', integer(0, 1_000_000), 1024)
    .option('--queue-timeout <seconds>', 'longest wait in the queue', seconds, 600)
    .option('--key <reference>', 'key that callers must send, as env:NAME')
    .option('--key-file <file>', 'file that holds the key')
    .option('--allow-host <name>', 'a name the Host header may hold; may be repeated', collect, [])
    .option('--allow-origin <origin>', 'an origin whose web pages may call; may be repeated', collectOrigin, [])
    .option('--max-body <size>', 'longest request body, such as 64mb', size, 32 * 1024 * 1024)
    .option('--cache-dir <folder>', 'where models are kept (default: ~/.cache/rookery)')
    .option('--hub <url>', 'model hub to download from', defaultHub)
    .option('--grace <seconds>', 'how long a stop waits for what is in flight', seconds, 30)
    .addOption(
      new Option('--log <format>', 'log lines on stderr (default: text on a terminal, else json)').choices(['text', 'json', 'off']),
    );
}

function integer(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be an integer from ${least} to ${most}.`);
  };
}

function toolSelection(text: string): number | 'auto' | 'off' {
  return text === 'auto' || text === 'off' ? text : integer(1, 1024)(text);
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value <= 86_400) return value;
  throw new InvalidArgumentError('It must be seconds, at most 86400.');
}

function size(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+)\s*(kb?|mb?|gb?)?$/i.exec(text.trim()) ?? [];
  const bytes = Number(amount) * 1024 ** ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase().charAt(0));
  // a body becomes one text, and the runtime's texts end at 512 MiB
  if (amount !== '' && bytes >= 1024 && bytes <= 512 * 1024 ** 2) return bytes;
  throw new InvalidArgumentError('It must be a size from 1kb to 512mb, such as 64mb.');
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function collectOrigin(text: string, before: readonly string[]): readonly string[] {
  if (/^https?:\/\/[^/]+\/?$/.test(text)) return [...before, text];
  throw new InvalidArgumentError('It must be an origin such as https://chat.example.');
}
