import { amendCall } from '../api/decode/amend-body.ts';
import { isObject } from '../api/decode/decoder.ts';
import type { ApiCall, DecodedGenerate, GenerateRoute } from '../api/surface.ts';
import type { BodyRules, Node, Redecoding } from '../gateway/node.ts';
import { refusedField } from '../gateway/request-forms.ts';

/** A decoded body, and how it is decoded again for upstreams that want it otherwise. */
export interface DecodedCall {
  readonly decoded: DecodedGenerate;
  readonly redecoding: Redecoding;
}

interface Form {
  readonly decoded: DecodedGenerate;
  readonly dropped: readonly string[];
}

/** Decodes a body as the operator wants it for the model that it asks for. Throws what the surface throws. */
export function decodeCall(route: GenerateRoute, call: ApiCall, node: Node): DecodedCall {
  const model = isObject(call.body) ? call.body.model : undefined;
  const rules = typeof model === 'string' ? node.bodyRules(model) : undefined;
  const { decoded, dropped } = decodeUnder(rules, route, call);
  const decode: Redecoding['decode'] = (others) => {
    const form = decodeUnder(others, route, call);
    return { request: form.decoded.request, dropped: form.dropped };
  };
  return { decoded, redecoding: { rules, dropped, decode } };
}

/** A field that the surface itself refuses is left out where the operator wants that, and told. */
function decodeUnder(rules: BodyRules | undefined, route: GenerateRoute, call: ApiCall): Form {
  if (!rules) return { decoded: route.decode(call), dropped: [] };
  const dropped: string[] = [];
  for (;;) {
    try {
      return { decoded: route.decode(amendCall(call, { ...rules, drops: [...rules.drops, ...dropped] })), dropped };
    } catch (error) {
      const field = rules.dropsUnsupported ? refusedField(error) : undefined;
      if (field === undefined || dropped.includes(field)) throw error;
      dropped.push(field);
    }
  }
}
