import { given } from '../../../api/decode/given.ts';
import type { RemoteUpstream } from '../configuration.ts';
import { fitAddress } from '../own/make-upstreams.ts';
import { keepSecret, type Reading } from '../reading.ts';
import { isSecret, type Secret } from '../secret.ts';
import { type NamedModel, type Provider, readModelName } from './providers.ts';
import type { Section } from './section.ts';

/** An upstream that a row needs; rows that need the same one share it. */
export type UpstreamDraft = Omit<RemoteUpstream, 'name'>;

/** What a row says of where its model is. */
export interface ReadUpstream {
  readonly draft: UpstreamDraft;
  /** the model's name there */
  readonly model: string;
}

/** Reads where a row's model is, from its `litellm_params`. Undefined, and a fault, where that cannot be known. */
export function readUpstream(reading: Reading, params: Section, verifiesByDefault: boolean): ReadUpstream | undefined {
  const custom = params.text('custom_llm_provider');
  const written = params.text('model');
  const address = params.text('api_base') ?? params.text('base_url');
  params.accept('base_url');
  if (written === undefined)
    return params.has('model') ? undefined : params.fault('model', 'the key `model` is missing: expected `provider/name`.');
  const named: NamedModel = readModelName(written, custom, address !== undefined);
  if ('problem' in named) return params.fault(custom === undefined ? 'model' : 'custom_llm_provider', named.problem);
  const { provider, model } = named;
  const url = address ?? findAddress(reading, provider);
  if (url === undefined) return params.fault('model', 'nobody knows where it is. Add `api_base: http://…` beside it.');
  if (!/^https?:\/\/[^\s/?#]+/.test(url) || !URL.canParse(url)) {
    return params.fault('api_base', 'expected an address that begins with http:// or https://.');
  }
  const { kind } = provider;
  const isOllama = kind === 'ollama';
  return {
    model,
    draft: {
      ...{ kind, baseUrl: fitAddress(kind, kind === 'anthropic' ? url.replace(/\/v1\/messages\/*$/, '') : url) },
      headers: readHeaders(params),
      verifiesCertificate: params.flag('ssl_verify') ?? verifiesByDefault,
      ...given({
        apiKey: findKey(reading, params, { provider, isOwnAddress: address === undefined }),
        contextTokens: isOllama ? params.count('num_ctx') : undefined,
        keepAlive: isOllama ? readKeepAlive(params) : undefined,
      }),
    },
  };
}

function findAddress({ environment }: Reading, { url, urlVariables = [] }: Provider): string | undefined {
  return urlVariables.map((name) => environment[name]?.trim()).find((each) => each !== undefined && each !== '') ?? url;
}

/** A provider's key from the environment goes to the provider's own address only. */
function findKey(
  reading: Reading,
  params: Section,
  { provider, isOwnAddress }: { readonly provider: Provider; readonly isOwnAddress: boolean },
): Secret | undefined {
  if (params.has('api_key')) return params.secret('api_key');
  const { keyVariable, needsKey } = provider;
  const value = keyVariable === undefined ? '' : (reading.environment[keyVariable]?.trim() ?? '');
  if (keyVariable !== undefined && value !== '') {
    if (isOwnAddress) return keepSecret(reading, `env:${keyVariable}`, value);
    params.warn(
      'api_base',
      `no key is sent there: ${keyVariable} goes to the provider's own address only. Where it is meant, add \`api_key: os.environ/${keyVariable}\`.`,
    );
  }
  if (needsKey && isOwnAddress)
    params.fault('model', `this provider needs a key. Set ${keyVariable}, or add \`api_key: os.environ/NAME\`.`);
  return undefined;
}

/** `headers`, over which `extra_headers` are, and `organization`. */
function readHeaders(params: Section): Readonly<Record<string, string | Secret>> {
  const organization = params.text('organization');
  return {
    ...params.headers('headers'),
    ...params.headers('extra_headers'),
    ...(organization === undefined ? {} : { 'openai-organization': organization }),
  };
}

function readKeepAlive(params: Section): string | number | undefined {
  const value = params.json('keep_alive');
  if (value === undefined || typeof value === 'string' || typeof value === 'number') return value;
  return params.fault('keep_alive', 'expected a time such as 5m, or seconds; -1 for ever.');
}

/** Gives each different upstream a name of its own: its host and port, and a number where two share them. */
export class UpstreamNames {
  readonly #names = new Map<string, string>();
  readonly #upstreams: RemoteUpstream[] = [];

  get upstreams(): readonly RemoteUpstream[] {
    return this.#upstreams;
  }

  /** The name of the upstream that a row needs. */
  nameFor(draft: UpstreamDraft): string {
    const identity = JSON.stringify(draft, (_, value: unknown) => (isSecret(value) ? `${value.reference} ${value.reveal()}` : value));
    const known = this.#names.get(identity);
    if (known !== undefined) return known;
    const { host } = new URL(draft.baseUrl);
    const plain = host.replace(/[^\w.:-]/g, '').replace(/^\W+/, '') || draft.kind;
    let name = plain;
    for (let count = 2; this.#upstreams.some((each) => each.name === name); count++) name = `${plain}#${count}`;
    this.#names.set(identity, name);
    this.#upstreams.push({ name, ...draft });
    return name;
  }
}
