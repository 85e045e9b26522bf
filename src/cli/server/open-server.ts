import { GatewayError } from '../../protocol/error.ts';
import type { FoundEngine } from '../serve/recognise-engine.ts';
import { type RemoteUpstream, readUpstreamFlag } from '../serve/upstream-flag.ts';
import type { ServerTarget } from './ask-server.ts';
import { openLlamaServer } from './llama-server.ts';
import { lookAtServer } from './look-at-server.ts';
import { openOllama } from './ollama.ts';
import type { RunningServer } from './running-server.ts';
import { openRookery, openVllm } from './vllm.ts';

/** Which server, and which of its models. */
export interface ServerFlags {
  /** `[kind=]address[,key=env:NAME]` */
  readonly server: string;
  /** default: the only one it has */
  readonly model?: string | undefined;
}

const examples = '--server http://127.0.0.1:8080, --server vllm=http://127.0.0.1:8000 or --server https://host,key=env:NAME';

/**
 * Finds out what answers at an address and opens it for questions. Throws `bad_usage` for a wrong flag, for another kind than was named and for a model
 * that is not there, `engine_unavailable` where nothing answers, `key_unusable` where the key is wrong, `unsupported_feature` for a server that
 * shows neither prompts nor tokens.
 */
export async function openServer(
  { server, model }: ServerFlags,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<RunningServer> {
  const { kind, options } = readFlag(server, environment);
  const url = options.baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '');
  const found = await lookAtServer(url, options.apiKey, signal);
  const isNamed = /^[a-z-]+(=|,|$)/.test(server.trim());
  if (isNamed && kind !== found.kind) {
    throw new GatewayError(
      'bad_usage',
      `What answers at ${url} is ${found.about}, not ${kind}. Leave \`${kind}=\` out and it is found out.`,
    );
  }
  const target = { url, apiKey: options.apiKey, about: found.about, model: chooseModel(found, model ?? options.models?.[0], url), signal };
  return openKind(found, target);
}

function openKind({ kind, about }: FoundEngine, target: ServerTarget): RunningServer {
  if (kind === 'llama-server') return openLlamaServer(target);
  if (kind === 'vllm') return openVllm(target);
  if (kind === 'ollama') return openOllama(target);
  if (about === 'another Rookery') return openRookery(target);
  throw new GatewayError(
    'unsupported_feature',
    `${about} at ${target.url} shows neither its prompts nor its tokens: OpenAI's API has nothing for it. llama-server, vLLM, Ollama and Rookery can be asked. Name the model's own files instead, without --server.`,
  );
}

/** The flag is written as `--upstream` is, and its faults are told in the name of this one. */
function readFlag(written: string, environment: Readonly<Record<string, string | undefined>>): RemoteUpstream {
  try {
    return readUpstreamFlag(written, environment);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const [fault = ''] = error.message.replaceAll('--upstream', '--server').split(' Examples: ');
    throw new GatewayError(error.code, error.code === 'bad_usage' ? `${fault} Examples: ${examples}.` : fault);
  }
}

function chooseModel({ modelIds }: FoundEngine, wanted: string | undefined, url: string): string {
  const names = modelIds.slice(0, 20).join(', ');
  if (wanted !== undefined) {
    const model = modelIds.find((id) => id === wanted || id === `${wanted}:latest`);
    if (model !== undefined) return model;
    throw new GatewayError('bad_usage', `${url} serves no model "${wanted.slice(0, 100)}". It serves: ${names || 'none'}.`);
  }
  const [only] = modelIds;
  if (only !== undefined && modelIds.length === 1) return only;
  throw new GatewayError(
    'bad_usage',
    only === undefined ? `${url} serves no model.` : `${url} serves several models. Name one with --model: ${names}.`,
  );
}
