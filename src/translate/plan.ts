import type { Constraint } from '../protocol/constraint.ts';
import type { EngineCapabilities } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { Tool, ToolChoice } from '../protocol/message.ts';
import type { GenerateRequest, ToolPreamble } from '../protocol/request.ts';
import type { KnownDialect, ModelKnowledge } from './model-knowledge.ts';

/** How a request will be met: who renders the prompt, how calls are written and read, and what was noticed on the way. */
export interface Plan {
  /** `template`: we render the chat template; `prompted`: so do we, with the tools described in words; `native`: the engine renders, and calls tools by its own means; `raw-chat`: the engine renders; `text`: the prompt is taken as it is */
  readonly mode: 'template' | 'prompted' | 'native' | 'raw-chat' | 'text';
  /** how the answer is read; undefined: as plain text */
  readonly dialect: KnownDialect | undefined;
  readonly calls: CallPlan | undefined;
  /** what the answer's text must be; where tools are offered too, a call is as good */
  readonly constraint: Constraint | undefined;
  /** `engine`: a grammar binds the answer while it is written; `checked`: what is wished is looked for in the finished answer, and asked for once more */
  readonly enforcement: 'none' | 'engine' | 'checked';
  /** when the grammar binds: never, from the first token on, or from where the model begins a call */
  readonly binding: 'none' | 'eager' | 'lazy';
  readonly warnings: readonly string[];
}

/** What holds for tool calls. */
export interface CallPlan {
  /** the tools the model is told of: all, or the one that was named */
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  readonly parallel: boolean;
  /** how the tools are told: as the model's template does, in our short words, or not at all (the caller does it) */
  readonly preamble: ToolPreamble;
  /** an answer without a call is refused */
  readonly isDemanded: boolean;
}

/**
 * Decides how a request is met on one model of one engine. Pure. Throws `unsupported_feature` for what cannot be honoured and
 * `unknown_parameter` for what the engine would ignore: nothing is dropped in silence.
 */
export function planRequest(request: GenerateRequest, knowledge: ModelKnowledge, capabilities: EngineCapabilities): Plan {
  refuseConstraint(request, capabilities);
  refuseUnknownFields(request, capabilities);
  refuseLogprobs(request, capabilities);
  if (request.stopTokenIds.length > 0 && !capabilities.hasStopTokenIds) {
    throw unsupported('stop_token_ids', 'This engine takes no stop token ids; use `stop` with their text.');
  }
  if (request.input.type === 'prompts') return planPrompts(request, capabilities);
  if (capabilities.prompts[0] === 'messages') return planRawChat(request, knowledge, capabilities);
  return planChat(request, knowledge, capabilities);
}

/** The value of the answer's header `x-rookery-plan`; `fixes` are what was changed so that the template prints the conversation. */
export function describePlan({ mode, dialect, calls, enforcement }: Plan, fixes: readonly string[] = []): string {
  const parts: string[] = [mode];
  if (calls && dialect) parts.push(`dialect=${dialect.name}`);
  if (calls && calls.preamble !== 'official') parts.push(`preamble=${calls.preamble}`);
  if (enforcement !== 'none') parts.push(`enforcement=${enforcement}`);
  if (fixes.length > 0) parts.push(`fixes=${fixes.join(',')}`);
  return parts.join('; ');
}

function planPrompts(request: GenerateRequest, capabilities: EngineCapabilities): Plan {
  if (request.input.type === 'prompts' && request.input.prompts.some((prompt) => typeof prompt !== 'string')) {
    if (!capabilities.prompts.includes('tokens')) throw unsupported('prompt', 'This engine takes text only, no token ids.');
  }
  const { constraint } = request;
  return { mode: 'text', dialect: undefined, calls: undefined, constraint, ...bindText(constraint), warnings: [] };
}

function bindText(constraint: Constraint | undefined): Pick<Plan, 'enforcement' | 'binding'> {
  return constraint ? { enforcement: 'engine', binding: 'eager' } : unbound;
}

const unbound = { enforcement: 'none', binding: 'none' } as const;

/** The engine renders. Tools and formats are met by its own means where it has them; what it cannot enforce is looked for in the finished answer. */
function planRawChat(request: GenerateRequest, knowledge: ModelKnowledge, capabilities: EngineCapabilities): Plan {
  const { constraint } = request;
  const planned = hasCalls(request) ? planCalls(request, knowledge) : undefined;
  // the engine itself knows what a named choice means
  const calls = planned && planned.tools.length > 0 ? { ...planned, tools: request.tools ?? [] } : planned;
  if (calls && !capabilities.hasTools) throw unsupported('tools', 'This engine knows no tools. Remove `tools`, or use another engine.');
  if (!calls && !constraint) return { mode: 'raw-chat', dialect: undefined, calls, constraint, ...unbound, warnings: [] };
  const isWished = constraint !== undefined || calls?.isDemanded === true || calls?.tools.some(({ strict }) => strict) === true;
  // servers differ in how far they hold a model to its tools
  const enforcement = constraint && takesNatively(constraint, capabilities) ? 'engine' : isWished ? 'checked' : 'none';
  return { mode: 'native', dialect: undefined, calls, constraint, enforcement, binding: 'none', warnings: [] };
}

