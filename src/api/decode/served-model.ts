import type { Node, ServedModel } from '../../gateway/node.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { optional, text } from './decoder.ts';

/**
 * The served model that a body's `model` names; without one, the only model there is.
 * Throws `model_not_found`, `engine_unavailable` while none is served yet, or `invalid_request` where a choice is needed.
 */
export function readModel(body: JsonObject, node: Node): ServedModel {
  const name = optional(body, 'model', text(1, 512));
  const served = node.models();
  const [first] = served;
  if (first === undefined)
    throw new GatewayError('engine_unavailable', 'No model is loaded yet. Retry in a moment.', { retryAfterSeconds: 1 });
  if (name !== undefined) return requireModel(node, name);
  if (served.length === 1) return first;
  throw new GatewayError('invalid_request', '`model` is missing, and several models are served. `GET /v1/models` lists them.', {
    param: 'model',
  });
}

/** The served model of this name or alias. Throws `model_not_found`, listing what there is. */
export function requireModel(node: Node, name: string): ServedModel {
  const found = node.findModel(name);
  if (found !== undefined) return found;
  const names = node
    .models()
    .slice(0, 8)
    .map((each) => `"${each.id}"`);
  const known = names.length === 0 ? 'None is loaded yet.' : `Served here: ${names.join(', ')}.`;
  throw new GatewayError('model_not_found', `No model "${name.slice(0, 128)}" is served. ${known}`, { param: 'model' });
}
