import type { Node } from '../../gateway/node.ts';
import { openNode, type UpstreamOptions } from '../../gateway/open-node.ts';
import type { Log } from '../../server/log.ts';
import { locateEnginePackage } from '../../sources/engine-package.ts';
import { resolveModel } from '../../sources/resolve-model.ts';
import { findTemplates } from '../../sources/template-files.ts';
import { openFetching } from '../fetching.ts';
import { findPlaces } from '../places.ts';
import type { ServeFlags } from './flags.ts';
import { readUpstreams } from './read-upstreams.ts';

/**
 * Opens a node with the upstreams that the flags name. The embedded engine is one of them where none is named, or a model is; its model and the engine
 * are found first, and what is missing is downloaded.
 */
export async function openServed(flags: ServeFlags, log: Log, signal: AbortSignal): Promise<Node> {
  const formats = flags.dialects === undefined ? undefined : await (await import('../dialects-file.ts')).loadDialects(flags.dialects);
  const templates =
    flags.chatTemplate === undefined
      ? undefined
      : (await findTemplates(flags.chatTemplate, findPlaces(flags.cacheDir, process.env))).templates;
  const named = readUpstreams(flags.upstream, process.env);
  const isEmbedded = named.length === 0 || flags.model !== undefined || flags.tiny === true;
  const upstreams = isEmbedded ? [await findEmbedded(flags, signal), ...named] : named;
  const { toolPreamble, constrainToolCalls, trustRequestChatTemplate: trustsRequestTemplates = false } = flags;
  const settings = {
    upstreams,
    toolPreamble,
    trustsRequestTemplates,
    ...(constrainToolCalls === 'auto' ? {} : { constrainToolCalls: constrainToolCalls === 'on' }),
    queueLimit: flags.queue,
    queueTimeoutMs: flags.queueTimeout * 1000,
    log,
  };
  return openNode({ ...settings, ...(formats === undefined ? {} : { formats }), ...(templates === undefined ? {} : { templates }) });
}

async function findEmbedded(flags: ServeFlags, signal: AbortSignal): Promise<UpstreamOptions> {
  const { options: fetching, end } = openFetching(flags, signal);
  const find = async () => ({
    model: await resolveModel(flags.model, { ...fetching, isTiny: flags.tiny ?? false }),
    enginePackage: await locateEnginePackage({ ...fetching, usesGpu: flags.gpu === 'auto' }),
  });
  const { model, enginePackage } = await find().finally(end);
  const { slots, gpu, context, threads } = flags;
  const options = {
    ...{ modelPath: model.path, modelId: model.id, slots, gpu, enginePackage },
    ...(context === undefined ? {} : { contextTokens: context }),
    ...(threads === undefined ? {} : { threads }),
  };
  return { name: 'embedded', engine: 'embedded', options };
}
