import type { Constraint } from '../protocol/constraint.ts';
import type { EngineCapabilities } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import { takesNatively } from './choose-binding.ts';
import type { ModelKnowledge } from './model-knowledge.ts';

/** Refuses what an engine cannot do and we cannot do for it. Throws `unsupported_feature`, and `unknown_parameter` for fields that nobody would read. */
export function refuseUnmet(request: GenerateRequest, capabilities: EngineCapabilities): void {
  refuseConstraint(request, capabilities);
  refuseUnknownFields(request, capabilities);
  refuseLogprobs(request, capabilities);
  if (request.stopTokenIds.length > 0 && !capabilities.hasStopTokenIds) {
    throw unsupported('stop_token_ids', 'This engine takes no stop token ids; use `stop` with their text.');
  }
}

/** Refuses what the operator does not let this model do. */
export function refuseForbidden({ tools = [], toolChoice, maxTokens }: GenerateRequest, { limits, model }: ModelKnowledge): void {
  if (tools.length > 0 && toolChoice !== 'none' && !limits.takesTools) {
    throw unsupported(
      'tools',
      `'${model.id}' is configured to take no tools (\`facts.tools: false\`). Leave them out, or use another model.`,
    );
  }
  if (maxTokens !== undefined && limits.outputTokens !== undefined && maxTokens > limits.outputTokens) {
    const message = `'${model.id}' writes at most ${limits.outputTokens} tokens; \`max_tokens\` asks for ${maxTokens}.`;
    throw new GatewayError('invalid_request', message, { param: 'max_tokens' });
  }
}

/** What this model on this engine cannot do. */
export function unsupported(param: string, message: string): GatewayError {
  return new GatewayError('unsupported_feature', message, { param });
}

/** Constraints whose breach can be found in a finished answer. */
const checkable: ReadonlySet<Constraint['kind']> = new Set(['json-object', 'json-schema', 'regex', 'choice']);

function refuseConstraint({ constraint, input }: GenerateRequest, capabilities: EngineCapabilities): void {
  if (!constraint || capabilities.grammars !== undefined) return;
  const isChat = input.type === 'chat';
  // a raw completion's own route has no field for formats where the engine renders by itself
  if ((isChat || capabilities.prompts[0] === 'segments') && takesNatively(constraint, capabilities)) return;
  if (isChat && checkable.has(constraint.kind)) return;
  throw unsupported(
    'response_format',
    `This engine can't hold an answer to a ${constraint.kind}. Ask for plain text and check the answer yourself, or use another engine.`,
  );
}

function refuseUnknownFields(request: GenerateRequest, capabilities: EngineCapabilities): void {
  const names = Object.keys(request.unknownFields);
  if (names.length === 0 || capabilities.takesUnknownFields) return;
  const list = names.map((name) => `'${name}'`).join(', ');
  throw new GatewayError('unknown_parameter', `Nobody here knows ${list}, and it would have no effect. Remove it, or check its spelling.`, {
    param: names[0] ?? '',
  });
}

function refuseLogprobs(request: GenerateRequest, capabilities: EngineCapabilities): void {
  if (request.topLogprobs === undefined) return;
  const most = capabilities.topLogprobsMax;
  if (most === undefined) throw unsupported('logprobs', 'This engine gives no log probabilities.');
  if (request.topLogprobs > most) throw unsupported('top_logprobs', `This engine gives at most ${most} alternatives.`);
}
