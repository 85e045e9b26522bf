import type { UpstreamOptions } from '../../gateway/upstream-set.ts';
import { readGgufFacts } from '../../sources/gguf-facts.ts';
import { type RemoteUpstream, readUpstreamFlag } from './upstream-flag.ts';

/** Reads `--upstream` flags; see `readUpstreamFlag` for how they are written and what is thrown. A key goes to that address only. */
export function readUpstreams(
  written: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly UpstreamOptions[] {
  return nameUpstreams(written.map((text) => readUpstreamFlag(text, environment)));
}

/** Gives each upstream a name: host and port, and a number where two share them. Ollama's models are looked for on this machine, as it does not show all of them. */
export function nameUpstreams(upstreams: readonly RemoteUpstream[]): readonly UpstreamOptions[] {
  const taken = new Set<string>();
  return upstreams.map(({ kind, options }) => {
    const name = nameFor(options.baseUrl, taken);
    return kind === 'ollama'
      ? { name, engine: kind, options: { ...options, readModelFile: readGgufFacts } }
      : { name, engine: kind, options };
  });
}

function nameFor(baseUrl: string, taken: Set<string>): string {
  const { host } = new URL(baseUrl);
  let name = host;
  for (let count = 2; taken.has(name); count++) name = `${host}#${count}`;
  taken.add(name);
  return name;
}
