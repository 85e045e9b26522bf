import type { UpstreamOptions } from '../../gateway/open-node.ts';
import { GatewayError } from '../../protocol/error.ts';

const kinds = ['openai'] as const;
type Kind = (typeof kinds)[number];

/** What an upstream's flag says. */
interface WrittenUpstream {
  readonly kind: Kind;
  readonly baseUrl: string;
  readonly apiKey?: string;
}

const example = '--upstream openai=http://127.0.0.1:8000/v1';

/**
 * Reads `--upstream` flags: `kind=address`, or an address alone for any OpenAI-compatible server; `,key=env:NAME` behind it names the key it is sent. A key goes to that
 * address only. Throws `bad_usage` for what is none, and for a key on the command line, where every user of the machine sees it; `key_unusable` for one that is not set.
 */
export function readUpstreams(
  written: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly UpstreamOptions[] {
  const names = new Set<string>();
  return written.map((text) => {
    const { kind, ...options } = readUpstream(text, environment);
    return { name: nameFor(options.baseUrl, names), engine: kind, options };
  });
}

function readUpstream(text: string, environment: Readonly<Record<string, string | undefined>>): WrittenUpstream {
  const [, named = 'openai', address = '', key] = /^(?:([a-z-]+)=)?([^,]+?)(?:,key=(.*))?$/.exec(text.trim()) ?? [];
  const kind = kinds.find((each) => each === named);
  if (!kind) throw new GatewayError('bad_usage', `--upstream knows the kinds ${kinds.join(', ')}, not '${named}'. Example: ${example}`);
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) {
    throw new GatewayError('bad_usage', `--upstream takes an address that begins with http:// or https://. Example: ${example}`);
  }
  return key === undefined ? { kind, baseUrl: address } : { kind, baseUrl: address, apiKey: readKey(key, environment) };
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

/** Host and port, and a number where two upstreams share them. */
function nameFor(baseUrl: string, taken: Set<string>): string {
  const { host } = new URL(baseUrl);
  let name = host;
  for (let count = 2; taken.has(name); count++) name = `${host}#${count}`;
  taken.add(name);
  return name;
}
