import { PrefixIndex } from '../policies/prefix/prefix-index.ts';
import type { Engine, EngineCapabilities, EngineModel, EngineRead, EngineRequest } from '../protocol/engine.ts';
import { type ErrorCode, type ErrorDetails, GatewayError } from '../protocol/error.ts';
import type { GenerateEvent } from '../protocol/event.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { Node, Redecoding, Turn } from './node.ts';
import type { NodeOptions } from './open-node.ts';
import { defaultRules } from './routes/default-routing.ts';
import type { RouteContext } from './routes/route.ts';
import type { RouteOptions, RoutingRules, TargetOptions } from './routes/route-options.ts';
import { Upstream } from './upstream.ts';

const capabilities: EngineCapabilities = {
  ...{ prompts: ['messages'], constraints: ['json-schema'], topLogprobsMax: 20, hasStopTokenIds: false, hasEmbeddings: true },
  ...{ hasTools: true, hasToolChoice: true, showsTools: false, hasImages: true, hasTokenizer: true, slots: 4 },
  ...{ tellsSpecialTokens: false, takesUnknownFields: true },
};

/** What an engine does with a request. */
export type Answering = (request: EngineRequest, signal: AbortSignal) => AsyncIterable<EngineRead>;

/** An engine without a network, that does as it is told. */
export interface PuppetEngine extends Engine {
  /** what was asked for, in order */
  readonly asked: EngineRequest[];
  /** what it does from now on */
  answer: Answering;
  /** the models that it tells; a failure where it is not there */
  told: readonly string[] | GatewayError;
  readonly isClosed: boolean;
}

/** Opens an engine that answers with its own name unless told otherwise. */
export function openPuppet(name: string, models: readonly string[] = ['m'], more: Partial<EngineCapabilities> = {}): PuppetEngine {
  const puppet = {
    capabilities: { ...capabilities, ...more },
    asked: [] as EngineRequest[],
    answer: says(name),
    told: models as PuppetEngine['told'],
    isClosed: false,
    state: () => ({ status: puppet.told instanceof GatewayError ? ('down' as const) : ('ready' as const) }),
    models: async () => (await puppet.probe()).map(modelOf),
    probe: async () => {
      if (puppet.told instanceof GatewayError) throw puppet.told;
      return puppet.told;
    },
    stream: (request: EngineRequest, signal: AbortSignal) => {
      puppet.asked.push(request);
      return puppet.answer(request, signal);
    },
    embed: async () => ({ vectors: [[1]], promptTokens: 3 }),
    tokenize: async () => [1, 2],
    detokenize: async () => 'text',
    close: async () => {
      puppet.isClosed = true;
    },
  };
  return puppet;
}

function modelOf(id: string): EngineModel {
  return { id, aliases: [`${id}-alias`], contextTokens: 4096, specialTokens: { addsBos: false, control: [] } };
}

/** It answers with this text, in one read or in several. */
export function says(...pieces: readonly string[]): Answering {
  return async function* () {
    for (const [at, text] of pieces.entries()) {
      const isLast = at === pieces.length - 1;
      yield { deltas: [{ text }], ...(isLast ? { end: { reason: 'stop', usage: usageOf(3, 2) } } : {}) };
    }
  };
}

const usageOf = (promptTokens: number, completionTokens: number) => ({
  promptTokens,
  completionTokens,
  cachedTokens: 0,
  reasoningTokens: 0,
});

/** It fails so, after these pieces of text. */
export function fails(code: ErrorCode, details: ErrorDetails = {}, ...pieces: readonly string[]): Answering {
  return async function* () {
    for (const text of pieces) yield { deltas: [{ text }] };
    throw new GatewayError(code, `It fails with ${code}.`, details);
  };
}

/** It writes these pieces, then nothing until it is left. */
export function hangs(...pieces: readonly string[]): Answering {
  return async function* (_, signal) {
    for (const text of pieces) yield { deltas: [{ text }] };
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    yield { deltas: [], end: { reason: 'abort', usage: usageOf(0, 0) } };
  };
}

