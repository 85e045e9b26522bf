import { type FakeEngine, type FakeRequest, startFakeEngine } from 'rookery/testing';
import type { JsonValue } from '#dist/protocol/json.js';
import type { SentRequest } from './observation.ts';
import type { Scene } from './scene.ts';

/** Requests that generate something; gateways also ask for lists, health and token counts, each in its own way. */
const generating =
  /^(\/v1)?(\/chat\/completions|\/completions|\/embeddings|\/messages|\/responses|\/rerank)$|^\/api\/(chat|generate|embed|embeddings)$/;
/** Headers that every client library sends in its own way, and those that are told apart from the rest. */
const ownHeaders =
  /^(host|connection|content-length|content-type|accept|accept-encoding|accept-language|user-agent|transfer-encoding|sec-fetch-mode|traceparent|x-stainless-.*|x-request-id|anthropic-version|authorization|x-api-key|expect)$/;

/** The engines of a scene while one gateway lives through it. */
export interface Engines {
  /** a text of the scene with the engines' real addresses */
  place(text: string): string;
  /** a text with the scene's addresses in place of the real ones */
  unplace(text: string): string;
  /** what they received since it was last asked: engine by engine, each in order of arrival */
  takeSent(): readonly SentRequest[];
  engine(name: string): FakeEngine;
  close(): Promise<void>;
}

/** Starts the engines of a scene. */
export async function openEngines(scene: Scene): Promise<Engines> {
  const engines = new Map<string, FakeEngine>();
  for (const [name, options] of Object.entries(scene.engines)) engines.set(name, await startFakeEngine(options));
  const seen = new Map([...engines.keys()].map((name) => [name, 0]));
  const find = (name: string) => {
    const engine = engines.get(name);
    if (engine === undefined) throw new Error(`The scene ${scene.name} has no engine ${name}.`);
    return engine;
  };
  const takeNew = (name: string, { requests }: FakeEngine) => {
    const fresh = requests.slice(seen.get(name));
    seen.set(name, requests.length);
    return fresh.filter(({ path }) => generating.test(path)).map((request) => describe(name, request, unplace));
  };
  const unplace = (text: string) =>
    [...engines].reduce((all, [name, { origin }]) => all.replaceAll(origin.slice('http://'.length), name), text);
  return {
    place: (text) => [...engines].reduce((all, [name, { origin }]) => all.replaceAll(`http://${name}`, origin), text),
    unplace,
    takeSent: () => [...engines].flatMap(([name, engine]) => takeNew(name, engine)),
    engine: find,
    close: async () => {
      for (const engine of engines.values()) await engine.close();
    },
  };
}

function describe(to: string, { path, headers, body }: FakeRequest, unplace: (text: string) => string): SentRequest {
  const told = Object.entries(headers).filter(([name]) => !ownHeaders.test(name));
  const plain = JSON.parse(unplace(JSON.stringify(body ?? null)), shortenTokens) as JsonValue;
  return { to, path, key: keyOf(headers), headers: Object.fromEntries(told.map(([name, value]) => [name, String(value)])), body: plain };
}

/** A prompt that was rendered before it was sent is a list of numbers that says nothing to a reader. */
function shortenTokens(name: string, value: unknown): unknown {
  return name === 'prompt' && Array.isArray(value) ? '(token ids)' : value;
}

function keyOf(headers: FakeRequest['headers']): string {
  const key = headers.authorization ?? headers['x-api-key'];
  return key === undefined ? 'none' : String(key);
}
