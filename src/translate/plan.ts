import type { Constraint } from '../protocol/constraint.ts';
import type { EngineCapabilities } from '../protocol/engine.ts';
import type { Tool, ToolChoice } from '../protocol/message.ts';
import { hasImages } from '../protocol/message.ts';
import type { GenerateRequest, ToolPreamble } from '../protocol/request.ts';
import { type AnswerBinding, bindCalls, bindText, isEnforced } from './choose-binding.ts';
import type { KnownDialect, ModelKnowledge } from './model-knowledge.ts';
import { refuseForbidden, refuseUnmet, unsupported } from './refuse-unmet.ts';

/** How a request will be met: who renders the prompt, how calls are written and read, and what was noticed on the way. */
export interface Plan {
  /** `template`: we render the chat template; `prompted`: the tools are described in our words; `native`: the engine renders, and calls tools by its own means; `raw-chat`: the engine renders, we read; `text`: the prompt is taken as it is */
  readonly mode: 'template' | 'prompted' | 'native' | 'raw-chat' | 'text';
  /** who makes one text of the conversation */
  readonly renderer: 'us' | 'engine';
  /** how the answer is read; undefined: as plain text */
  readonly dialect: KnownDialect | undefined;
  readonly calls: CallPlan | undefined;
  /** what the answer's text must be; where tools are offered too, a call is as good */
  readonly constraint: Constraint | undefined;
  /** `engine`: the answer is bound while it is written; `checked`: what is wished is looked for in the finished answer, and asked for once more */
  readonly enforcement: 'none' | 'engine' | 'checked';
  /** what binds the answer while it is written; undefined: nothing does */
  readonly binding: AnswerBinding | undefined;
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
  refuseUnmet(request, capabilities);
  refuseForbidden(request, knowledge);
  if (request.input.type === 'prompts') return planPrompts(request, capabilities);
  const renderer = chooseRenderer(request, knowledge, capabilities);
  if (renderer === undefined) throw noTemplate(knowledge);
  return hasCalls(request)
    ? planWithCalls(request, { knowledge, capabilities, renderer })
    : planAnswer(request, { knowledge, capabilities, renderer });
}

/** What was changed in a request on its way. */
export interface PlanChanges {
  /** so that the template prints the conversation */
  readonly fixes?: readonly string[];
  /** because of what is known of the model's family */
  readonly acts?: readonly string[];
}

/** The value of the answer's header `x-rookery-plan`. */
export function describePlan({ mode, dialect, calls, enforcement }: Plan, { fixes = [], acts = [] }: PlanChanges = {}): string {
  const parts: string[] = [mode];
  if (calls && dialect) parts.push(`dialect=${dialect.name}`);
  if (calls && calls.preamble !== 'official') parts.push(`preamble=${calls.preamble}`);
  if (enforcement !== 'none') parts.push(`enforcement=${enforcement}`);
  if (acts.length > 0) parts.push(`facts=${acts.join(',')}`);
  if (fixes.length > 0) parts.push(`fixes=${fixes.join(',')}`);
  return parts.join('; ');
}

/** Where a request is met, and who renders it there. */
interface Situation {
  readonly knowledge: ModelKnowledge;
  readonly capabilities: EngineCapabilities;
  readonly renderer: Plan['renderer'];
}

/** We render where the engine takes our text first, or where the operator gave a template to an engine whose answers we read. Pictures only an engine can put into a prompt. */
function chooseRenderer(
  { input }: GenerateRequest,
  { template }: ModelKnowledge,
  { prompts, showsTools, hasImages: takesImages }: EngineCapabilities,
): Plan['renderer'] | undefined {
  const messages = input.type === 'chat' ? input.messages : [];
  const isPictured = messages.some(hasImages);
  if (isPictured && !(takesImages && prompts.includes('messages'))) throw noPictures();
  const mayRender = template !== undefined && (prompts[0] === 'segments' || (showsTools && prompts.includes('segments')));
  if (mayRender && !isPictured) return 'us';
  return prompts.includes('messages') ? 'engine' : undefined;
}

