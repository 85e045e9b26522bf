import type { JsonValue } from '../../protocol/json.ts';
import type { JsonNode, Node, RuleNode, Unenforced } from '../ir.ts';
import type { StepBudget } from '../regex/intersect-languages.ts';
import { RuleBook } from '../regex/rule-book.ts';
import { Validation } from '../validate/validation.ts';
import { Punctuation } from './punctuation.ts';
import type { Located, SchemaDocument } from './schema-document.ts';
import { makeSchemaError } from './schema-error.ts';
import type { StringGrammar } from './string-grammar.ts';

/** What no text is: a rule that is never defined; `pruneGrammar` takes out what needs it. */
export const never: RuleNode = { kind: 'rule', name: 'never' };

const mostRules = 10_000;
const mostParts = 200_000;
const mostReports = 200;

/** A schema that is being written out: the rules so far, what could not be held, and the budget. */
export class Expansion {
  readonly document: SchemaDocument;
  readonly rules = new RuleBook();
  readonly punctuation: Punctuation;
  readonly notation: JsonNode['notation'];
  readonly areObjectsClosed: boolean;
  /** answers whether a value is valid, and matches patterns */
  readonly validation: Validation;
  /** for machines of strings and names */
  readonly budget: StepBudget = { steps: 1_000_000 };
  readonly strings = new Map<string, StringGrammar>();
  readonly #reports = new Map<string, Unenforced>();
  readonly #shared = new Map<string, RuleNode>();
  readonly #open: (() => void)[] = [];
  #parts = 0;
  #combinations = 0;

  constructor(node: JsonNode, document: SchemaDocument) {
    this.document = document;
    this.rules.reserve(never.name);
    this.notation = node.notation;
    this.punctuation = new Punctuation(node.whitespace, node.notation, this.rules);
    this.areObjectsClosed = node.areObjectsClosed ?? false;
    this.validation = new Validation(document);
  }

  get unenforced(): readonly Unenforced[] {
    return [...this.#reports.values()];
  }

  /** Notes that the grammar allows more than the schema. */
  report(located: Located, keyword: string, reason: string): void {
    const path = located.pointer;
    if (this.#reports.size < mostReports) this.#reports.set(`${keyword} ${path}`, { path, keyword, reason });
  }

  /** Counts work. Throws `invalid_request` for a schema that would give too large a grammar. */
  spend(located: Located | undefined, parts = 1): void {
    this.#parts += parts;
    if (this.#parts > mostParts) throw makeSchemaError(located?.pointer ?? '', `written out it has more than ${mostParts} parts`);
  }

  /** The rule of the key; its body is written later, so that schemas may name themselves and long chains need no stack. */
  share(key: string, wish: string, write: () => Node): RuleNode {
    const known = this.#shared.get(key);
    if (known) return known;
    if (this.rules.rules.size + this.#open.length >= mostRules)
      throw makeSchemaError('', `written out it has more than ${mostRules} rules`);
    const rule = this.rules.reserve(wish);
    this.#shared.set(key, rule);
    this.#open.push(() => this.rules.define(rule, write()));
    return rule;
  }

  /** A rule with this body, for a part that is needed more than once; small parts stay themselves. */
  name(wish: string, body: Node): Node {
    if (body.kind === 'rule' || body.kind === 'text' || body.kind === 'chars') return body;
    const rule = this.#reserve(wish);
    this.rules.define(rule, body);
    return rule;
  }

  #reserve(wish: string): RuleNode {
    if (this.rules.rules.size + this.#open.length >= mostRules)
      throw makeSchemaError('', `written out it has more than ${mostRules} rules`);
    return this.rules.reserve(wish);
  }

  /** Whether a schema allows a value. */
  validates(located: Located, value: JsonValue): boolean {
    return this.validation.check(located, { value, path: '', failures: undefined, evaluated: undefined, nesting: 0 });
  }

  /** Counts combinations of options; false once there are too many. */
  mayCombine(count: number, most: number): boolean {
    this.#combinations += count;
    return this.#combinations <= most;
  }

  /** Writes the bodies that wait. */
  finish(): void {
    for (let write = this.#open.shift(); write; write = this.#open.shift()) write();
  }
}
