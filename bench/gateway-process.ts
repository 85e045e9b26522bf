import { createLog, createServer } from 'rookery/server';
import { openNode } from '#dist/gateway/open-node.js';
import { reportSide } from './side-process.ts';

/** What the gateway under test is started with. */
export interface GatewayInput {
  /** address of the fake engine, without a path; only loopback */
  readonly engine: string;
  /** the key that callers must send */
  readonly key: string;
}

// Our server with the openai engine and without the embedded one, set up as `rookery serve` sets it up: key, limits, one log line a request.
const input = JSON.parse(process.argv[2] ?? '{}') as GatewayInput;
const log = createLog({ format: 'json', write: (line) => process.stderr.write(line), now: Date.now, secrets: [input.key] });
const options = { baseUrl: `${input.engine}/v1`, models: ['fake-model'], slots: 8192 };
const node = openNode({ upstreams: [{ name: 'fake', engine: 'openai', options }], queueLimit: 1024, queueTimeoutMs: 60_000, log });
const server = await createServer({ node, port: 0, key: input.key, log });
reportSide(server.url);
