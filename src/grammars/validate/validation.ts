import { GatewayError } from '../../protocol/error.ts';
import type { JsonValue } from '../../protocol/json.ts';
import type { Located, SchemaDocument } from '../json-schema/schema-document.ts';
import { makeSchemaError } from '../json-schema/schema-error.ts';
import { compilePattern, type Pattern } from '../regex/match-pattern.ts';
import { RegexError } from '../regex/regex-error.ts';
import { checkArray } from './check-array.ts';
import { checkCombined } from './check-combined.ts';
import { checkObject } from './check-object.ts';
import { checkNumber, checkString, checkType, checkValues } from './check-scalar.ts';
import { writeSorted } from './json-equality.ts';

/** Something about a value that its schema does not allow. */
export interface Failure {
  /** JSON pointer into the value; '' is the whole */
  readonly path: string;
  /** `must be a string, but is a number` */
  readonly message: string;
}

/** The parts of a value that some keyword has looked at, for `unevaluatedProperties` and `unevaluatedItems`. */
export interface Evaluated {
  readonly names: Set<string>;
  readonly indexes: Set<number>;
}

/** A value that is checked: where it stands, and who wants to know. */
export interface Subject {
  readonly value: JsonValue;
  readonly path: string;
  /** where failures go; undefined: only whether there are any counts */
  readonly failures: Failure[] | undefined;
  readonly evaluated: Evaluated | undefined;
  /** schemas that are applied to this value around this one */
  readonly nesting: number;
}

const mostSteps = 1_000_000;
const charactersPerStep = 50;
const mostFailures = 20;
const deepestNesting = 150;
const deepest = 1_500;

/** One validation: counts its steps, keeps its patterns. */
export class Validation {
  readonly document: SchemaDocument;
  readonly #patterns = new Map<string, Pattern | undefined>();
  readonly #lists = new Map<readonly JsonValue[], ReadonlySet<string>>();
  readonly #texts = new WeakMap<object, string>();
  #steps = 0;
  #depth = 0;

  constructor(document: SchemaDocument) {
    this.document = document;
  }

  /** Whether the schema allows the subject. Throws `invalid_request` for a schema that costs too much or applies itself to the same value. */
  check(located: Located, subject: Subject): boolean {
    this.spend(1);
    if (subject.nesting > deepestNesting) throw makeSchemaError(located.pointer, 'it applies itself to the same value without end');
    if (this.#depth > deepest) throw makeSchemaError(located.pointer, `checking goes deeper than ${deepest} schemas`);
    this.#depth++;
    const isValid = this.#checkKeywords(located, subject);
    this.#depth--;
    return isValid;
  }

  #checkKeywords(located: Located, outer: Subject): boolean {
    const keywords = this.document.keywordsOf(located);
    if (keywords.isNever) return this.fail(outer, 'is not allowed here');
    // what stands beside `unevaluated…` has to be known to it, whoever asks
    const isWatching = keywords.object.unevaluated !== undefined || keywords.array.unevaluated !== undefined;
    const evaluated = isWatching ? { names: new Set<string>(), indexes: new Set<number>() } : outer.evaluated;
    const subject = isWatching ? { ...outer, evaluated } : outer;
    let isValid = checkType(this, keywords, subject);
    isValid = checkValues(this, keywords, subject) && isValid;
    isValid = checkCombined(this, located, keywords, subject) && isValid;
    if (typeof subject.value === 'string') isValid = checkString(this, keywords.string, subject) && isValid;
    else if (typeof subject.value === 'number') isValid = checkNumber(this, keywords.number, subject) && isValid;
    else if (Array.isArray(subject.value)) isValid = checkArray(this, keywords.array, subject) && isValid;
    else if (typeof subject.value === 'object' && subject.value !== null) isValid = checkObject(this, keywords.object, subject) && isValid;
    if (isWatching && isValid) addEvaluated(outer.evaluated, evaluated);
    return isValid;
  }

  /** Notes a failure; always false. */
  fail(subject: Subject, message: string): false {
    if (subject.failures && subject.failures.length < mostFailures) subject.failures.push({ path: subject.path, message });
    return false;
  }

  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps <= mostSteps) return;
    throw new GatewayError(
      'invalid_request',
      `Checking the value against the schema takes more than ${mostSteps} steps. Send a simpler schema.`,
    );
  }

  /** Whether the value is equal to one of these, which are read once. */
  isOneOf(value: JsonValue, allowed: readonly JsonValue[]): boolean {
    let texts = this.#lists.get(allowed);
    if (!texts) {
      this.spend(allowed.length);
      this.#lists.set(allowed, (texts = new Set(allowed.map(writeSorted))));
    }
    return texts.has(this.textOf(value));
  }

  /** The value as text that is the same for equal values; written once for each object and array. */
  textOf(value: JsonValue): string {
    if (typeof value !== 'object' || value === null) return writeSorted(value);
    const known = this.#texts.get(value);
    if (known !== undefined) return known;
    const text = writeSorted(value);
    this.#texts.set(value, text);
    this.spend(Math.ceil(text.length / charactersPerStep));
    return text;
  }

  /** Whether the text holds a match. A pattern that is no regular expression by our reading (look-around, backreferences) can't be checked and counts as matching. */
  matches(pattern: string, text: string, dialect: 'search' | 'full' = 'search'): boolean {
    const key = `${dialect} ${pattern}`;
    if (!this.#patterns.has(key)) this.#patterns.set(key, this.#compile(pattern, dialect));
    this.spend(text.length);
    return this.#patterns.get(key)?.matches(text) ?? true;
  }

  #compile(pattern: string, dialect: 'search' | 'full'): Pattern | undefined {
    try {
      return compilePattern(pattern, { dialect });
    } catch (error) {
      if (error instanceof RegexError && error.reason !== 'invalid') return undefined;
      throw error;
    }
  }
}

/** Adds what one schema looked at to what another one did. */
export function addEvaluated(to: Evaluated | undefined, from: Evaluated | undefined): void {
  if (!to || !from || to === from) return;
  for (const name of from.names) to.names.add(name);
  for (const index of from.indexes) to.indexes.add(index);
}
