import { type FakeEngine, type FakeReply, type FakeRequest, startFakeEngine } from 'rookery/testing';
import { type OpenNode, openNode } from '#dist/gateway/open-node.js';
import { defaultRules } from '#dist/gateway/routes/default-routing.js';
import type { RouteOptions, RoutingRules, TargetOptions } from '#dist/gateway/routes/route-options.js';
import type { UpstreamOptions } from '#dist/gateway/upstream-set.js';
import { addressOf, type FaceCase, type Patience } from '../fault-scene.ts';

/** The model that a fleet serves. */
export const fleetModel = 'rook';

/** What a fleet is made of. */
export interface FleetOptions {
  /** one engine each */
  readonly faces: readonly FaceCase[];
  readonly rules?: Partial<RoutingRules>;
  readonly patience?: Patience;
  readonly answer: (request: FakeRequest, face: FaceCase) => FakeReply;
}

/** Fake engines and a node before them that serves one model of all. */
export interface Fleet {
  readonly engines: readonly FakeEngine[];
  readonly node: OpenNode;
  /** every event that the node has logged */
  readonly logged: readonly string[];
  close(): Promise<void>;
}

/** Rests and pauses that a test can wait for. */
export const quickRules: RoutingRules = { ...defaultRules, cooldownMs: 100, longestCooldownMs: 400 };

/** A model's place on an upstream, with nothing said of it. */
export function plainTarget(upstream: string, model: string): TargetOptions {
  const plain = { weight: 1, order: 0, tags: [], limits: {}, timeouts: {}, defaults: {}, rules: {} };
  return { upstream, model, ...plain, drops: { dropsUnsupported: false, paths: [] } };
}

/** A model with nothing said of it. */
export function plainRoute(name: string, targets: readonly TargetOptions[], rules: RoutingRules): RouteOptions {
  const plain = { aliases: [], defaults: {}, tags: [], facts: {} };
  return { name, targets, rules, ...plain, drops: { dropsUnsupported: false, paths: [] } };
}

/** Starts the engines and waits until the node knows all of them. */
export async function openFleet({ faces, rules, patience = {}, answer }: FleetOptions): Promise<Fleet> {
  const logged: string[] = [];
  const engines = await Promise.all(
    faces.map((face) => startFakeEngine({ face: face.kind, ...face.options, replies: (request) => answer(request, face) })),
  );
  const upstreams = faces.map((face, at) => {
    const options = { baseUrl: addressOf(face, engines[at] as FakeEngine), slots: 32, ...patience };
    return { name: `${at}-${face.kind}`, engine: face.kind, options } as UpstreamOptions;
  });
  const targets = upstreams.map(({ name }) => plainTarget(name, 'fake-model'));
  const node = openNode({
    upstreams,
    models: [plainRoute(fleetModel, targets, { ...quickRules, ...rules })],
    queueLimit: 1024,
    queueTimeoutMs: 60_000,
    probes: { intervalMs: 50, timeoutMs: 2_000 },
    log: (_, event) => logged.push(event),
  });
  await node.ready(AbortSignal.timeout(20_000));
  const close = async (): Promise<void> => {
    await node.close(0);
    await Promise.all(engines.map((engine) => engine.until(({ connections }) => connections === 0)));
    await Promise.all(engines.map((engine) => engine.close()));
  };
  return { engines, node, logged, close };
}

/** The names of resources that hold a process open and that gateways leak. */
export function heldResources(): readonly string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => ['Timeout', 'TCPSocketWrap', 'TCPServerWrap'].includes(name))
    .sort();
}
