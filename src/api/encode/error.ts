import type { GatewayError } from '../../protocol/error.ts';

/** An error in OpenAI's shape. Source: OpenAI API reference, "Error codes"; openai-node reads `error.message`, `code`, `param` and `type`. */
export function encodeOpenAiError(error: GatewayError): unknown {
  return { error: { message: error.message, type: error.kind.type, param: error.param ?? null, code: error.code } };
}
