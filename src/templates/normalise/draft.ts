import type { IdSpec } from '../../dialects/dialect.ts';
import type { LiteralJson, LiteralJsonObject } from '../../text/literal-json.ts';
import type { TemplateTraits } from '../probe/traits.ts';

/** How calls and results are put into words where a template does not print them. */
export interface Wording {
  /** `calls` in the wire's form */
  readonly calls: (calls: readonly LiteralJson[]) => string;
  /** what a result reads like in a user's turn */
  readonly result: (name: string, content: string) => string;
}

/** What a step may look at. */
export interface StepContext {
  readonly traits: TemplateTraits;
  readonly hasTools: boolean;
  /** the ids that the model's format wants; undefined: as the template shows it */
  readonly ids: IdSpec | undefined;
  readonly wording: Wording;
  /** Notes that something was changed. */
  readonly note: (fix: Fix) => void;
}

/** A message on its way through the steps. */
export type DraftMessage = LiteralJsonObject;

/** Names of what was changed before rendering. */
export type Fix =
  | 'developer-as-system'
  | 'systems-joined'
  | 'system-in-user-turn'
  | 'parts-joined'
  | 'text-as-parts'
  | 'null-content'
  | 'text-in-a-turn-of-its-own'
  | 'empty-calls-left-out'
  | 'arguments-as-object'
  | 'arguments-as-text'
  | 'ids-fitted'
  | 'result-names'
  | 'calls-in-turns-of-their-own'
  | 'calls-in-text'
  | 'results-as-user-turns'
  | 'reasoning-names'
  | 'turns-joined'
  | 'empty-tools-left-out'
  | 'no-tools-as-empty-list'
  | 'tools-filled'
  | 'tools-in-own-variable'
  | 'one-begin-token';

/** The text of a message's content; parts are joined as vLLM does it. */
export function textOf(content: LiteralJson | undefined): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as readonly LiteralJson[]).flatMap(textOfPart).join('\n');
}

function textOfPart(part: LiteralJson): readonly string[] {
  if (typeof part === 'string') return [part];
  const text = part instanceof Map ? part.get('text') : undefined;
  return typeof text === 'string' ? [text] : [];
}

/** A message's role; '' where it has none. */
export function roleOf(message: DraftMessage): string {
  const role = message.get('role');
  return typeof role === 'string' ? role : '';
}

/** The name of the function that a call calls. */
export function nameOfCall(call: LiteralJson): string | undefined {
  const called = call instanceof Map ? (call as LiteralJsonObject).get('function') : undefined;
  const name = called instanceof Map ? (called as LiteralJsonObject).get('name') : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** A message's calls; none where it has no list of them. */
export function callsOf(message: DraftMessage): readonly LiteralJson[] {
  const calls = message.get('tool_calls');
  return Array.isArray(calls) ? (calls as readonly LiteralJson[]) : [];
}
