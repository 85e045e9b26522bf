import type { ReasoningSwitch } from '../../models/model.ts';
import type { Message } from '../../protocol/message.ts';
import type { GenerateRequest, ReasoningEffort } from '../../protocol/request.ts';
import { type LiteralJson, printLiteralJson } from '../../text/literal-json.ts';
import { type FactStep, type StepContext, sourceOf } from './fact-step.ts';
import { findSaid, offLevels, readVariables, switchOf } from './thinking.ts';

/**
 * Turns `reasoningEffort` into what the family's switch is: a variable of its chat template, or words in the system message. `none` turns thinking off, every
 * other effort on; of levels the nearest is taken. What the caller's own variables and words say stays. Without a switch the effort changes nothing, which is
 * warned of unless the engine is told it.
 */
export const switchThinking: FactStep = (request, context) => {
  const { reasoningEffort: effort } = request;
  if (effort === undefined || request.input.type !== 'chat') return request;
  const way = switchOf(context.knowledge.family);
  if (!way || !mayUse(way, context)) {
    if (!context.settings.takesReasoningEffort) context.warn(sayNoSwitch(context));
    return request;
  }
  switch (way.kind) {
    case 'variable':
      return setVariable(request, context, {
        name: way.name,
        value: effort !== 'none',
        act: effort === 'none' ? 'thinking-off' : 'thinking-on',
      });
    case 'levels':
      return setLevel(request, context, { way, effort });
    case 'words':
      return sayWords(request, context, { way, isOn: effort !== 'none' });
    default:
      return way satisfies never;
  }
};

/** Words reach the model through every engine. */
function mayUse({ kind }: ReasoningSwitch, { settings }: StepContext): boolean {
  return kind === 'words' || (settings.takesTemplateVariables ?? true);
}

function sayNoSwitch({ knowledge: { family, model } }: StepContext): string {
  const why = !family
    ? 'how it thinks is not known here'
    : family.reasoning.value.kind === 'none'
      ? `it does not think (${sourceOf(family.reasoning)})`
      : switchOf(family)
        ? `its engine takes no variables of the chat template, and by one it is switched (${sourceOf(family.reasoning)})`
        : `it thinks, and no switch of it is known (${sourceOf(family.reasoning)})`;
  return `\`reasoning_effort\` changes nothing on '${model.id}': ${why}. Leave it out.`;
}

interface Setting {
  readonly name: string;
  readonly value: boolean | string;
  readonly act: string;
}

function setVariable(
  request: GenerateRequest,
  { knowledge, act, warn }: StepContext,
  { name, value, act: word }: Setting,
): GenerateRequest {
  const variables = readVariables(request.templateVariablesJson);
  if (variables.has(name)) {
    if (variables.get(name) !== value) {
      warn(`\`chat_template_kwargs\` sets \`${name}\` for '${knowledge.model.id}', so \`reasoning_effort\` does not. Send one of them.`);
    }
    return request;
  }
  act(word);
  const written = printLiteralJson(new Map<string, LiteralJson>([...variables, [name, value]]));
  return { ...request, templateVariablesJson: written };
}

interface LevelWish {
  readonly way: Extract<ReasoningSwitch, { kind: 'levels' }>;
  readonly effort: ReasoningEffort;
}

function setLevel(request: GenerateRequest, context: StepContext, { way, effort }: LevelWish): GenerateRequest {
  const { id } = context.knowledge.model;
  const value = nearestLevel(way.levels, effort);
  if (value === undefined) {
    context.warn(
      `\`reasoning_effort\` changes nothing on '${id}': its levels are ${way.levels.join(', ')}. Set \`${way.name}\` by \`chat_template_kwargs\`.`,
    );
    return request;
  }
  const changed = setVariable(request, context, { name: way.name, value, act: `effort-${value}` });
  if (changed !== request && effort === 'none' && !offLevels.has(value)) {
    context.warn(
      `'${id}' cannot be kept from thinking: \`reasoning_effort\` "none" becomes "${value}", its least. Send "${value}" instead.`,
    );
  }
  return changed;
}

/** Levels on one scale. `adaptive`: the model decides, which is in the middle. */
const ranks: Readonly<Record<string, number>> = {
  ...{ none: 0, off: 0, no_think: 0, disabled: 0 },
  ...{ minimal: 1, low: 2, medium: 3, adaptive: 3, high: 4, enabled: 4, xhigh: 5, max: 6 },
};

/** The level nearest to an effort, of two the lower; `none` is met by a level that turns thinking off, if there is one, and nothing else is. Undefined: no level is known. */
export function nearestLevel(levels: readonly string[], effort: ReasoningEffort): string | undefined {
  const known = levels.filter((level) => ranks[level] !== undefined);
  const fitting = known.filter((level) => offLevels.has(level) === (effort === 'none'));
  const distance = (level: string) => Math.abs(rankOf(level) - rankOf(effort));
  return (fitting.length > 0 ? fitting : known).toSorted((a, b) => distance(a) - distance(b) || rankOf(a) - rankOf(b))[0];
}

function rankOf(level: string): number {
  return ranks[level] ?? 0;
}

interface WordsWish {
  readonly way: Extract<ReasoningSwitch, { kind: 'words' }>;
  readonly isOn: boolean;
}

/** The words go before the system message's text: where models were taught them. */
function sayWords(request: GenerateRequest, { knowledge, act, warn }: StepContext, { way, isOn }: WordsWish): GenerateRequest {
  const said = findSaid(request, way);
  if (request.input.type !== 'chat' || (said ?? way.isOnByDefault) === isOn) return request;
  if (said !== undefined) {
    warn(
      `The messages say "${said ? way.on : way.off}" to '${knowledge.model.id}', so \`reasoning_effort\` does not count. Send one of them.`,
    );
    return request;
  }
  act(isOn ? 'thinking-on' : 'thinking-off');
  return { ...request, input: { ...request.input, messages: addToSystem(request.input.messages, isOn ? way.on : way.off) } };
}

function addToSystem(messages: readonly Message[], words: string): readonly Message[] {
  const [first, ...others] = messages;
  if (first?.role !== 'system' && first?.role !== 'developer') return [{ role: 'system', content: words }, ...messages];
  const { content } = first;
  const told = Array.isArray(content)
    ? [{ type: 'text', text: words } as const, ...content]
    : [words, content].filter(Boolean).join('\n\n');
  return [{ ...first, content: told } as Message, ...others];
}
