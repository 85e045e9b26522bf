import { JinjaError } from '../../jinja/errors.ts';
import type { LiteralJson } from '../../text/literal-json.ts';
import { type Conversation, outline, toVariables, user } from './conversation.ts';
import type { Fault, FaultName } from './fault.ts';

/** Renders the template under check at a moment. Throws `JinjaError` where the template refuses. */
export type RenderTemplate = (variables: ReadonlyMap<string, LiteralJson>, now: Date) => string;

/** What came of a conversation. */
export type Attempt = { readonly text: string; readonly refusal?: undefined } | { readonly text?: undefined; readonly refusal: JinjaError };

/** Looks for one or more faults. */
export type Rule = (bench: Bench) => Fault | undefined;

/** A template on the bench: renders conversations for the rules, each once. */
export class Bench {
  readonly #render: RenderTemplate;
  readonly #attempts = new Map<string, Attempt>();
  /** what this template takes for no tools */
  readonly #noTools: null | undefined;

  constructor(render: RenderTemplate) {
    this.#render = render;
    this.#noTools = this.#attempt(toVariables({ messages: [user] }, null), noon).refusal === undefined ? null : undefined;
  }

  /** Renders; the clock stands at noon of 4 July 2025 if nothing else is asked for. */
  try(conversation: Conversation, now: Date = noon): Attempt {
    const key = JSON.stringify([conversation, now.getTime()]);
    const attempt = this.#attempts.get(key) ?? this.#attempt(toVariables(conversation, this.#noTools), now);
    this.#attempts.set(key, attempt);
    return attempt;
  }

  #attempt(variables: ReadonlyMap<string, LiteralJson>, now: Date): Attempt {
    try {
      return { text: this.#render(variables, now) };
    } catch (refusal) {
      if (refusal instanceof JinjaError) return { refusal };
      throw refusal;
    }
  }
}

const noon = new Date('2025-07-04T12:00:00Z');

/** A fault seen with a conversation. */
export function report(fault: FaultName, conversation: Conversation, message: string): Fault {
  return { fault, message, example: outline(conversation) };
}

/** A fault for a conversation that was refused; undefined where it was not. */
export function reportRefusal(fault: FaultName, conversation: Conversation, { refusal }: Attempt, what: string): Fault | undefined {
  return refusal && report(fault, conversation, `${what} is refused: ${refusal.message}`);
}

/** A short piece of a prompt, quoted, around a place in it. */
export function quote(text: string, at = 0, chars = 60): string {
  const start = Math.max(0, at - Math.floor(chars / 3));
  const piece = text.slice(start, start + chars);
  return `${start > 0 ? '…' : ''}${JSON.stringify(piece)}${start + chars < text.length ? '…' : ''}`;
}

/** Where two prompts part, quoted. */
export function quoteDifference(left: string, right: string): readonly [string, string] {
  let at = 0;
  while (at < left.length && at < right.length && left[at] === right[at]) at++;
  return [quote(left, at), quote(right, at)];
}
