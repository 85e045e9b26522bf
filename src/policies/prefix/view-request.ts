import type { GenerateRequest } from '../../protocol/request.ts';
import type { PrefixBlocks, RequestView } from '../policy.ts';
import { readPrefix } from './read-prefix.ts';

/** A request as policies see it, for the model of that id. Its blocks are hashed once, and only for a policy that asks. */
export function viewRequest(model: string, request: Pick<GenerateRequest, 'input' | 'tools' | 'agent'>): RequestView {
  let blocks: PrefixBlocks | undefined;
  return { session: request.agent.agent, prefix: () => (blocks ??= readPrefix(model, request)) };
}

/** A request that has neither session nor conversation, such as one for embeddings. */
export const plainRequest: RequestView = { session: undefined, prefix: () => noBlocks };

const noBlocks: PrefixBlocks = new Uint32Array(0);
