import { GatewayError } from '../protocol/error.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import type { BodyRules, Redecoding } from './node.ts';
import type { Target } from './routes/target.ts';

/** A request as one target wants it, and what was left out of its body for that. */
interface RequestForm {
  readonly request: GenerateRequest;
  readonly dropped: readonly string[];
}

/** Fields without which there is no request. */
const needed: ReadonlySet<string> = new Set(['model', 'messages', 'prompt', 'input', 'tags']);

/** Fields that are left out of one body at most: an engine that names ever others is not believed. */
const mostDropped = 32;

/** One request in the forms that its targets want: with the operator's default fields, and without those that are to be left out. */
export class RequestForms {
  readonly #redecoding: Redecoding | undefined;
  readonly #forms = new Map<BodyRules | undefined, RequestForm>();
  readonly #given: RequestForm;

  constructor(request: GenerateRequest, redecoding: Redecoding | undefined) {
    this.#redecoding = redecoding;
    this.#given = { request, dropped: redecoding?.dropped ?? [] };
    this.#forms.set(redecoding?.rules, this.#given);
  }

  /** What `use` makes of the request. A field that it refuses is left out where the operator wants that. Throws what decoding and `use` throw. */
  forTarget<Result>({ bodyRules }: Target, use: (request: GenerateRequest) => Result): RequestForm & { readonly result: Result } {
    for (;;) {
      const form = this.#form(bodyRules);
      try {
        return { ...form, result: use(form.request) };
      } catch (error) {
        if (!this.leaveOut(bodyRules, error)) throw error;
      }
    }
  }

  /** Leaves out the field that was refused, where the operator wants that; gives whether there was one. */
  leaveOut(rules: BodyRules | undefined, refusal: unknown): boolean {
    const field = rules?.dropsUnsupported ? refusedField(refusal) : undefined;
    const form = this.#form(rules);
    if (field === undefined || !rules || !this.#redecoding || form.dropped.includes(field) || form.dropped.length >= mostDropped)
      return false;
    const { request, dropped } = this.#redecoding.decode({ ...rules, drops: [...rules.drops, ...form.dropped, field] });
    this.#forms.set(rules, { request, dropped: [...new Set([...form.dropped, field, ...dropped])] });
    return true;
  }

  #form(rules: BodyRules | undefined): RequestForm {
    if (!this.#redecoding) return this.#given;
    const known = this.#forms.get(rules);
    if (known) return known;
    const form = this.#redecoding.decode(rules);
    this.#forms.set(rules, form);
    return form;
  }
}

/** The field of the body that was refused because nothing here or there can honour it; undefined for other failures, and where there is no request without it. */
export function refusedField(error: unknown): string | undefined {
  if (!(error instanceof GatewayError) || (error.code !== 'unsupported_feature' && error.code !== 'unknown_parameter')) return undefined;
  const { param } = error;
  return param !== undefined && /^\w+$/.test(param) && !needed.has(param) ? param : undefined;
}
