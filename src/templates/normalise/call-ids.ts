import type { IdSpec } from '../../dialects/dialect.ts';
import type { LiteralJson } from '../../text/literal-json.ts';
import { isLiteralObject, withMembers } from '../conversation.ts';
import type { TemplateTraits } from '../probe/traits.ts';
import { callsOf, type DraftMessage, nameOfCall, roleOf, type StepContext } from './draft.ts';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Gives the calls of a conversation the ids that the model's template wants, the same at every turn: nothing is remembered between requests.
 * A result finds its call by the client's id; one whose id is unknown answers the first call that has no answer yet.
 */
export function fitCallIds(messages: readonly DraftMessage[], { traits, ids, note }: StepContext): readonly DraftMessage[] {
  const spec = ids ?? specOf(traits);
  if (!messages.some((message) => callsOf(message).length > 0 || roleOf(message) === 'tool')) return messages;
  const fitter = new IdFitter(spec);
  return messages.map((message) => {
    const fitted = fitter.fit(message);
    if (fitted !== message) note('ids-fitted');
    return fitted;
  });
}

/** What the template's own behaviour asks for. */
function specOf({ ids, calls }: TemplateTraits): IdSpec | undefined {
  if (calls.names === 'id') return { style: 'template', template: 'functions.{name}:{index}', counts: 'history' };
  return ids.shape === 'any' ? undefined : { style: 'alphanumeric', length: 9 };
}

class IdFitter {
  readonly #spec: IdSpec | undefined;
  readonly #fitted = new Map<string, string>();
  /** calls without a result yet */
  readonly #open: string[] = [];
  #count = 0;

  constructor(spec: IdSpec | undefined) {
    this.#spec = spec;
  }

  fit(message: DraftMessage): DraftMessage {
    if (roleOf(message) === 'tool') return this.#fitResult(message);
    if (this.#spec?.style === 'template' && this.#spec.counts === 'turn') this.#count = 0;
    const calls = callsOf(message);
    if (calls.length === 0) return message;
    const fitted = calls.map((call) => (isLiteralObject(call) ? this.#fitCall(call) : call));
    return fitted.every((call, index) => call === calls[index]) ? message : withMembers(message, { tool_calls: fitted });
  }

  #fitResult(message: DraftMessage): DraftMessage {
    const given = textOfId(message.get('tool_call_id'));
    const id = this.#fitted.get(given) ?? this.#open[0];
    if (id === undefined) return message;
    const at = this.#open.indexOf(id);
    if (at >= 0) this.#open.splice(at, 1);
    return id === given ? message : withMembers(message, { tool_call_id: id });
  }

  #fitCall(call: DraftMessage): DraftMessage {
    const given = textOfId(call.get('id'));
    const id = fitId(given, nameOfCall(call) ?? '', { spec: this.#spec, index: this.#count++ });
    this.#fitted.set(given, id);
    this.#open.push(id);
    return id === given ? call : withMembers(call, { id });
  }
}

function textOfId(id: LiteralJson | undefined): string {
  return typeof id === 'string' ? id : '';
}

function fitId(id: string, name: string, { spec, index }: { readonly spec: IdSpec | undefined; readonly index: number }): string {
  if (spec?.style === 'template') return spec.template.replace('{name}', () => name).replace('{index}', () => String(index));
  if (spec?.style !== 'alphanumeric') return id;
  const isFit = id.length === spec.length && /^[A-Za-z0-9]+$/.test(id);
  return isFit ? id : hashToLetters(id, spec.length);
}

/** Letters and digits that stand for a text: FNV-1a, drawn on for each letter. Two ids of one conversation do not meet by chance. */
function hashToLetters(text: string, length: number): string {
  let hashed = '';
  for (let round = 0; round < length; round++) {
    let hash = 0x811c9dc5 ^ (round * 0x9e3779b1);
    for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    hash ^= hash >>> 15;
    hashed += letters.charAt((hash >>> 0) % letters.length);
  }
  return hashed;
}
