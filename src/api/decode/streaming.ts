import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { flag, object, optional, refuseOthers, unsupported } from './decoder.ts';

/** Fields of a body that `readStreaming` decodes. */
export const streamingFields: readonly string[] = ['stream', 'stream_options'];

const optionFields = new Set(['include_usage', 'continuous_usage_stats', 'include_obfuscation']);

/** Whether the answer is streamed, and whether its last chunk tells the usage. */
export function readStreaming(body: JsonObject): { readonly isStreamed: boolean; readonly includesUsage: boolean } {
  const isStreamed = optional(body, 'stream', flag) ?? false;
  const options = optional(body, 'stream_options', object);
  if (options === undefined) return { isStreamed, includesUsage: false };
  if (!isStreamed) throw new GatewayError('invalid_request', '`stream_options` needs `stream: true`.', { param: 'stream_options' });
  refuseOthers(options, optionFields, 'stream_options');
  for (const name of ['continuous_usage_stats', 'include_obfuscation']) {
    if (optional(options, name, flag, 'stream_options'))
      throw unsupported(`stream_options.${name}`, 'is not supported: usage comes once, at the end.');
  }
  return { isStreamed, includesUsage: optional(options, 'include_usage', flag, 'stream_options') ?? false };
}
