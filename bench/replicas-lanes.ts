import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mainPath } from '../test/program.ts';
import type { Asked } from './replicas-agents.ts';
import { tinyModelPath } from './tiny-model.ts';

/** A router in front of the replicas. */
export interface OpenLane extends Asked {
  readonly name: string;
  readonly policy: string;
  stop(): Promise<unknown>;
}

/** One vLLM. */
export interface Replica {
  readonly url: string;
  readonly model: string;
  readonly version: string;
  stop(): Promise<unknown>;
}

interface Server {
  readonly url: string;
  readonly version: string;
  stop(): Promise<unknown>;
}

const slots = 16;

/** Ends what was started, each for itself: what has not started yet needs no end. */
export type Closings = (() => Promise<unknown>)[];

/** Starts two vLLM servers that share the machine evenly. */
export async function startReplicas(closings: Closings): Promise<readonly Replica[]> {
  const { start } = await importScript<{ start(options: object): Promise<Replica> }>('engines/vllm.mjs');
  const options = { modelPath: tinyModelPath(), slots, threads: 1, log: tell };
  const replicas: Replica[] = [];
  // one after the other: the first makes the weights that both load
  while (replicas.length < 2) {
    const replica = await start(options);
    closings.push(() => replica.stop());
    replicas.push(replica);
  }
  return replicas;
}

/** Starts the routers that are compared, each with its policy for shared prompts and one that knows nothing of prompts. */
export async function openLanes(replicas: readonly Replica[], closings: Closings): Promise<readonly OpenLane[]> {
  const open = [
    () => openTheirs('cache_aware', replicas),
    () => openOurs('prefix-affinity', replicas),
    () => openTheirs('round_robin', replicas),
    () => openOurs('round-robin', replicas),
  ];
  const lanes: OpenLane[] = [];
  for (const each of open) {
    const lane = await each();
    closings.push(() => lane.stop());
    lanes.push(lane);
  }
  return lanes;
}

async function openTheirs(policy: string, replicas: readonly Replica[]): Promise<OpenLane> {
  const { start } = await importScript<{ start(options: object): Promise<Server> }>('gateways/vllm-router.mjs');
  const { url, version, stop } = await start({ upstreamUrls: replicas.map((replica) => replica.url), policy, log: tell });
  return { name: version, policy, url, model: replicas[0]?.model ?? '', stop };
}

async function openOurs(policy: string, replicas: readonly Replica[]): Promise<OpenLane> {
  const { findFreePort, startServer } = await importScript<{
    findFreePort(): Promise<number>;
    startServer(options: object): Promise<Server>;
  }>('engines/start-server.mjs');
  const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-replicas-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const port = await findFreePort();
  const model = replicas[0]?.model ?? '';
  const upstreams = Object.fromEntries(replicas.map(({ url }, at) => [`vllm-${at}`, { kind: 'vllm', url, slots }]));
  const models = { [model]: { targets: Object.keys(upstreams) } };
  // JSON is YAML
  writeFileSync(join(folder, 'rookery.yaml'), JSON.stringify({ server: { port }, upstreams, models, routing: { policy } }));
  const server = await startServer({
    name: `Rookery, ${policy}`,
    command: process.execPath,
    args: [mainPath, 'serve', '--config', join(folder, 'rookery.yaml'), '--log', 'json'],
    url: `http://127.0.0.1:${port}`,
    healthPath: '/health/ready',
  });
  const stop = () => server.stop().finally(removeFolder);
  return { name: 'Rookery', policy, url: server.url, model, stop };
}

function tell(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

/** Scripts are run as they stand in the repository; this file runs from `build/bench`. */
async function importScript<Module>(path: string): Promise<Module> {
  return (await import(new URL(`../../scripts/${path}`, import.meta.url).href)) as Module;
}
