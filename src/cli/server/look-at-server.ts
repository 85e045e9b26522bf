import { openTransport } from '../../engines/http/transport.ts';
import { GatewayError } from '../../protocol/error.ts';
import { askJson, type JsonAnswer } from '../serve/ask-json.ts';
import { type FoundEngine, firstPath, mayBeEngine, recogniseEngine } from '../serve/recognise-engine.ts';

/** Longest time for all questions together: an engine that works on long prompts answers late. */
const timeoutMs = 20_000;
const answerBytesMax = 16 * 2 ** 20;

/**
 * Asks the server at an address what it is. `origin` has no path of an API. Throws `engine_unavailable` where nothing answers or the model is being
 * loaded, `key_unusable` where it wants another key, `bad_usage` for what is no engine; the signal's reason when it is aborted.
 */
export async function lookAtServer(origin: string, apiKey: string | undefined, signal: AbortSignal): Promise<FoundEngine> {
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const transport = openTransport({ baseUrl: origin, headers, firstByteTimeoutMs: timeoutMs, silenceTimeoutMs: timeoutMs });
  const either = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const ask = (path: string) => askJson({ transport, path, bytesMax: answerBytesMax, signal: either });
  try {
    const first = await ask(firstPath);
    signal.throwIfAborted();
    if (!mayBeEngine(first)) throw refuseFirst(origin, first);
    const [version, props, ollamaVersion, ollamaTags] = await Promise.all(['/version', '/props', '/api/version', '/api/tags'].map(ask));
    signal.throwIfAborted();
    const nothing: JsonAnswer = { status: 0, value: undefined };
    const found = recogniseEngine(origin, {
      [firstPath]: first,
      '/version': version ?? nothing,
      '/props': props ?? nothing,
      '/api/version': ollamaVersion ?? nothing,
      '/api/tags': ollamaTags ?? nothing,
      '/api/v0/models': nothing,
    });
    return checkState(found, origin, apiKey !== undefined);
  } finally {
    await transport.close();
  }
}

function refuseFirst(origin: string, { status }: JsonAnswer): GatewayError {
  if (status === 0)
    return new GatewayError('engine_unavailable', `Nothing answers at ${origin}. Check the address and that the server runs.`);
  if (status === 503) return new GatewayError('engine_unavailable', `The server at ${origin} is not ready yet (HTTP 503).`);
  return new GatewayError(
    'bad_usage',
    `What answers at ${origin} lists no models at ${firstPath} (HTTP ${status}), so it is no engine. --server takes the address of llama-server, vLLM, Ollama or a Rookery.`,
  );
}

function checkState(found: FoundEngine | undefined, origin: string, hasKey: boolean): FoundEngine {
  if (found === undefined) throw refuseFirst(origin, { status: 200, value: undefined });
  if (found.state === 'loading') throw new GatewayError('engine_unavailable', `${found.about} at ${origin} is still loading its model.`);
  if (found.state === 'needs-key') {
    const how = hasKey ? 'another key than the one it was sent' : 'a key: add ,key=env:NAME to the address';
    throw new GatewayError('key_unusable', `${found.about} at ${origin} wants ${how}.`);
  }
  return found;
}
