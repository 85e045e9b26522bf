import { z } from 'zod';
import { address, flag, headers, list, name, secret, section, text, time, whole, words, written } from './leaves.ts';

const contextTokens = whole(128, 2 ** 24)
  .optional()
  .describe('Tokens of prompt and answer together; default: what the engine says.');
const slots = whole(1, 65_536).optional().describe('Requests it works on at once; more wait in our queue.');

const remoteShape = {
  url: address.optional().describe("Its address; default: the engine's usual one on this machine, or the API's."),
  key: secret.optional().describe('Sent to this address only, as env:NAME or file:path.'),
  headers: headers.optional().describe('Sent with each request. Secrets as env:NAME or file:path.'),
  models: list(name, 'a list of names').optional().describe('Models to serve of it; default: all that it lists.'),
  context: contextTokens,
  slots,
  first_byte_timeout: time.optional().describe('Longest wait for the first byte of an answer; default 10m.'),
  silence_timeout: time.optional().describe('Longest silence within an answer; default 2m.'),
  verify_certificate: flag.optional().describe('Default true.'),
};

const sharedGpu = name
  .optional()
  .describe(
    'Name of a GPU. Upstreams that name the same one take turns on it: one is awake, the others sleep (vLLM with --enable-sleep-mode and VLLM_SERVER_DEV_MODE=1).',
  );

const keepAlive = z.union(
  [whole(-1, 1_000_000_000), written(/^-?\d{1,9}(ns|us|ms|s|m|h)$/, 'a time such as 5m, or seconds; -1 for ever')],
  { error: 'a time such as 5m, or seconds; -1 for ever' },
);

const embeddedShape = {
  model: text('a GGUF file, hf:owner/repo/file, or a name that `rookery models` lists')
    .optional()
    .describe('A GGUF file, hf:owner/repo/file, or a name that `rookery models` lists; default: the best for the machine.'),
  slots: whole(1, 256).optional().describe('Answers generated at once; default 4.'),
  context: whole(128, 2 ** 24)
    .optional()
    .describe('Tokens of each slot; default: by model and memory.'),
  threads: whole(1, 1024).optional().describe('Default: one core is left free.'),
  gpu: words('auto', 'off').optional().describe('Default auto.'),
  gpu_layers: whole(0, 10_000).optional().describe('Layers on the GPU; default: as many as fit.'),
  batch: whole(1, 65_536).optional().describe('Prompt tokens evaluated in one step.'),
  mmap: flag.optional().describe('The file is mapped, not read.'),
  mlock: flag.optional().describe('The model is kept in memory.'),
};

/** One engine, told apart by `kind`. */
const upstreamSchema = z.discriminatedUnion(
  'kind',
  [
    section(
      { kind: z.literal('openai'), ...remoteShape, url: address.describe('Its address, usually ending in /v1.') },
      'Any server with an OpenAI-compatible API.',
    ),
    section({ kind: z.literal('vllm'), ...remoteShape, shares_gpu: sharedGpu }, 'A vLLM server; usually http://127.0.0.1:8000.'),
    section(
      {
        kind: z.literal('ollama'),
        ...remoteShape,
        keep_alive: keepAlive.optional().describe('How long a model stays in memory after a request; default 5m.'),
      },
      'Ollama; usually http://127.0.0.1:11434.',
    ),
    section({ kind: z.literal('llama-server'), ...remoteShape }, "llama.cpp's server; usually http://127.0.0.1:8080."),
    section({ kind: z.literal('anthropic'), ...remoteShape }, "Anthropic's Messages API, or a server that speaks it."),
    section({ kind: z.literal('embedded'), ...embeddedShape }, 'llama.cpp inside of Rookery.'),
  ],
  { error: 'a map of settings with `kind`' },
);

/** All the upstreams of a file. */
export const upstreamsSchema = z
  .record(written(/^[A-Za-z0-9][\w.:#-]{0,63}$/, 'a name of letters, digits and `-`, `_`, `.`, `:`, `#`, at most 64'), upstreamSchema, {
    error: 'a map of upstreams, each under its name',
  })
  .describe('Engines, each under a name of your choice.');

/** An upstream's section that was checked. */
export type UpstreamSection = z.infer<typeof upstreamSchema>;