/** Whether the engine has a word of its own for a constraint. */
function takesNatively({ kind }: Constraint, { constraints }: EngineCapabilities): boolean {
  return constraints.includes(kind === 'json-object' ? 'json-schema' : kind);
}

function planChat(request: GenerateRequest, knowledge: ModelKnowledge, capabilities: EngineCapabilities): Plan {
  const { model, dialect, prompted } = knowledge;
  if (!knowledge.template) {
    throw unsupported(
      'messages',
      `The model '${model.id}' has no chat template, so it cannot chat. Use /v1/completions with a prompt in the form it was trained on.`,
    );
  }
  const { constraint } = request;
  const reader = dialect ?? prompted;
  if (!hasCalls(request)) return { mode: 'template', dialect: reader, calls: undefined, constraint, ...bindText(constraint), warnings: [] };
  const calls = planCalls(request, knowledge);
  const warnings = listWarnings(calls.tools, knowledge);
  const binding = chooseBinding(request, calls, { knowledge, canBind: capabilities.constraints.includes('gbnf') });
  const isWished = calls.isDemanded || calls.tools.some(({ strict }) => strict);
  const enforcement = binding !== 'none' ? 'engine' : isWished ? 'checked' : 'none';
  return { mode: dialect ? 'template' : 'prompted', dialect: reader, calls, constraint, enforcement, binding, warnings };
}

/** Demanded calls and constraints bind from the start; calls that the model may write are bound once begun where it is small, where it is asked for, and where a tool is `strict`. */
function chooseBinding(
  { constraint, constrainToolCalls }: GenerateRequest,
  { tools, isDemanded }: CallPlan,
  { knowledge, canBind }: { readonly knowledge: ModelKnowledge; readonly canBind: boolean },
): Plan['binding'] {
  if (!canBind) return 'none';
  if (constraint || isDemanded) return 'eager';
  const isStrict = tools.some(({ strict }) => strict);
  return tools.length > 0 && (isStrict || (constrainToolCalls ?? knowledge.constrainsToolCalls)) ? 'lazy' : 'none';
}

/** Tools that may be called, or calls and results in the conversation. */
function hasCalls(request: GenerateRequest): boolean {
  if ((request.tools?.length ?? 0) > 0 && request.toolChoice !== 'none') return true;
  return request.input.type === 'chat' && request.input.messages.some((message) => message.role === 'tool' || message.toolCalls?.length);
}

function planCalls(request: GenerateRequest, { toolPreamble }: ModelKnowledge): CallPlan {
  const { tools = [], toolChoice = 'auto', parallelToolCalls = true } = request;
  const offered =
    toolChoice === 'none' ? [] : typeof toolChoice === 'object' ? tools.filter(({ name }) => name === toolChoice.name) : tools;
  const isDemanded = toolChoice === 'required' || typeof toolChoice === 'object';
  return {
    tools: offered,
    toolChoice: offered.length === 0 ? 'none' : toolChoice,
    parallel: parallelToolCalls,
    preamble: request.toolPreamble ?? toolPreamble,
    isDemanded: isDemanded && offered.length > 0,
  };
}

function listWarnings(tools: readonly Tool[], { model, family, dialect }: ModelKnowledge): readonly string[] {
  const warnings: string[] = [];
  const cap = family?.toolSoftCap?.value;
  if (!dialect) {
    warnings.push(
      `The chat template of '${model.id}' does not tell it about tools in a known form: they are described in words (dialect envelope).`,
    );
  }
  if (cap !== undefined && tools.length > cap) {
    warnings.push(`The request has ${tools.length} tools; '${model.id}' chooses reliably among about ${cap}.`);
  }
  return warnings;
}

/** Constraints whose breach can be found in a finished answer. */
const checkable: ReadonlySet<Constraint['kind']> = new Set(['json-object', 'json-schema', 'regex', 'choice']);

function refuseConstraint({ constraint, input }: GenerateRequest, capabilities: EngineCapabilities): void {
  if (!constraint || capabilities.constraints.includes('gbnf')) return;
  const isChat = input.type === 'chat' && capabilities.prompts[0] === 'messages';
  if (isChat && (takesNatively(constraint, capabilities) || checkable.has(constraint.kind))) return;
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

function unsupported(param: string, message: string): GatewayError {
  return new GatewayError('unsupported_feature', message, { param });
}
