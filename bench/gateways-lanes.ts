import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { mainPath } from '../test/program.ts';
import type { LoadTarget } from './gateways-load.ts';
import { nodeFlags } from './node-flags.ts';
import { childrenOf } from './process-tree.ts';
import { startSide } from './side-process.ts';

/** A gateway, or what gateways are compared with, before the same engine. */
export interface Lane {
  readonly name: string;
  /** what it does beside passing bytes on; '' for nothing */
  readonly does: string;
  /** where it cannot be installed or started its row says so; without the others there is no report */
  readonly isOptional: boolean;
  start(engineUrl: string): Promise<Started>;
}

/** A lane that can be asked. */
export interface OpenLane extends LoadTarget {
  readonly name: string;
  readonly does: string;
  readonly version: string;
  readonly command: string;
  /** its outermost processes */
  readonly roots: readonly number[];
  stop(): Promise<unknown>;
}

interface Started {
  readonly url: string;
  readonly version: string;
  /** as a person would write it */
  readonly command: string;
  readonly headers?: Readonly<Record<string, string>>;
  stop(): Promise<unknown>;
}

/** LiteLLM asks for the first three letters. */
const key = 'sk-a-key-for-the-benchmark-only';
/** beyond what is ever asked at once: nothing is to wait in our queue only */
const slots = 4096;

/** The lane that the others are measured by. */
export const bareName = 'bare';

/** All lanes, in the order of the table. */
export const lanes: readonly Lane[] = [
  { name: bareName, does: 'nothing: `node:http` and undici, bytes go through unread', isOptional: false, start: startBare },
  { name: 'Rookery', does: 'key, metrics, log, reads every answer and its calls', isOptional: false, start: startRookery },
  scriptLane('nginx', 'nginx', 'key, log'),
  scriptLane('vllm-router', 'vllm-router', 'metrics'),
  scriptLane('smg', 'smg', 'key, metrics, log'),
  { name: 'LiteLLM', does: 'key, log, reads every answer', isOptional: true, start: startLiteLlm },
  scriptLane('Portkey', 'portkey', 'reads every whole answer'),
];

/** Starts a lane on the first core, where there are two; everything it starts stays there. The caller goes back to the second. */
export async function openLane({ name, does, start }: Lane, engineUrl: string): Promise<OpenLane> {
  const before = new Set(childrenOf(process.pid));
  pinTo(0);
  try {
    const started = await start(engineUrl);
    const roots = childrenOf(process.pid).filter((pid) => !before.has(pid));
    const headers = { authorization: `Bearer ${key}`, ...started.headers };
    return { ...started, name, does, headers, roots };
  } finally {
    pinTo(1);
  }
}

/** Keeps this process, and what it starts from now on, on a core. */
function pinTo(core: 0 | 1): void {
  if (availableParallelism() > 1 || core === 0) spawnSync('taskset', ['-a', '-c', '-p', String(core), String(process.pid)]);
}

async function startBare(engineUrl: string): Promise<Started> {
  const side = await startSide({ program: 'relay-process', input: { engine: engineUrl }, core: 0 });
  return { url: side.url, version: `Node ${process.versions.node}`, command: 'node build/bench/relay-process.js', stop: side.stop };
}

async function startRookery(engineUrl: string): Promise<Started> {
  const { findFreePort } = await importScript<{ findFreePort(): Promise<number> }>('engines/start-server.mjs');
  const { startLoggedServer } = await importScript<{
    startLoggedServer(options: object): Promise<{ url: string; stop(): Promise<unknown> }>;
  }>('gateways/logged-server.mjs');
  const port = await findFreePort();
  const flags = (url: string) => [
    'serve',
    '--upstream',
    `openai=${url}/v1,slots=${slots}`,
    '--key',
    'env:ROOKERY_BENCH_KEY',
    '--log',
    'json',
  ];
  const server = await startLoggedServer({
    name: 'Rookery',
    command: process.execPath,
    args: [...nodeFlags, mainPath, ...flags(engineUrl), '--port', String(port)],
    env: { ROOKERY_BENCH_KEY: key },
    url: `http://127.0.0.1:${port}`,
    healthPath: '/health/ready',
    readyWithinMs: 60_000,
  });
  const command = `node ${[...nodeFlags, 'dist/cli/main.js', ...flags('<engine>')].join(' ')} 2>log`;
  return { url: server.url, version: `this tree, Node ${process.versions.node}`, command, stop: server.stop };
}

async function startLiteLlm(engineUrl: string): Promise<Started> {
  const { start } = await importScript<{ start(options: object): Promise<Omit<Started, 'command'>> }>('gateways/litellm.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-litellm-'));
  const configPath = join(folder, 'config.yaml');
  const model = { model_name: 'fake-model', litellm_params: { model: 'openai/fake-model', api_base: `${engineUrl}/v1`, api_key: 'none' } };
  // JSON is YAML
  writeFileSync(configPath, JSON.stringify({ model_list: [model], general_settings: { master_key: key } }));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  try {
    const { url, version, stop } = await start({ configPath, log: tell });
    const command = 'litellm --config config.yaml --telemetry False (one model, a master key, one worker)';
    return { url, version, command, stop: () => stop().finally(removeFolder) };
  } catch (error) {
    removeFolder();
    throw error;
  }
}

function scriptLane(name: string, script: string, does: string): Lane {
  const start = async (engineUrl: string) => {
    const module = await importScript<{ start(options: object): Promise<Started> }>(`gateways/${script}.mjs`);
    return module.start({ upstreamUrl: engineUrl, key, log: tell });
  };
  return { name, does, isOptional: true, start };
}

function tell(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

/** Scripts are run as they stand in the repository; this file runs from `build/bench`. */
async function importScript<Module>(path: string): Promise<Module> {
  return (await import(new URL(`../../scripts/${path}`, import.meta.url).href)) as Module;
}
