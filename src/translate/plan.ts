import type { EngineCapabilities, EngineModel } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { GenerateRequest } from '../protocol/request.ts';

/** How a request will be met: who renders the prompt, and what was noticed on the way. */
export interface Plan {
  /** `template`: we render the chat template; `raw-chat`: the engine renders; `text`: the prompt is taken as it is */
  readonly mode: 'template' | 'raw-chat' | 'text';
  readonly warnings: readonly string[];
}

/**
 * Decides how a request is met on one model of one engine. Pure. Throws `unsupported_feature` for what cannot be honoured and
 * `unknown_parameter` for what the engine would ignore: nothing is dropped in silence.
 */
export function planRequest(request: GenerateRequest, model: EngineModel, capabilities: EngineCapabilities): Plan {
  refuseTools(request);
  refuseConstraint(request);
  refuseUnknownFields(request, capabilities);
  refuseLogprobs(request, capabilities);
  if (request.stopTokenIds.length > 0 && !capabilities.hasStopTokenIds) {
    throw unsupported('stop_token_ids', 'This engine takes no stop token ids; use `stop` with their text.');
  }
  return { mode: chooseMode(request, model, capabilities), warnings: [] };
}

/** The value of the answer's header `x-rookery-plan`. */
export function describePlan(plan: Plan): string {
  return plan.mode;
}

function chooseMode(request: GenerateRequest, model: EngineModel, capabilities: EngineCapabilities): Plan['mode'] {
  if (request.input.type === 'prompts') {
    if (request.input.prompts.some((prompt) => typeof prompt !== 'string') && !capabilities.prompts.includes('tokens')) {
      throw unsupported('prompt', 'This engine takes text only, no token ids.');
    }
    return 'text';
  }
  if (capabilities.prompts[0] === 'messages') return 'raw-chat';
  if (model.chatTemplate) return 'template';
  throw unsupported(
    'messages',
    `The model '${model.id}' has no chat template, so it cannot chat. Use /v1/completions with a prompt in the form it was trained on.`,
  );
}

function refuseTools(request: GenerateRequest): void {
  const isAsked = (request.tools?.length ?? 0) > 0 && request.toolChoice !== 'none';
  if (isAsked) throw unsupported('tools', 'Tool calling is not part of this version yet. Remove `tools`, or send `tool_choice: "none"`.');
  if (request.input.type === 'chat' && request.input.messages.some((message) => message.role === 'tool' || message.toolCalls?.length)) {
    throw unsupported('messages', 'Tool calls and tool results in the conversation are not part of this version yet. Send them as text.');
  }
  const mustCall = request.toolChoice === 'required' || typeof request.toolChoice === 'object';
  if (mustCall) throw unsupported('tool_choice', 'Tool calling is not part of this version yet. Remove `tool_choice`.');
}

function refuseConstraint(request: GenerateRequest): void {
  if (!request.constraint) return;
  const kind = request.constraint.kind;
  throw unsupported(
    'response_format',
    `Structured output (${kind}) is not part of this version yet. Ask for plain text and check the answer yourself.`,
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

function unsupported(param: string, message: string): GatewayError {
  return new GatewayError('unsupported_feature', message, { param });
}
