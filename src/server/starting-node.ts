import type { Node } from '../gateway/node.ts';
import { GatewayError } from '../protocol/error.ts';

/** Stands in for the node while the model is found and loaded: everything that needs a model is refused with `engine_unavailable`. */
export function createStartingNode(): Node {
  const refuse = (): never => {
    throw new GatewayError('engine_unavailable', 'The model is still being loaded. Retry in a moment.', { retryAfterSeconds: 2 });
  };
  return {
    models: refuse,
    configuration: () => undefined,
    findModel: () => undefined,
    bodyRules: () => undefined,
    ready: async () => refuse(),
    states: () => ({}),
    loads: () => ({}),
    targets: () => [],
    generate: refuse,
    embed: refuse,
    tokenize: refuse,
    tokenizeConversation: refuse,
    detokenize: refuse,
    close: async () => {},
  };
}
