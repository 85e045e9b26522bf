import type { JsonValue } from '../protocol/json.ts';

/**
 * What output is allowed, free of any engine's notation. Sources (JSON schema, regex, choices, a user's grammar, a dialect with tools) become one of these; targets are
 * written from it. Plain data: equal parts are shared by naming them as rules.
 */
export interface Grammar {
  readonly root: Node;
  /** rules by name (letters, digits and `-`, beginning with a letter); they may name one another, also in circles, but not begin with themselves */
  readonly rules: ReadonlyMap<string, Node>;
}

/** A piece of a grammar. */
export type Node = TextNode | TokenNode | SequenceNode | ChoiceNode | RepeatNode | CharsNode | RuleNode | UntilNode | JsonNode;

/** Exactly this text. */
export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

/** A control token of the model, by its spelling; where a target knows no tokens, its text. */
export interface TokenNode {
  readonly kind: 'token';
  readonly spelling: string;
}

/** One after another; empty: the empty text. */
export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly Node[];
}

/** One of these; at least one. */
export interface ChoiceNode {
  readonly kind: 'choice';
  readonly options: readonly Node[];
}

/** `least` to `most` times; `most` undefined: any number. */
export interface RepeatNode {
  readonly kind: 'repeat';
  readonly item: Node;
  readonly least: number;
  readonly most: number | undefined;
}

/** One character (Unicode code point) of these ranges, both ends included; sorted, apart from one another, at least one. */
export interface CharsNode {
  readonly kind: 'chars';
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** A rule of the grammar. */
export interface RuleNode {
  readonly kind: 'rule';
  readonly name: string;
}

/** Any text, the empty one too, that holds none of the delimiters. */
export interface UntilNode {
  readonly kind: 'until';
  readonly delimiters: readonly string[];
}

/**
 * A JSON text that a schema allows, in our canonical form: declared properties in their order, then others. Targets that take schemas get the schema;
 * for the rest `expandJson` writes it out.
 */
export interface JsonNode {
  readonly kind: 'json';
  /** draft 2020-12; `true`: any value */
  readonly schema: JsonValue;
  /** the document that `$ref`s of the schema point into; the schema itself where absent */
  readonly document?: JsonValue;
  readonly whitespace: Whitespace;
  /** how text values are written: JSON strings, or the Python literals of pythonic calls */
  readonly notation: 'json' | 'python';
  /** objects that name properties and say nothing of others have no others; default false: the schema's word, others are allowed */
  readonly areObjectsClosed?: boolean;
}

/** White space between tokens of JSON: `none`, `one-space` (after `:` and `,`, as Python's json.dumps), or `loose` (at most one newline and 20 blanks). */
export type Whitespace = 'none' | 'one-space' | 'loose';

/** Something of a source that the grammar does not hold; it is checked after generation instead. */
export interface Unenforced {
  /** JSON pointer into the schema, or the place in a pattern */
  readonly path: string;
  /** the keyword or construct */
  readonly keyword: string;
  /** why, in words */
  readonly reason: string;
}

/** A grammar with what it leaves open. */
export interface ReadGrammar {
  readonly grammar: Grammar;
  readonly unenforced: readonly Unenforced[];
}
