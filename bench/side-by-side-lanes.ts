import { mainPath } from '../test/program.ts';
import { askStreamed } from './side-by-side-ask.ts';
import { makeConversation } from './side-by-side-conversations.ts';
import { type BodyOptions, ollamaWire, openAiWire, type Wire } from './side-by-side-wires.ts';
import { tinyModelPath } from './tiny-model.ts';

/** A way to the model: an engine's own API, or ours. */
export interface Lane {
  readonly name: string;
  /** where it cannot be started its row says so; of the others the benchmark fails */
  readonly isOptional: boolean;
  /** Starts everything it needs, afresh, with so many places for requests. */
  open(slots: number): Promise<OpenLane>;
}

/** A lane that can be asked. */
export interface OpenLane extends BodyOptions {
  readonly wire: Wire;
  readonly url: string;
  /** engine and version */
  readonly version: string;
  stop(): Promise<void>;
}

type EngineName = 'llama-server' | 'ollama' | 'vllm';

/** What scripts/engines and scripts/steps give. */
interface Server {
  readonly url: string;
  stop(): Promise<unknown>;
}

interface Engine extends Server {
  readonly version: string;
  readonly model: string;
}

/** Tokens of prompt and answer, for each request. */
const contextTokens = 2048;
const toolTemplate = scriptsPath('engines/tiny-tools.jinja');

/** How each engine is started with the Hermes template, and what our server in front of it needs to know besides its address. */
const engines: Readonly<Record<EngineName, { readonly start: object; readonly flags: readonly string[] }>> = {
  'llama-server': { start: { extraArgs: ['--chat-template-file', toolTemplate] }, flags: [] },
  // ours reads the template in the model's file, which has no tools, and not Ollama's
  ollama: { start: { template: scriptsPath('engines/tiny-tools.gotmpl') }, flags: ['--chat-template', toolTemplate] },
  vllm: { start: { extraArgs: ['--chat-template', toolTemplate] }, flags: [] },
};

/** The lanes of a run. The first is what the others are measured by; those of vLLM take minutes to start. */
export function listLanes({ hasVllm }: { readonly hasVllm: boolean }): readonly [Lane, ...Lane[]] {
  return [
    ownLane('llama-server', 'llama-server, its own API'),
    ourLane('llama-server', 'llama-server through us'),
    ownLane('ollama', 'Ollama, its own API'),
    ourLane('ollama', 'Ollama through us'),
    embeddedLane('embedded, 2 threads', ['--threads', '2']),
    embeddedLane('embedded, its default of threads', []),
    ...(hasVllm ? [ownLane('vllm', 'vLLM with its parser, its own API'), ourLane('vllm', 'vLLM through us')] : []),
  ];
}

/** Has the scripts end on Ctrl-C what they started. */
export async function endLanesOnSignal(): Promise<void> {
  const { endChildrenOnSignal } = (await import(scriptsUrl('steps/children.mjs'))) as { endChildrenOnSignal(): void };
  endChildrenOnSignal();
}

function ownLane(engine: EngineName, name: string): Lane {
  const open = async (slots: number) => {
    const more = engine === 'vllm' ? { parsers: true } : {};
    return openOwn(engine, await startEngine(engine, slots, more));
  };
  return { name, isOptional: engine === 'ollama', open };
}

function ourLane(engine: EngineName, name: string): Lane {
  const open = async (slots: number) => {
    const theirs = await startEngine(engine, slots);
    try {
      // it is not before a model is loaded that Ollama tells how it is
      if (engine === 'ollama') await warmUp(openOwn(engine, theirs));
      const flags = ['--upstream', `${engine}=${theirs.url},slots=${slots}`, ...engines[engine].flags];
      return await openOurs(flags, { version: theirs.version, isStrict: engine === 'vllm', stop: theirs.stop });
    } catch (error) {
      await theirs.stop();
      throw error;
    }
  };
  return { name, isOptional: engine === 'ollama', open };
}

/** One conversation that is not among the measured ones: what is done once is done after it. Throws where it is not answered. */
export async function warmUp(lane: OpenLane): Promise<void> {
  const { error } = await askStreamed(lane, makeConversation(1_000_000));
  if (error !== undefined) throw new Error(`The first conversation failed: ${error}`);
}

async function startEngine(name: EngineName, slots: number, more: object = {}): Promise<Engine> {
  const { start } = (await import(scriptsUrl(`engines/${name}.mjs`))) as { start(options: object): Promise<Engine> };
  const log = (line: string) => process.stderr.write(`  ${line}\n`);
  return start({ modelPath: tinyModelPath(), slots, contextTokens, log, ...engines[name].start, ...more });
}

function openOwn(engine: EngineName, { url, model, version, stop }: Engine): OpenLane {
  const wire = engine === 'ollama' ? ollamaWire : openAiWire;
  return { wire, url, model, contextTokens, isStrict: engine === 'vllm', version, stop: async () => void (await stop()) };
}

function embeddedLane(name: string, more: readonly string[]): Lane {
  const open = (slots: number) => {
    const model = ['--model', tinyModelPath(), '--chat-template', toolTemplate];
    const size = ['--slots', String(slots), '--context', String(contextTokens)];
    return openOurs([...model, ...size, ...more], { version: 'embedded', isStrict: false, stop: async () => {} });
  };
  return { name, isOptional: false, open };
}

interface Behind {
  readonly version: string;
  readonly isStrict: boolean;
  stop(): Promise<unknown>;
}

/** Our server as a user starts it, in front of what is `behind` it and is stopped with it. */
async function openOurs(flags: readonly string[], { version, isStrict, stop }: Behind): Promise<OpenLane> {
  const { findFreePort, startServer } = (await import(scriptsUrl('engines/start-server.mjs'))) as {
    findFreePort(): Promise<number>;
    startServer(options: object): Promise<Server>;
  };
  const { calmThreads } = (await import(scriptsUrl('engines/llama-server.mjs'))) as { readonly calmThreads: object };
  const port = await findFreePort();
  const server = await startServer({
    name: `Rookery with ${version}`,
    command: process.execPath,
    args: [mainPath, 'serve', '--port', String(port), '--log', 'json', ...flags],
    env: calmThreads,
    url: `http://127.0.0.1:${port}`,
    healthPath: '/health/ready',
  });
  const end = async () => {
    await server.stop();
    await stop();
  };
  const { url } = server;
  try {
    return { wire: openAiWire, url, model: await askModel(url), contextTokens, isStrict, version, stop: end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function askModel(url: string): Promise<string> {
  const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { readonly data: readonly { readonly id: string }[] };
  const [model] = data;
  if (model === undefined) throw new Error(`${url} serves no model.`);
  return model.id;
}

/** Scripts are run as they stand in the repository; this file runs from `build/bench`. */
function scriptsUrl(path: string): string {
  return new URL(`../../scripts/${path}`, import.meta.url).href;
}

function scriptsPath(path: string): string {
  return new URL(scriptsUrl(path)).pathname;
}
