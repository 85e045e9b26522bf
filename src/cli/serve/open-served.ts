import { given } from '../../api/decode/given.ts';
import type { Node } from '../../gateway/node.ts';
import { openNode } from '../../gateway/open-node.ts';
import { defaultRouting } from '../../gateway/routes/default-routing.ts';
import type { UpstreamOptions } from '../../gateway/upstream-set.ts';
import type { Log } from '../../server/log.ts';
import { findTemplates } from '../../sources/template-files.ts';
import { openFetching } from '../fetching.ts';
import { findPlaces } from '../places.ts';
import { type EmbeddedWish, findEmbedded } from './find-embedded.ts';
import { awaitLocalEngines } from './find-local.ts';
import type { ServeFlags } from './flags.ts';
import { openTrials } from './open-trials.ts';
import { nameUpstreams, readUpstreams } from './read-upstreams.ts';
import { tellLocalEngines, tellWaiting } from './tell-local.ts';

/** What opening a node says and heeds. */
export interface Opening {
  readonly log: Log;
  /** one line for the person at the terminal */
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Opens a node with the upstreams that the flags name, else with the local engines that answer. The embedded engine is one of them where there is none, or
 * where a model for it is named; its model and the engine are found first, and what is missing is downloaded.
 */
export async function openServed(flags: ServeFlags, { log, report, signal }: Opening): Promise<Node> {
  const formats = flags.dialects === undefined ? undefined : await (await import('../dialects-file.ts')).loadDialects(flags.dialects);
  const templates =
    flags.chatTemplate === undefined
      ? undefined
      : (await findTemplates(flags.chatTemplate, findPlaces(flags.cacheDir, process.env))).templates;
  const named = readUpstreams(flags.upstream, process.env);
  const isAsked = flags.embedded === true || flags.model !== undefined || flags.tiny === true;
  const local = named.length > 0 || isAsked ? [] : await findLocal(flags, report, signal);
  const isEmbedded = isAsked || named.length + local.length === 0;
  const upstreams = [...(isEmbedded ? [await findEmbedded(embeddedWish(flags), flags, signal)] : []), ...named, ...local];
  const { toolPreamble, constrainToolCalls, trustRequestChatTemplate: trustsRequestTemplates = false } = flags;
  const settings = {
    upstreams,
    toolPreamble,
    trustsRequestTemplates,
    ...(constrainToolCalls === 'auto' ? {} : { constrainToolCalls: constrainToolCalls === 'on' }),
    queueLimit: flags.queue,
    queueTimeoutMs: flags.queueTimeout * 1000,
    probes: defaultRouting.probes,
    log,
    facts: { toolSelection: flags.selectTools },
    trials: openTrials(openFetching(flags, signal).options),
  };
  return openNode({ ...settings, ...(formats === undefined ? {} : { formats }), ...(templates === undefined ? {} : { templates }) });
}

/** Engines on this machine that answer on their default ports. */
async function findLocal({ port }: ServeFlags, report: Opening['report'], signal: AbortSignal): Promise<readonly UpstreamOptions[]> {
  const onWaiting = (loading: Parameters<typeof tellWaiting>[0]) => {
    for (const line of tellWaiting(loading)) report(line);
  };
  const found = await awaitLocalEngines({ ownPort: port, signal, onWaiting });
  for (const line of tellLocalEngines(found)) report(line);
  return nameUpstreams(found.filter(({ state }) => state === 'ready').map(({ kind, baseUrl }) => ({ kind, options: { baseUrl } })));
}

function embeddedWish({ model, tiny: isTiny, slots, gpu, context: contextTokens, threads }: ServeFlags): EmbeddedWish {
  return { name: 'embedded', slots, gpu, ...given({ model, isTiny, contextTokens, threads }) };
}