function planPrompts(request: GenerateRequest, capabilities: EngineCapabilities): Plan {
  if (request.input.type === 'prompts' && request.input.prompts.some((prompt) => typeof prompt !== 'string')) {
    if (!capabilities.prompts.includes('tokens')) throw unsupported('prompt', 'This engine takes text only, no token ids.');
  }
  const { constraint } = request;
  const binding = constraint && bindText(constraint, capabilities);
  const decided = { constraint, binding, enforcement: binding ? 'engine' : 'none' } as const;
  return { mode: 'text', renderer: 'us', dialect: undefined, calls: undefined, ...decided, warnings: [] };
}

/** An answer that is no call. */
function planAnswer(request: GenerateRequest, { knowledge, capabilities, renderer }: Situation): Plan {
  const { constraint } = request;
  const binding = constraint && bindText(constraint, capabilities);
  const enforcement = binding ? 'engine' : constraint ? 'checked' : 'none';
  const isRead = renderer === 'us' || capabilities.showsTools;
  const dialect = isRead ? (knowledge.dialect ?? knowledge.prompted) : undefined;
  const mode = renderer === 'us' ? 'template' : isRead ? 'raw-chat' : 'native';
  return { mode, renderer, dialect, calls: undefined, constraint, enforcement, binding, warnings: [] };
}

function planWithCalls(request: GenerateRequest, { knowledge, capabilities, renderer }: Situation): Plan {
  const { constraint } = request;
  const calls = planCalls(request, knowledge);
  const way = chooseWay(calls, { knowledge, capabilities, renderer });
  if (way === 'native') return planNative(request, calls, capabilities);
  const dialect = way === 'prompted' ? knowledge.prompted : knowledge.dialect;
  const warnings = knowledge.dialect ? [] : [tellUnknown(knowledge)];
  const binding = bindCalls(request, calls, { dialect, knowledge, capabilities });
  const enforcement = binding ? 'engine' : isEnforced(constraint, calls) ? 'checked' : 'none';
  return { mode: way, renderer, dialect, calls, constraint, enforcement, binding, warnings };
}

/** A known format is read by us; else the engine calls by its own means where it can do what is wished; else the tools are described in words. */
function chooseWay(
  { isDemanded }: CallPlan,
  { knowledge, capabilities, renderer }: Situation,
): Extract<Plan['mode'], 'template' | 'raw-chat' | 'native' | 'prompted'> {
  const { grammars, hasTools, hasToolChoice, showsTools, constraints } = capabilities;
  const needsSchema = isDemanded && grammars === undefined && constraints.includes('json-schema');
  const isKnown = knowledge.dialect !== undefined && !needsSchema;
  if (renderer === 'us') return isKnown ? 'template' : 'prompted';
  if (isKnown && showsTools) return 'raw-chat';
  return hasTools && (hasToolChoice || !needsSchema) ? 'native' : 'prompted';
}

/** The engine itself knows what a choice means; servers differ in how far they hold a model to its tools. */
function planNative(request: GenerateRequest, planned: CallPlan, capabilities: EngineCapabilities): Plan {
  const { constraint } = request;
  const calls = planned.tools.length > 0 ? { ...planned, tools: request.tools ?? [] } : planned;
  const mayBind = capabilities.hasToolChoice || calls.tools.length === 0;
  const bound = mayBind && constraint ? bindText(constraint, capabilities) : undefined;
  const binding = bound?.by === 'engine' ? bound : undefined;
  const enforcement = binding ? 'engine' : isEnforced(constraint, calls) ? 'checked' : 'none';
  return { mode: 'native', renderer: 'engine', dialect: undefined, calls, constraint, enforcement, binding, warnings: [] };
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

function tellUnknown({ model, printed }: ModelKnowledge): string {
  const what = printed ? 'The engine' : 'The chat template';
  return `${what} of '${model.id}' does not tell it about tools in a known form: they are described in words (dialect envelope).`;
}

function noTemplate({ model }: ModelKnowledge): Error {
  return unsupported(
    'messages',
    `The model '${model.id}' has no chat template, so it cannot chat. Use /v1/completions with a prompt in the form it was trained on.`,
  );
}

function noPictures(): Error {
  return unsupported('messages', 'This model or its engine takes no pictures. Send text only, or use a model that sees.');
}
