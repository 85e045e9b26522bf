import { GatewayError } from '../protocol/error.ts';

/** A number as it was written: `1.0`, `1e400` and 9007199254740993 stay what they are. */
export class LiteralNumber {
  /** JSON number text */
  readonly written: string;

  constructor(written: string) {
    this.written = written;
  }

  /** `5` and `5e0` are not the same here: only digits with an optional minus are an integer. */
  get isInteger(): boolean {
    return !/[.eE]/.test(this.written);
  }
}

/** JSON with its numbers as they were written and its keys in their order (integer-like keys too, hence a map). Of two equal keys the last value stays, at the first one's place. */
export type LiteralJson = string | boolean | null | LiteralNumber | readonly LiteralJson[] | LiteralJsonObject;
/** An object of literal JSON. */
export type LiteralJsonObject = ReadonlyMap<string, LiteralJson>;

export interface LiteralJsonLimits {
  /** arrays and objects in one another, default 128 */
  readonly maxDepth?: number;
  /** default 16 Mi characters */
  readonly maxChars?: number;
}

/** Why a text is not literal JSON. `code` is `invalid_json`. */
export class LiteralJsonError extends GatewayError {
  readonly reason: 'syntax' | 'too-deep' | 'too-long';
  /** UTF-16 units from the start of the text */
  readonly offset: number;

  constructor(reason: LiteralJsonError['reason'], message: string, offset: number) {
    super('invalid_json', message);
    this.reason = reason;
    this.offset = offset;
  }
}

/** Reads JSON text in linear time. Throws `LiteralJsonError` with the place and what was expected; the same texts as `JSON.parse` takes, within the limits. */
export function parseLiteralJson(text: string, limits: LiteralJsonLimits = {}): LiteralJson {
  const maxChars = limits.maxChars ?? 16 * 1024 * 1024;
  if (text.length > maxChars) {
    throw new LiteralJsonError('too-long', `The JSON text has ${text.length} characters; at most ${maxChars} are read.`, maxChars);
  }
  const parser = new LiteralParser(text, limits.maxDepth ?? 128);
  return parser.parseWhole();
}

