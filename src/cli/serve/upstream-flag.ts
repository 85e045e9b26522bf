import { GatewayError } from '../../protocol/error.ts';

/** How each kind of upstream is addressed. */
interface KindFacts {
  /** where it is when only the kind is written */
  readonly usualUrl?: string;
  /** the address is that of the server; a `/v1` that was pasted with it is cut */
  readonly isServer: boolean;
  /** nothing works without a key at the usual address */
  readonly needsKey?: boolean;
}

const kinds = {
  openai: { isServer: false },
  vllm: { isServer: true, usualUrl: 'http://127.0.0.1:8000' },
  ollama: { isServer: true, usualUrl: 'http://127.0.0.1:11434' },
  'llama-server': { isServer: true, usualUrl: 'http://127.0.0.1:8080' },
  anthropic: { isServer: true, usualUrl: 'https://api.anthropic.com', needsKey: true },
} as const satisfies Readonly<Record<string, KindFacts>>;

/** Engines that are reached by address. */
export type RemoteKind = keyof typeof kinds;

/** An upstream as a flag describes it. */
export interface RemoteUpstream {
  readonly kind: RemoteKind;
  readonly options: { readonly baseUrl: string; readonly apiKey?: string; readonly models?: readonly string[]; readonly slots?: number };
}

const examples = '--upstream vllm=http://127.0.0.1:8000 or --upstream anthropic,key=env:ANTHROPIC_API_KEY';

/**
 * Reads one `--upstream`: `kind=address`, a kind alone for its usual address, or an address alone for any OpenAI-compatible server; then `,key=env:NAME`
 * for the key it is sent, `,model=NAME` for each model of a server that cannot list them, `,slots=N` for the requests it works on at once. Throws `bad_usage` for what is none, and for a key
 * on the command line, where every user of the machine sees it; `key_unusable` for one that is not set. No message repeats what may be a key.
 */
export function readUpstreamFlag(written: string, environment: Readonly<Record<string, string | undefined>>): RemoteUpstream {
  const [target = '', ...parts] = written.trim().split(',');
  const { kind, address } = readTarget(target.trim());
  const keys = valuesOf(parts, 'key');
  const models = valuesOf(parts, 'model');
  const slots = valuesOf(parts, 'slots');
  if (keys.length + models.length + slots.length < parts.length || models.includes('')) {
    throw usage('After its address --upstream takes ,key=env:NAME ,model=NAME and ,slots=N, nothing else.');
  }
  if (keys.length > 1 || slots.length > 1) throw usage('An --upstream has one key and one number of slots at most.');
  const [key] = keys;
  if (key === undefined && address === undefined && factsOf(kind).needsKey) throw usage(`The kind ${kind} needs a key, as key=env:NAME.`);
  const options = {
    baseUrl: readAddress(kind, address),
    ...(key === undefined ? {} : { apiKey: readKey(key, environment) }),
    ...(models.length === 0 ? {} : { models }),
    ...(slots[0] === undefined ? {} : { slots: readSlots(slots[0]) }),
  };
  return { kind, options };
}

function readTarget(target: string): { readonly kind: RemoteKind; readonly address: string | undefined } {
  const alone = findKind(target);
  if (alone) return { kind: alone, address: undefined };
  const [, named, address = target] = /^([a-z-]+)=(.*)$/.exec(target) ?? [];
  if (named === undefined) return { kind: 'openai', address };
  const kind = findKind(named);
  if (kind) return { kind, address };
  throw usage(`--upstream knows the kinds ${Object.keys(kinds).join(', ')}, not '${named}'.`);
}

function findKind(name: string): RemoteKind | undefined {
  return (Object.keys(kinds) as RemoteKind[]).find((kind) => kind === name);
}

function factsOf(kind: RemoteKind): KindFacts {
  return kinds[kind];
}

function readAddress(kind: RemoteKind, written: string | undefined): string {
  const { usualUrl = '', isServer } = factsOf(kind);
  const address = written ?? usualUrl;
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) {
    throw usage('--upstream takes an address that begins with http:// or https://.');
  }
  return isServer ? address.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '') : address;
}

function valuesOf(parts: readonly string[], name: string): readonly string[] {
  const start = `${name}=`;
  return parts.map((part) => part.trim()).flatMap((part) => (part.startsWith(start) ? [part.slice(start.length).trim()] : []));
}

function readSlots(written: string): number {
  const slots = Number(written);
  if (/^\d+$/.test(written) && slots >= 1 && slots <= 65_536) return slots;
  throw usage('The slots of an --upstream are an integer from 1 to 65536, as slots=8.');
}

function readKey(reference: string, environment: Readonly<Record<string, string | undefined>>): string {
  const name = /^env:([A-Za-z_][A-Za-z0-9_]*)$/.exec(reference)?.[1];
  if (name === undefined) {
    throw new GatewayError(
      'bad_usage',
      'The key of an --upstream is named as key=env:NAME; a key itself would be visible to every user of this machine.',
    );
  }
  const key = environment[name]?.trim() ?? '';
  if (key === '') throw new GatewayError('key_unusable', `The environment variable ${name}, which --upstream names, is missing or empty.`);
  return key;
}

function usage(fault: string): GatewayError {
  return new GatewayError('bad_usage', `${fault} Examples: ${examples}`);
}
