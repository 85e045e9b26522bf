import { listTailMarkers } from '../parsing/prompt-tail.ts';
import type { PromptSegment } from '../protocol/engine.ts';
import { GatewayError } from '../protocol/error.ts';
import type { Tool } from '../protocol/message.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { Fitting } from '../templates/chat-template.ts';
import { type Conversation, describeMessage, describeTool, isLiteralObject, mapTexts } from '../templates/conversation.ts';
import type { Fix } from '../templates/normalise/draft.ts';
import { type LiteralJson, type LiteralJsonObject, parseLiteralJson } from '../text/literal-json.ts';
import { hideSpecialTokens, splitAtHidden } from './literal-text.ts';
import type { KnownDialect, ModelKnowledge } from './model-knowledge.ts';
import type { Plan } from './plan.ts';
import { tellTools } from './prompt-tools.ts';
import { makeWording } from './wording.ts';

/** A conversation as its model reads it. */
export interface RenderedConversation {
  /** stretches that came from the caller are literal where they spell special tokens */
  readonly segments: readonly PromptSegment[];
  /** what follows the last message: it may have opened the model's reasoning already */
  readonly promptTail: string;
  /** what was changed so that the template prints it */
  readonly fixes: readonly Fix[];
}

/** What rendering takes besides the request. */
export interface RenderContext {
  readonly plan: Plan;
  readonly knowledge: ModelKnowledge;
  /** what templates show as the time */
  readonly now: Date;
}

/** Characters at the prompt's end in which something may have been opened. */
const tailChars = 256;

/** Renders a conversation with the model's chat template. Throws `template_failed` when it refuses it. */
export function renderConversation(request: GenerateRequest, context: RenderContext): RenderedConversation {
  const { plan, knowledge, now } = context;
  const { template } = knowledge;
  if (!template) throw new GatewayError('unsupported_feature', `The model '${knowledge.model.id}' has no chat template to render with.`);
  const { control } = knowledge.model.specialTokens;
  const conversation = describeConversation(request, context);
  const fitting: Fitting = { ids: plan.dialect?.definition.ids, wording: makeWording(plan.dialect ?? knowledge.prompted) };
  const render = (from: Conversation) => template.render(from, { now, fitting });
  const { text, fixes } = render(conversation);
  const tailOf = () => render({ ...conversation, addGenerationPrompt: false }).text;
  return { segments: splitAtHidden(text, control), promptTail: findTail(text, plan.dialect, tailOf), fixes };
}

/** What the generation prompt added. Rendered a second time only if something may be open at the end. */
function findTail(rendered: string, dialect: KnownDialect | undefined, renderBefore: () => string): string {
  const end = rendered.slice(-tailChars);
  const markers = dialect ? listTailMarkers(dialect.definition) : [];
  if (!markers.some((marker) => end.includes(marker))) return end;
  const before = renderBefore();
  return rendered.startsWith(before) ? rendered.slice(before.length) : end;
}

/** The request in the form that templates take; spellings of control tokens in the caller's texts are hidden. */
function describeConversation(request: GenerateRequest, { plan, knowledge }: RenderContext): Conversation {
  const messages = request.input.type === 'chat' ? request.input.messages : [];
  const { dialect, calls, mode } = plan;
  const told = dialect && calls ? tellTools(messages, { dialect, calls, mode }) : messages;
  const { control } = knowledge.model.specialTokens;
  const isTold = plan.mode === 'template' && calls?.preamble === 'official' && calls.tools.length > 0;
  return {
    messages: told.map((message) => hideInMessage(describeMessage(message), control, dialect)),
    tools: isTold ? describeTools(calls.tools, control) : undefined,
    addGenerationPrompt: true,
    variables: readVariables(request.templateVariablesJson),
  };
}

/** An answer keeps the markers of the model's own calls and thoughts: it wrote them. */
function hideInMessage(message: LiteralJsonObject, control: readonly string[], dialect: KnownDialect | undefined): LiteralJsonObject {
  const hide = (text: string) => hideSpecialTokens(text, control);
  const hideInAnswer = (text: string) => hideSpecialTokens(text, control, dialect?.foreignMarkers);
  const isAnswer = message.get('role') === 'assistant';
  return new Map([...message].map(([name, value]) => [name, mapTexts(value, isAnswer && name !== 'tool_calls' ? hideInAnswer : hide)]));
}

const noVariables: LiteralJsonObject = new Map();

function readVariables(json: string | undefined): LiteralJsonObject {
  const variables = json === undefined ? undefined : parseLiteralJson(json);
  return isLiteralObject(variables) ? variables : noVariables;
}

/** Thousands of agents send the same tools, and the same list stands for the same text: it is described once for a model. */
const described = new WeakMap<readonly Tool[], WeakMap<readonly string[], readonly LiteralJson[]>>();

function describeTools(tools: readonly Tool[], control: readonly string[]): readonly LiteralJson[] {
  const byModel = described.get(tools) ?? new WeakMap<readonly string[], readonly LiteralJson[]>();
  described.set(tools, byModel);
  let list = byModel.get(control);
  if (!list) {
    list = tools.map((tool) => mapTexts(describeTool(tool), (text) => hideSpecialTokens(text, control)));
    byModel.set(control, list);
  }
  return list;
}