const numberHere = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const stringRun = /[^"\\\u0000-\u001f]*/y;
const blankHere = /[ \n\t\r]*/y;

class LiteralParser {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;
  #depth = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  parseWhole(): LiteralJson {
    const value = this.#parseValue();
    if (this.#at < this.#text.length) throw this.#unexpected('the end');
    return value;
  }

  /** A value with the whitespace around it. */
  #parseValue(): LiteralJson {
    this.#skipBlanks();
    const value = this.#parseBare();
    this.#skipBlanks();
    return value;
  }

  #parseBare(): LiteralJson {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#nested(() => this.#parseObject());
      case '[':
        return this.#nested(() => this.#parseArray());
      case '"':
        return this.#parseString();
      case 't':
        return this.#parseWord('true', true);
      case 'f':
        return this.#parseWord('false', false);
      case 'n':
        return this.#parseWord('null', null);
      default:
        return new LiteralNumber(this.#match(numberHere) || this.#fail('a value'));
    }
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > this.#maxDepth) {
      throw new LiteralJsonError('too-deep', `The JSON text nests deeper than ${this.#maxDepth} at ${this.#place()}.`, this.#at);
    }
    this.#at++;
    this.#skipBlanks();
    const value = parse();
    this.#depth--;
    return value;
  }

  #parseObject(): LiteralJson {
    const object = new Map<string, LiteralJson>();
    if (this.#passes('}')) return object;
    for (;;) {
      this.#skipBlanks();
      const key = this.#text[this.#at] === '"' ? this.#parseString() : this.#fail('a key in double quotes');
      this.#skipBlanks();
      if (!this.#passes(':')) throw this.#unexpected('":"');
      object.set(key, this.#parseValue());
      if (this.#passes('}')) return object;
      if (!this.#passes(',')) throw this.#unexpected('"," or "}"');
    }
  }

  #parseArray(): LiteralJson {
    const items: LiteralJson[] = [];
    if (this.#passes(']')) return items;
    for (;;) {
      items.push(this.#parseValue());
      if (this.#passes(']')) return items;
      if (!this.#passes(',')) throw this.#unexpected('"," or "]"');
    }
  }

  #parseString(): string {
    const start = this.#at++;
    let isPlain = true;
    for (;;) {
      this.#match(stringRun);
      if (this.#passes('"')) break;
      if (this.#text[this.#at] !== '\\') throw this.#unexpected('the rest of a string (line breaks are written \\n)');
      isPlain = false;
      this.#at += 2;
    }
    return isPlain ? this.#text.slice(start + 1, this.#at - 1) : this.#decode(start);
  }

  #decode(start: number): string {
    try {
      return String(JSON.parse(this.#text.slice(start, this.#at)));
    } catch {
      this.#at = start;
      return this.#fail('a string with valid escapes');
    }
  }

  #parseWord<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected('a value');
    this.#at += word.length;
    return value;
  }

  #passes(letter: string): boolean {
    const stands = this.#text[this.#at] === letter;
    if (stands) this.#at++;
    return stands;
  }

  #skipBlanks(): void {
    this.#match(blankHere);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #fail(expected: string): never {
    throw this.#unexpected(expected);
  }

  #unexpected(expected: string): LiteralJsonError {
    const offset = Math.min(this.#at, this.#text.length);
    const found = offset < this.#text.length ? JSON.stringify(this.#text[offset]) : 'the end';
    return new LiteralJsonError('syntax', `Expected ${expected} at ${this.#place()}, found ${found}.`, offset);
  }

  #place(): string {
    const before = this.#text.slice(0, this.#at);
    const line = before.split('\n').length;
    return `line ${line}, column ${before.length - before.lastIndexOf('\n')}`;
  }
}

/** How to print; the default is compact, as `JSON.stringify` does it. */
export interface LiteralJsonStyle {
  /** between items, default `,` */
  readonly itemSeparator?: string;
  /** after a key, default `:` */
  readonly keySeparator?: string;
  /** spaces a level, each item on its own line; default none */
  readonly indent?: number;
  /** writes everything outside ASCII as `\uXXXX`, default false */
  readonly isAscii?: boolean;
}

/** How Python's `json.dumps` prints by default, but with letters of all scripts as they are (chat templates do so). Source: Python 3 json, Hugging Face chat templates. */
export const pythonJsonStyle: LiteralJsonStyle = { itemSeparator: ', ', keySeparator: ': ' };

/** Prints literal JSON: numbers as they were written, keys in their order. */
export function printLiteralJson(value: LiteralJson, style: LiteralJsonStyle = {}): string {
  return print(value, style, 0);
}

function print(value: LiteralJson, style: LiteralJsonStyle, level: number): string {
  if (value instanceof LiteralNumber) return value.written;
  if (typeof value === 'string') return printString(value, style);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isObject(value)) {
    const members = [...value].map(
      ([key, item]) => `${printString(key, style)}${style.keySeparator ?? ':'}${print(item, style, level + 1)}`,
    );
    return `{${joinItems(members, style, level)}}`;
  }
  const items = value.map((item) => print(item, style, level + 1));
  return `[${joinItems(items, style, level)}]`;
}

function joinItems(items: readonly string[], style: LiteralJsonStyle, level: number): string {
  const separator = style.itemSeparator ?? ',';
  if (style.indent === undefined || items.length === 0) return items.join(separator);
  const inner = `\n${' '.repeat(style.indent * (level + 1))}`;
  return `${inner}${items.join(separator.trimEnd() + inner)}\n${' '.repeat(style.indent * level)}`;
}

function printString(text: string, style: LiteralJsonStyle): string {
  const printed = JSON.stringify(text);
  if (style.isAscii !== true) return printed;
  return printed.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function isObject(value: readonly LiteralJson[] | LiteralJsonObject): value is LiteralJsonObject {
  return value instanceof Map;
}
