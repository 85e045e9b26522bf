import type { PromptSegment } from '../protocol/engine.ts';
import type { Tool } from '../protocol/message.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { ModelKnowledge } from '../translate/model-knowledge.ts';
import type { Plan } from '../translate/plan.ts';
import { renderConversation } from '../translate/render-conversation.ts';

/** How much of a model's context its tools take. */
export interface ToolShare {
  readonly tools: number;
  /** tokens of the prompt that are there because of the tools */
  readonly tokens: number;
  readonly contextTokens: number;
  /** how they were told */
  readonly preamble: string;
}

/** What counting takes. */
export interface ShareQuestion {
  readonly request: GenerateRequest;
  readonly plan: Plan;
  readonly knowledge: ModelKnowledge;
  readonly countTokens: (segments: readonly PromptSegment[]) => Promise<number>;
}

/** A share of the context over which the tools leave too little for the conversation. */
const tooLargeShare = 0.25;

/** Longer lists are not counted: hardly any context takes them, which the request itself will tell. */
const mostChars = 256 * 1024;

const known = new WeakMap<readonly Tool[], Set<string>>();

/** Whether this list of tools is new for the model: each is counted once. */
export function isNewToolList({ request, plan, knowledge }: Omit<ShareQuestion, 'countTokens'>): boolean {
  if (!plan.calls || plan.calls.tools.length === 0 || !request.tools || plan.dialect === undefined) return false;
  if (request.tools.reduce((sum, { parametersJson = '' }) => sum + parametersJson.length, 0) > mostChars) return false;
  const models = known.get(request.tools) ?? new Set<string>();
  known.set(request.tools, models);
  const key = `${knowledge.model.id} ${plan.mode} ${plan.calls.preamble}`;
  if (models.has(key)) return false;
  models.add(key);
  return true;
}

/** Counts what the tools add to the prompt of one short message. */
export async function measureTools({ request, plan, knowledge, countTokens }: ShareQuestion): Promise<ToolShare> {
  const short: GenerateRequest = { ...request, input: { type: 'chat', messages: [{ role: 'user', content: 'Hi' }] } };
  const count = (which: Plan) => countTokens(renderConversation(short, { plan: which, knowledge, now: new Date() }).segments);
  const [told, untold] = await Promise.all([count(plan), count({ ...plan, mode: 'template', calls: undefined })]);
  return {
    tools: plan.calls?.tools.length ?? 0,
    tokens: told - untold,
    contextTokens: knowledge.model.contextTokens,
    preamble: plan.calls?.preamble ?? 'none',
  };
}

/** What is said of tools that take too much; undefined where they leave enough. */
export function warnOfShare({ tools, tokens, contextTokens, preamble }: ToolShare): string | undefined {
  if (tokens <= contextTokens * tooLargeShare) return undefined;
  const share = Math.round((tokens / contextTokens) * 100);
  const advice = preamble === 'official' ? ' Send fewer, shorten their descriptions, or set `tool_preamble` to "concise".' : ' Send fewer.';
  return `${tools} tools take ${tokens} of ${contextTokens} context tokens (${share} %).${advice}`;
}
