import { given } from '../../api/decode/given.ts';
import type { UpstreamOptions } from '../../gateway/upstream-set.ts';
import type { EmbeddedUpstream } from '../../server/config/index.ts';
import { locateEnginePackage } from '../../sources/engine-package.ts';
import { resolveModel } from '../../sources/resolve-model.ts';
import { type FetchFlags, openFetching } from '../fetching.ts';

/** What the embedded engine is wanted for. */
export interface EmbeddedWish extends Omit<EmbeddedUpstream, 'kind'> {
  /** the small model for trying the plumbing */
  readonly isTiny?: boolean;
}

/** Finds the embedded engine and its model, and downloads what is missing. Throws what `resolveModel` and `locateEnginePackage` throw. */
export async function findEmbedded(wish: EmbeddedWish, flags: FetchFlags, signal: AbortSignal): Promise<UpstreamOptions> {
  const { name, model: reference, isTiny = false, gpu, slots = usualSlots, ...others } = wish;
  const { options: fetching, end } = openFetching(flags, signal);
  const find = async () => ({
    model: await resolveModel(reference, { ...fetching, isTiny }),
    enginePackage: await locateEnginePackage({ ...fetching, usesGpu: gpu === 'auto' }),
  });
  const { model, enginePackage } = await find().finally(end);
  return { name, engine: 'embedded', options: given({ ...others, modelPath: model.path, modelId: model.id, slots, gpu, enginePackage }) };
}

/** Answers at once where nobody says otherwise. */
const usualSlots = 4;
