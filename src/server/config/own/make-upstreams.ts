import { given } from '../../../api/decode/given.ts';
import type { EmbeddedUpstream, RemoteKind, RemoteUpstream, UpstreamConfiguration } from '../configuration.ts';
import { findPlace, type Path } from '../file/located.ts';
import { addFault, type Reading, readSecret, resolveFrom } from '../reading.ts';
import { toMs } from '../schema/leaves.ts';
import type { UpstreamSection } from '../schema/upstream.ts';
import type { Secret } from '../secret.ts';

type RemoteSection = Exclude<UpstreamSection, { kind: 'embedded' }>;
type EmbeddedSection = Extract<UpstreamSection, { kind: 'embedded' }>;

/** Where engines listen when nobody says otherwise. */
const usualUrls: Readonly<Record<RemoteKind, string>> = {
  openai: '',
  vllm: 'http://127.0.0.1:8000',
  ollama: 'http://127.0.0.1:11434',
  'llama-server': 'http://127.0.0.1:8080',
  anthropic: 'https://api.anthropic.com',
};

/** The upstreams of a checked file, each with its key. */
export async function makeUpstreams(
  reading: Reading,
  sections: Readonly<Record<string, UpstreamSection>> = {},
): Promise<readonly UpstreamConfiguration[]> {
  const made = Object.entries(sections).map(([name, section]) =>
    section.kind === 'embedded' ? makeEmbedded(reading, name, section) : makeRemote(reading, name, section),
  );
  return Promise.all(made);
}

async function makeRemote(reading: Reading, name: string, section: RemoteSection): Promise<RemoteUpstream> {
  const path = ['upstreams', name];
  const { kind, url = usualUrls[kind], context, slots, models } = section;
  const apiKey = section.key === undefined ? undefined : await readSecret(reading, section.key, [...path, 'key']);
  if (kind === 'anthropic' && section.url === undefined && section.key === undefined) {
    addFault(reading, path, 'this API needs a key. Add `key: env:ANTHROPIC_API_KEY`.', 'key');
  }
  return {
    ...{ name, kind, baseUrl: fitAddress(kind, url) },
    headers: await readHeaders(reading, section.headers, [...path, 'headers']),
    verifiesCertificate: section.verify_certificate ?? true,
    ...given({
      ...{ apiKey, models, contextTokens: context, slots },
      firstByteTimeoutMs: section.first_byte_timeout === undefined ? undefined : toMs(section.first_byte_timeout),
      silenceTimeoutMs: section.silence_timeout === undefined ? undefined : toMs(section.silence_timeout),
      keepAlive: 'keep_alive' in section ? section.keep_alive : undefined,
      sharesGpu: 'shares_gpu' in section ? section.shares_gpu : undefined,
    }),
  };
}

/** Engines take the address of their server; a `/v1` that was pasted with it is cut. */
export function fitAddress(kind: RemoteKind, url: string): string {
  const bare = url.replace(/\/+$/, '');
  return kind === 'openai' ? bare : bare.replace(/\/v1$/, '').replace(/\/+$/, '');
}

/** Headers with the secrets that they name, their names in lower case. */
export async function readHeaders(
  reading: Reading,
  written: Readonly<Record<string, string>> = {},
  path: Path,
): Promise<Readonly<Record<string, string | Secret>>> {
  const headers: Record<string, string | Secret> = {};
  for (const [name, value] of Object.entries(written)) {
    const read = /^(env|file):/.test(value) ? await readSecret(reading, value, [...path, name]) : value;
    if (read !== undefined) headers[name.toLowerCase()] = read;
    if (read === value && /^(authorization|x-api-key|api-key)$/i.test(name)) {
      addFault(reading, [...path, name], 'a secret may not stand in this file. Expected env:NAME or file:path.');
    }
  }
  return headers;
}

async function makeEmbedded(reading: Reading, name: string, section: EmbeddedSection): Promise<EmbeddedUpstream> {
  const { slots, threads } = section;
  const place = findPlace(reading.located, ['upstreams', name, 'model']);
  const model =
    section.model !== undefined && /\.gguf$/i.test(section.model) && !/^hf:/.test(section.model)
      ? resolveFrom(place, section.model)
      : section.model;
  return {
    ...{ name, kind: 'embedded', gpu: section.gpu ?? 'auto' },
    ...given({
      ...{ model, slots, threads, contextTokens: section.context, gpuLayers: section.gpu_layers },
      ...{ batchTokens: section.batch, mapsFile: section.mmap, locksMemory: section.mlock },
    }),
  };
}
