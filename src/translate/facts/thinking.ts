import type { ModelDefinition, ReasoningSwitch } from '../../models/model.ts';
import { type Message, textOf } from '../../protocol/message.ts';
import type { GenerateRequest } from '../../protocol/request.ts';
import { isLiteralObject } from '../../templates/conversation.ts';
import { type LiteralJson, type LiteralJsonObject, parseLiteralJson } from '../../text/literal-json.ts';

/** Levels that turn thinking off, by the words that families use. */
export const offLevels: ReadonlySet<string> = new Set(['none', 'off', 'no_think', 'disabled']);

/** How thinking of a family is turned on and off; undefined where it does not think, or cannot be kept from it. */
export function switchOf(family: ModelDefinition | undefined): ReasoningSwitch | undefined {
  const reasoning = family?.reasoning.value;
  return reasoning === undefined || reasoning.kind === 'none' ? undefined : reasoning.switch;
}

/** Whether a model of the family thinks before it answers this request: by its nature, or as its switch stands. `isTold`: its engine is told the effort and switches it. */
export function willThink(request: GenerateRequest, family: ModelDefinition | undefined, isTold = false): boolean {
  const way = switchOf(family);
  if (!way) return family !== undefined && family.reasoning.value.kind !== 'none';
  if (way.kind === 'words') return findSaid(request, way) ?? way.isOnByDefault;
  const { reasoningEffort: effort } = request;
  if (isTold && effort !== undefined)
    return effort !== 'none' || (way.kind === 'levels' && !way.levels.some((level) => offLevels.has(level)));
  const given = readVariables(request.templateVariablesJson).get(way.name);
  if (way.kind === 'variable') return typeof given === 'boolean' ? given : way.isOnByDefault;
  return !offLevels.has(typeof given === 'string' ? given : way.byDefault);
}

/** What the conversation's own words say last: on, off, or nothing. */
export function findSaid({ input }: GenerateRequest, { on, off }: { readonly on: string; readonly off: string }): boolean | undefined {
  if (input.type !== 'chat') return undefined;
  const said = input.messages
    .filter(({ role }) => role !== 'assistant' && role !== 'tool')
    .map((message) => findInMessage(message, on, off));
  return said.findLast((each) => each !== undefined);
}

function findInMessage(message: Message, on: string, off: string): boolean | undefined {
  const text = textOf(message);
  const [onAt, offAt] = [findWords(text, on), findWords(text, off)];
  return onAt === offAt ? undefined : onAt > offAt;
}

/** Where words stand last as words of their own (`/think` is not in `</think>`); -1: nowhere. */
function findWords(text: string, words: string): number {
  for (let at = text.lastIndexOf(words); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(words, at - 1)) {
    const isWithin =
      /[\p{L}\p{N}_<]$/u.test(text.slice(Math.max(0, at - 2), at)) ||
      /^[\p{L}\p{N}_]/u.test(text.slice(at + words.length, at + words.length + 2));
    if (!isWithin) return at;
  }
  return -1;
}

const noVariables: LiteralJsonObject = new Map<string, LiteralJson>();

/** The request's variables of the chat template; none where it has none. */
export function readVariables(json: string | undefined): LiteralJsonObject {
  const variables = json === undefined ? undefined : parseLiteralJson(json);
  return isLiteralObject(variables) ? variables : noVariables;
}
