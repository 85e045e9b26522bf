import type { EngineCapabilities, EngineModel, PromptSegment } from '../../protocol/engine.ts';
import type { GenerateRequest, ToolPreamble } from '../../protocol/request.ts';
import type { FoundTemplates } from '../../sources/template-files.ts';
import { decideRequest } from '../../translate/decide.ts';
import { learnModel } from '../../translate/model-knowledge.ts';
import { describePlan } from '../../translate/plan.ts';
import { renderConversation } from '../../translate/render-conversation.ts';
import type { AsyncTokenizer } from '../../workers/tokenizer.ts';

/** What viewing takes. */
export interface ViewQuestion {
  readonly model: string;
  readonly found: FoundTemplates;
  /** undefined: characters are counted */
  readonly tokenizer: AsyncTokenizer | undefined;
  readonly request: GenerateRequest;
  readonly now: Date;
}

/** A prompt and what its parts cost, in `unit`s. */
export interface PromptView {
  readonly segments: readonly PromptSegment[];
  /** spellings of the model's control tokens */
  readonly control: readonly string[];
  /** value of the header `x-rookery-plan` */
  readonly plan: string;
  readonly warnings: readonly string[];
  readonly unit: 'token' | 'character';
  readonly contextTokens: number | undefined;
  readonly counts: { readonly tools: number; readonly system: number; readonly messages: number; readonly total: number };
  /** what the tools would cost under each preamble; undefined without tools */
  readonly toolCosts: Readonly<Record<ToolPreamble, number>> | undefined;
}

/** What planning is told of an engine that renders nothing itself. */
const capabilities: EngineCapabilities = {
  ...{ prompts: ['segments', 'tokens'], grammars: 'gbnf', lazyGrammars: 'regions', constraints: [] },
  ...{ topLogprobsMax: 20, hasStopTokenIds: true, hasEmbeddings: true, hasToolChoice: false, showsTools: false, hasImages: false },
  ...{ hasTools: false, hasTokenizer: true, slots: 1, tellsSpecialTokens: true, takesUnknownFields: true },
};

/** Renders a request as the server would for the embedded engine, and counts its parts. */
export async function viewPrompt({ model, found, tokenizer, request, now }: ViewQuestion): Promise<PromptView> {
  const facts = await describeModel(model, found, tokenizer);
  const knowledge = learnModel(facts);
  const renderOf = (each: GenerateRequest) => {
    const decision = decideRequest(each, knowledge, { capabilities });
    return { ...decision, ...renderConversation(decision.request, { plan: decision.plan, knowledge, now }) };
  };
  const { plan, segments, fixes, acts, warnings } = renderOf(request);
  const untold: GenerateRequest = { ...request, toolPreamble: 'none' };
  const hasTools = (plan.calls?.tools.length ?? 0) > 0;
  const preambles = ['official', 'concise', 'none'] as const;
  const variants = [segments, renderOf(untold).segments, renderOf(withoutSystem(untold)).segments];
  const told = hasTools ? preambles.map((toolPreamble) => renderOf({ ...request, toolPreamble }).segments) : [];
  const [total = 0, withoutTools = 0, bare = 0, ...costs] = await countAll([...variants, ...told], tokenizer);
  // a template may bring a system text of its own where there is none
  const system = Math.max(0, withoutTools - bare);
  const [official = 0, concise = 0] = costs.map((cost) => cost - withoutTools);
  return {
    ...{ segments, control: facts.specialTokens.control, plan: describePlan(plan, { fixes, acts }), warnings },
    ...{ unit: tokenizer ? 'token' : 'character', contextTokens: found.contextTokens },
    counts: { tools: total - withoutTools, system, messages: withoutTools - system, total },
    toolCosts: hasTools ? { official, concise, none: 0 } : undefined,
  };
}

function withoutSystem(request: GenerateRequest): GenerateRequest {
  if (request.input.type !== 'chat') return request;
  const messages = request.input.messages.filter(({ role }) => role !== 'system' && role !== 'developer');
  return messages.length === 0 ? request : { ...request, input: { type: 'chat', messages } };
}

async function describeModel(id: string, found: FoundTemplates, tokenizer: AsyncTokenizer | undefined): Promise<EngineModel> {
  const { bos_token: bos, eos_token: eos, unk_token: unknown, pad_token: padding } = found.specialTokens;
  const specials = (await tokenizer?.describe())?.specials.map(({ content }) => content);
  const control = [...new Set(specials ?? Object.values(found.specialTokens))].sort((left, right) => right.length - left.length);
  const { default: chatTemplate, ...templateVariants } = found.templates;
  const roles = Object.entries({ bos, eos, unknown, padding }).filter(([, spelling]) => spelling !== undefined);
  return {
    ...{ id, contextTokens: found.contextTokens ?? Number.MAX_SAFE_INTEGER, templateVariants },
    ...(chatTemplate === undefined ? {} : { chatTemplate }),
    specialTokens: { ...Object.fromEntries(roles), addsBos: false, control },
  };
}

async function countAll(texts: readonly (readonly PromptSegment[])[], tokenizer: AsyncTokenizer | undefined): Promise<readonly number[]> {
  if (tokenizer) return tokenizer.count(texts);
  return texts.map((segments) => segments.reduce((sum, { text }) => sum + [...text].length, 0));
}
