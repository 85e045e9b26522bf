import { JinjaError } from '../../jinja/errors.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import { type LiteralJson, parseLiteralJson } from '../../text/literal-json.ts';
import { calledTools, specialTokens, userTurn } from './marks.ts';
import type { Handling, Variation } from './traits.ts';

/** Renders a template with these variables at this time; throws `JinjaError` where the template refuses. */
export type RenderTemplate = (variables: ReadonlyMap<string, LiteralJson>, now: Date) => string;

/** A prompt, or undefined where the template refused. */
export type Shown = string | undefined;

/** What is rendered besides the messages; an undefined variable is left out. */
export interface ShowOptions {
  readonly variables?: Readonly<Record<string, JsonValue | undefined>>;
  /** default true */
  readonly hasGenerationPrompt?: boolean;
  /** after the fixed time of all probes; default 0 */
  readonly laterMs?: number;
}

/** Asks a template. The same question is rendered once. */
export interface Prober {
  show(messages: readonly JsonObject[], options?: ShowOptions): Shown;
}

const noon = Date.UTC(2025, 0, 15, 12);

/**
 * Makes the prober of a template: fixed clock, special tokens that name themselves, and what transformers passes besides (no documents, tools none). A
 * template that refuses `tools: none` is asked without that variable; one that is for tools only, with tools.
 */
export function createProber(render: RenderTemplate): Prober {
  const usual = createShow(render, null);
  const shows = [usual, createShow(render, undefined), createShow(render, calledTools)];
  return { show: shows.find((show) => show([userTurn]) !== undefined) ?? usual };
}

function createShow(render: RenderTemplate, tools: JsonValue | undefined): Prober['show'] {
  const answers = new Map<string, Shown>();
  return (messages, { variables = {}, hasGenerationPrompt = true, laterMs = 0 } = {}) => {
    const given = { messages, tools, documents: null, add_generation_prompt: hasGenerationPrompt, ...specialTokens, ...variables };
    const json = JSON.stringify(given);
    const key = `${laterMs} ${json}`;
    if (!answers.has(key)) answers.set(key, renderOrNothing(render, json, new Date(noon + laterMs)));
    return answers.get(key);
  };
}

function renderOrNothing(render: RenderTemplate, json: string, now: Date): Shown {
  try {
    return render(parseLiteralJson(json) as ReadonlyMap<string, LiteralJson>, now);
  } catch (error) {
    if (error instanceof JinjaError) return undefined;
    throw error;
  }
}

/** Whether all these marks are in a prompt. */
export function judge(shown: Shown, ...marks: readonly string[]): Handling {
  if (shown === undefined) return 'refused';
  return marks.every((mark) => shown.includes(mark)) ? 'printed' : 'dropped';
}

/** What another spelling changed. Where the first spelling is refused and the other isn't, there is nothing to compare and nothing to mend: `same`. */
export function compare(first: Shown, other: Shown): Variation {
  if (other === undefined) return 'refused';
  if (first === undefined || first === other) return 'same';
  if (count(other, 'None') > count(first, 'None')) return 'prints-none';
  return count(other, 'null') > count(first, 'null') ? 'prints-null' : 'differs';
}

function count(text: string, word: string): number {
  return text.split(word).length - 1;
}

/** What stands behind the beginning that `text` has in common with `other`. */
export function afterCommonStart(text: string, other: string): string {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  return text.slice(at);
}
