import { createLog, createServer } from 'rookery/server';
import { dialects } from '#dist/dialects/index.js';
import { openNode } from '#dist/gateway/open-node.js';
import { openLineWriter } from '#dist/server/line-writer.js';
import { reportSide } from './side-process.ts';

/** What the gateway under test is started with. */
export interface GatewayInput {
  /** address of the fake engine, without a path; only loopback */
  readonly engine: string;
  /** the key that callers must send */
  readonly key: string;
  /** how the fake engine is spoken to; default `openai` */
  readonly kind?: 'openai' | 'vllm' | 'ollama' | 'llama-server' | 'anthropic';
  /** the tool-call format of its model, where we read it */
  readonly dialect?: string;
}

// Our server with the openai engine and without the embedded one, set up as `rookery serve` sets it up: key, limits, one log line a request.
const input = JSON.parse(process.argv[2] ?? '{}') as GatewayInput;
const log = createLog({ format: 'json', write: openLineWriter(process.stderr), now: Date.now, secrets: [input.key] });
const { kind = 'openai', dialect } = input;
const options = { baseUrl: kind === 'openai' ? `${input.engine}/v1` : input.engine, models: ['fake-model'], slots: 8192 };
const formats = dialect === undefined ? {} : { formats: { dialects, models: [{ pattern: '*', dialect }] } };
const node = openNode({
  upstreams: [{ name: 'fake', engine: kind, options }],
  ...formats,
  constrainToolCalls: false,
  queueLimit: 1024,
  queueTimeoutMs: 60_000,
  log,
});
await node.ready(new AbortController().signal);
const server = await createServer({ node, port: 0, key: input.key, log });
reportSide(server.url);
