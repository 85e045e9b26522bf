import { JinjaError } from '../../jinja/errors.ts';
import type { LiteralJsonObject } from '../../text/literal-json.ts';
import type { RenderTemplate } from './bench.ts';

/** What became of one conversation: a prompt, or the template's refusal. */
export type Outcome = { readonly text: string } | { readonly refusal: string };

/** A conversation that two templates do not render alike. */
export interface Difference {
  /** name of the conversation */
  readonly conversation: string;
  readonly left: Outcome;
  readonly right: Outcome;
}

/** Renders once; only a refusal of the template's own counts as an outcome. */
export function attemptRender(render: RenderTemplate, variables: LiteralJsonObject, now: Date): Outcome {
  try {
    return { text: render(variables, now) };
  } catch (error) {
    if (error instanceof JinjaError) return { refusal: error.message };
    throw error;
  }
}

/** Renders every conversation with two templates. Prompts must be equal to the letter; two refusals are equal whatever their words. */
export function compareTemplates(
  left: RenderTemplate,
  right: RenderTemplate,
  conversations: ReadonlyMap<string, LiteralJsonObject>,
  now: Date,
): readonly Difference[] {
  return [...conversations].flatMap(([conversation, variables]) => {
    const outcomes = [attemptRender(left, variables, now), attemptRender(right, variables, now)] as const;
    return areEqual(...outcomes) ? [] : [{ conversation, left: outcomes[0], right: outcomes[1] }];
  });
}

/** Whether two outcomes count as the same. */
function areEqual(left: Outcome, right: Outcome): boolean {
  return 'text' in left ? 'text' in right && left.text === right.text : 'refusal' in right;
}

/** The first place where two lists part, with what both have around it. */
export interface Parting<Item> {
  /** items that both share before it */
  readonly index: number;
  /** up to `context` shared items right before it */
  readonly before: readonly Item[];
  /** what follows on either side, up to `context` items; empty at the end */
  readonly left: readonly Item[];
  readonly right: readonly Item[];
}

/** Finds the first difference of two lists (tokens, or letters where no tokenizer is at hand); undefined where they are equal. */
export function findParting<Item>(left: readonly Item[], right: readonly Item[], context = 8): Parting<Item> | undefined {
  let index = 0;
  while (index < left.length && index < right.length && left[index] === right[index]) index++;
  if (index === left.length && index === right.length) return undefined;
  return {
    index,
    before: left.slice(Math.max(0, index - context), index),
    left: left.slice(index, index + context),
    right: right.slice(index, index + context),
  };
}