/** It does the first of these with the first request, the last one with all that follow. */
export function inTurn(...answers: readonly [Answering, ...Answering[]]): Answering {
  let next = 0;
  return (request, signal) => (answers[Math.min(next++, answers.length - 1)] ?? answers[0])(request, signal);
}

/** Rules under which nothing is waited for. */
export const testRules: RoutingRules = { ...defaultRules, cooldownMs: 60_000, longestCooldownMs: 60_000 };

const nothing = { tags: [], defaults: {}, drops: { dropsUnsupported: false, paths: [] } };

/** A place of the model `m`. */
export function targetOf(upstream: string, more: Partial<TargetOptions> = {}): TargetOptions {
  return { ...nothing, upstream, model: 'm', weight: 1, order: 0, limits: {}, timeouts: {}, rules: {}, ...more };
}

/** A model on these upstreams. */
export function routeOf(name: string, targets: readonly (string | TargetOptions)[], more: Partial<RouteOptions> = {}): RouteOptions {
  const places = targets.map((target) => (typeof target === 'string' ? targetOf(target) : target));
  return { ...nothing, name, aliases: [], targets: places, rules: testRules, facts: {}, ...more };
}

/** A node's options: these engines, and what is said besides. */
export function optionsOf(puppets: Readonly<Record<string, Engine>>, more: Partial<NodeOptions> = {}): NodeOptions {
  const upstreams = Object.entries(puppets).map(([name, engine]) => ({ name, engine }));
  return { upstreams, queueLimit: 8, queueTimeoutMs: 60_000, log: () => undefined, ...more };
}

/** Upstreams that have told their models. Each has the kind `custom`. */
export async function openUpstreams(...puppets: readonly (readonly [name: string, engine: Engine])[]): Promise<Map<string, Upstream>> {
  const settings = { queueLimit: 8, queueTimeoutMs: 60_000, log: () => undefined };
  const upstreams = puppets.map(
    ([name, engine]) => new Upstream({ name, kind: 'custom', address: undefined, engine, gpu: undefined }, settings),
  );
  await Promise.all(upstreams.map(({ learned }) => learned));
  return new Map(upstreams.map((upstream) => [upstream.name, upstream]));
}

/** What routes share, on a clock that a test may turn. */
export function makeContext(more: Partial<RouteContext> = {}): RouteContext & { clockMs: number } {
  const context = {
    clockMs: 1_000_000,
    nowMs: () => context.clockMs,
    prefixes: new PrefixIndex(7),
    settings: {},
    tagFiltering: 'off' as const,
  };
  return Object.assign(context, more);
}

/** A request that says hello. */
export function hello(more: Partial<GenerateRequest> = {}): GenerateRequest {
  const drawing = { sampling: {}, stop: [], stopTokenIds: [], ignoreEos: false, isStreamed: true, n: 1 };
  return {
    id: 'r',
    model: 'm',
    input: { type: 'chat', messages: [{ role: 'user', content: 'Hello' }] },
    ...drawing,
    unknownFields: {},
    agent: {},
    ...more,
  };
}

/** All that a request came to. */
export interface Told {
  readonly text: string;
  /** of the error, thrown or in the stream */
  readonly code: ErrorCode | undefined;
  readonly error: GatewayError | undefined;
  readonly wasThrown: boolean;
  readonly turn: Turn;
}

interface Asking {
  readonly signal?: AbortSignal;
  readonly redecoding?: Redecoding;
}

const never = new AbortController().signal;

/** Asks a node and reads to the end. Throws what `generate` throws. */
export async function ask(node: Node, request: GenerateRequest, { signal = never, redecoding }: Asking = {}): Promise<Told> {
  const turn = node.generate(request, signal, redecoding);
  const events: GenerateEvent[] = [];
  let thrown: GatewayError | undefined;
  try {
    if (!request.isStreamed) for (const batch of await turn.whole()) events.push(...batch.events);
    else for await (const batch of turn.batches) events.push(...batch.events);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    thrown = error;
  }
  const error = thrown ?? events.find((event) => event.type === 'error')?.error;
  const text = events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
  return { text, code: error?.code, error, wasThrown: thrown !== undefined, turn };
}
