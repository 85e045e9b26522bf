import { engines } from '../../engines/index.ts';
import type { UpstreamOptions } from '../../gateway/open-node.ts';
import { GatewayError } from '../../protocol/error.ts';
import { type RemoteKind, type RemoteUpstream, readUpstreamFlag } from './upstream-flag.ts';

/** Reads `--upstream` flags; see `readUpstreamFlag` for how they are written and what is thrown. A key goes to that address only. */
export function readUpstreams(
  written: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly UpstreamOptions[] {
  return nameUpstreams(written.map((text) => readUpstreamFlag(text, environment)));
}

/** Gives each upstream a name: host and port, and a number where two share them. Throws `bad_usage` for a kind without an engine. */
export function nameUpstreams(upstreams: readonly RemoteUpstream[]): readonly UpstreamOptions[] {
  const taken = new Set<string>();
  return upstreams.map(({ kind, options }) => {
    if (!hasEngine(kind)) throw new GatewayError('bad_usage', `There is no engine for upstreams of the kind ${kind}.`);
    return { name: nameFor(options.baseUrl, taken), engine: kind, options };
  });
}

function hasEngine(kind: RemoteKind): kind is RemoteKind & keyof typeof engines {
  return kind in engines;
}

function nameFor(baseUrl: string, taken: Set<string>): string {
  const { host } = new URL(baseUrl);
  let name = host;
  for (let count = 2; taken.has(name); count++) name = `${host}#${count}`;
  taken.add(name);
  return name;
}
