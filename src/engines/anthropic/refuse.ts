import type { EngineRequest } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';

/** What the Messages API has no word for. */
export function unsupported(param: string, message: string): GatewayError {
  return new GatewayError('unsupported_feature', message, { param });
}

/** A value that the Messages API would not take. */
export function invalid(param: string, message: string): GatewayError {
  return new GatewayError('invalid_request', message, { param });
}

/** Fields of the API's own that a caller may send along. */
const ownFields: ReadonlySet<string> = new Set(['thinking', 'output_config', 'cache_control', 'inference_geo', 'speed']);

/** Refuses what a request asks for and the API has no field for. Values that mean "off" ask for nothing. */
export function refuseUnsupported(request: EngineRequest): void {
  const { sampling, prompt, unknownFields } = request;
  const wished: readonly (readonly [param: string, isWished: boolean])[] = [
    ['presence_penalty', (sampling.presencePenalty ?? 0) !== 0],
    ['frequency_penalty', (sampling.frequencyPenalty ?? 0) !== 0],
    ['repetition_penalty', (sampling.repetitionPenalty ?? 1) !== 1],
    ['min_p', (sampling.minP ?? 0) !== 0],
    ['logit_bias', (sampling.logitBias?.length ?? 0) > 0],
    ['logprobs', request.topLogprobs !== undefined],
    ['ignore_eos', request.ignoreEos],
    ['grammar', request.grammar !== undefined],
    ['stop_token_ids', request.stopTokenIds.length > 0],
    ['chat_template_kwargs', prompt.form === 'messages' && prompt.variablesJson !== undefined],
  ];
  const param = wished.find(([, isWished]) => isWished)?.[0];
  if (param !== undefined) throw unsupported(param, `Anthropic's API has no \`${param}\`. Leave it out, or use another engine.`);
  const unknown = Object.keys(unknownFields).find((name) => !ownFields.has(name));
  if (unknown === undefined) return;
  throw new GatewayError('unknown_parameter', `Anthropic's API would refuse '${unknown}'. Remove it, or check its spelling.`, {
    param: unknown,
  });
}

/** The texts that end an answer. Throws `invalid_request` for one of white space only, which the API refuses. */
export function checkStops(stop: readonly string[]): readonly string[] {
  if (stop.every((text) => text.trim() !== '')) return stop;
  throw invalid('stop', 'Anthropic takes no stop text of white space only. Leave it out, or add a letter to it.');
}
