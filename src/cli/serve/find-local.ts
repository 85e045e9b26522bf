import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTransport, type Transport } from '../../engines/http/transport.ts';
import { askJson, type JsonAnswer } from './ask-json.ts';
import { type FoundEngine, type FurtherPath, firstPath, mayBeEngine, recogniseEngine } from './recognise-engine.ts';

/** Where to look. */
export interface LookOptions {
  /** default: those that Ollama, vLLM, llama-server and LM Studio take when they are told none */
  readonly ports?: readonly number[];
  /** the port of this server, which is not asked */
  readonly ownPort?: number;
  /** for all of it together; default 1 s. What has not answered by then is not found. */
  readonly timeoutMs?: number;
  /** its abort ends the look with the signal's reason */
  readonly signal: AbortSignal;
}

const defaultPorts = [11_434, 8000, 8080, 1234];
const modelListBytesMax = 4 * 2 ** 20;
const smallBytesMax = 64 * 1024;
/** it holds a chat template */
const propsBytesMax = 2 ** 20;

/**
 * The engines that answer on this machine (127.0.0.1), in the order of the ports. Each port is asked for its models, all at once; only one that
 * lists models, wants a key or is loading is asked further. Nothing that is asked loads a model or generates. No proxy is used and no redirect followed.
 */
export async function findLocalEngines(options: LookOptions): Promise<readonly FoundEngine[]> {
  const { ports = defaultPorts, ownPort, timeoutMs = 1000, signal } = options;
  signal.throwIfAborted();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), timeoutMs);
  const either = AbortSignal.any([signal, limit.signal]);
  // every question listens to it, and Node takes more than ten listeners for a leak
  setMaxListeners(0, either);
  const others = [...new Set(ports)].filter((port) => port !== ownPort);
  const found = await Promise.all(others.map((port) => lookAt(`http://127.0.0.1:${port}`, timeoutMs, either)));
  clearTimeout(timer);
  signal.throwIfAborted();
  return found.filter((engine) => engine !== undefined);
}

async function lookAt(origin: string, timeoutMs: number, signal: AbortSignal): Promise<FoundEngine | undefined> {
  const transport = openTransport({ baseUrl: origin, firstByteTimeoutMs: timeoutMs, silenceTimeoutMs: timeoutMs });
  try {
    const first = await askJson({ transport, path: firstPath, bytesMax: modelListBytesMax, signal });
    if (!mayBeEngine(first)) return undefined;
    return recogniseEngine(origin, { ...(await askFurther(transport, signal)), [firstPath]: first });
  } finally {
    await transport.close();
  }
}

async function askFurther(transport: Transport, signal: AbortSignal): Promise<Readonly<Record<FurtherPath, JsonAnswer>>> {
  const ask = (path: FurtherPath, bytesMax: number) => askJson({ transport, path, bytesMax, signal });
  const [version, props, ollamaVersion, ollamaTags, lmStudioModels] = await Promise.all([
    ask('/version', smallBytesMax),
    ask('/props', propsBytesMax),
    ask('/api/version', smallBytesMax),
    ask('/api/tags', modelListBytesMax),
    ask('/api/v0/models', modelListBytesMax),
  ]);
  return {
    '/version': version,
    '/props': props,
    '/api/version': ollamaVersion,
    '/api/tags': ollamaTags,
    '/api/v0/models': lmStudioModels,
  };
}

/** How a look is repeated. */
export interface RepeatOptions extends LookOptions {
  /** told once, before the wait, what it is waited for */
  readonly onWaiting: (loading: readonly FoundEngine[]) => void;
  /** time between two looks; default 1 s */
  readonly pauseMs?: number;
}

/**
 * Finds local engines. Where none is ready but some is loading its model, looks again until one is ready or none is loading any more: a model that is
 * nearly there is worth more than the download of another. It waits without limit; an aborted signal ends it with the signal's reason.
 */
export async function awaitLocalEngines({ onWaiting, pauseMs = 1000, ...look }: RepeatOptions): Promise<readonly FoundEngine[]> {
  for (let count = 0; ; count++) {
    const found = await findLocalEngines(look);
    const loading = found.filter(({ state }) => state === 'loading');
    if (loading.length === 0 || found.some(({ state }) => state === 'ready')) return found;
    if (count === 0) onWaiting(loading);
    await sleep(pauseMs, undefined, { signal: look.signal });
  }
}
