import { type Tool, textOf } from '../../protocol/message.ts';
import type { GenerateRequest } from '../../protocol/request.ts';
import { type FactStep, mayCallTools, type StepContext, sourceOf } from './fact-step.ts';
import { type RelevanceQuery, scoreTools } from './tool-relevance.ts';

/**
 * Warns where a request has more tools than the family copes with, and where selection is on, tells the model only of the likeliest ones. Those that were called
 * earlier or are named by the choice always stay, and all keep their order. Selection holds under `required` too: one of the tools that stay must be called.
 * A tool that is left out does not exist for the answer: a call of it is one of an unknown tool.
 * Another user message may choose other tools, and an engine's cached prompt ends before them then; within a loop of calls the choice stays.
 */
export const limitTools: FactStep = (request, context) => {
  if (!request.tools || !mayCallTools(request)) return request;
  const selected = applySelection(request, context);
  warnOverCap(selected, context);
  return selected;
};

function applySelection(request: GenerateRequest, { knowledge: { family, model }, settings, act, warn }: StepContext): GenerateRequest {
  const { tools = [] } = request;
  const wish = request.toolSelection ?? settings.toolSelection ?? 'off';
  const cap = family?.toolSoftCap;
  if (wish === 'auto' && !cap && request.toolSelection === 'auto') {
    warn(`How many tools '${model.id}' copes with is not known here, so \`tool_selection\` "auto" leaves none out. Send a number.`);
  }
  const most = wish === 'off' ? undefined : wish === 'auto' ? cap?.value : wish;
  if (most === undefined) return request;
  const kept = selectTools(request, most);
  if (kept.length === tools.length) return request;
  act(`tools-${kept.length}-of-${tools.length}`);
  const why = wish === 'auto' && cap ? `it chooses reliably among about ${most} (${sourceOf(cap)})` : `${most} are wished for`;
  warn(
    `'${model.id}' is told of ${kept.length} of ${tools.length} tools, the likeliest for the user's words: ${why}. Send \`tool_selection: "off"\` to tell it of all.`,
  );
  return { ...request, tools: kept };
}

function warnOverCap({ tools = [], toolChoice }: GenerateRequest, { knowledge: { family, model }, warn }: StepContext): void {
  const cap = family?.toolSoftCap;
  // of a named choice, only the one is told
  if (!cap || tools.length <= cap.value || typeof toolChoice === 'object') return;
  warn(
    `The request has ${tools.length} tools; '${model.id}' chooses reliably among about ${cap.value} (${sourceOf(cap)}). Send fewer, or \`tool_selection: "auto"\` to tell it of the likeliest.`,
  );
}

/** The user's last message counts most; the one before it says what "yes, do that" is about. */
const messageWeights: readonly number[] = [1, 0.5];

/**
 * The `most` tools (at least 1) that share most with the user's last messages, those first that were called or are named: of these all stay, even if they are
 * more. In the order of the request, of equal ones the first. The same choice of the same list is the same list again.
 */
export function selectTools(request: GenerateRequest, most: number): readonly Tool[] {
  const { tools = [] } = request;
  if (tools.length <= most) return tools;
  const needed = listNeeded(request);
  const scores = scoreTools(tools, listQueries(request));
  const worth = (index: number) => (needed.has(tools[index]?.name ?? '') ? Infinity : (scores[index] ?? 0));
  const neededCount = tools.filter(({ name }) => needed.has(name)).length;
  const order = tools.map((_, index) => index).sort((a, b) => compare(worth(b), worth(a)) || a - b);
  const kept = order.slice(0, Math.max(1, most, neededCount)).sort((a, b) => a - b);
  return kept.length === tools.length ? tools : recall(tools, kept);
}

/** Two infinities are equal; their difference is no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function listNeeded({ input, toolChoice }: GenerateRequest): ReadonlySet<string> {
  const called = input.type === 'chat' ? input.messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ name }) => name)) : [];
  return new Set(typeof toolChoice === 'object' ? [...called, toolChoice.name] : called);
}

function listQueries({ input }: GenerateRequest): readonly RelevanceQuery[] {
  const said = input.type === 'chat' ? input.messages.filter(({ role }) => role === 'user') : [];
  return messageWeights.flatMap((weight, back) => {
    const message = said.at(-1 - back);
    return message ? [{ text: textOf(message), weight }] : [];
  });
}

/** Choices of a list that were made before: what is made of a list of tools (descriptions, grammars) is kept with it. */
const choices = new WeakMap<readonly Tool[], Map<string, readonly Tool[]>>();
const mostChoices = 64;

function recall(tools: readonly Tool[], kept: readonly number[]): readonly Tool[] {
  const known = choices.get(tools) ?? new Map<string, readonly Tool[]>();
  choices.set(tools, known);
  const key = kept.join();
  const list = known.get(key) ?? kept.flatMap((index) => tools[index] ?? []);
  known.delete(key);
  known.set(key, list);
  const [oldest] = known.keys();
  if (known.size > mostChoices && oldest !== undefined) known.delete(oldest);
  return list;
}
