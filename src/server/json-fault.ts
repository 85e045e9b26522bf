/** Where a text stops being JSON. `position`, `line` and `column` count UTF-16 units; lines and columns begin at 1. */
export interface JsonFault {
  readonly position: number;
  readonly line: number;
  readonly column: number;
  readonly expected: string;
}

/**
 * Finds the first place where a text is not JSON; undefined where it is JSON.
 * Asked only after the runtime's parser refused a body, because its messages differ by version and often name no place.
 * Linear in time, and no deeper in the stack however deep the text nests.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const scan = new JsonScan(text);
  const expected = scan.run();
  if (expected === undefined) return undefined;
  const before = text.slice(0, scan.position);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { position: scan.position, line: before.split('\n').length, column: scan.position - lineStart + 1, expected };
}

type Wanted = 'value' | 'first-item' | 'first-key' | 'key' | 'separator';

const words = ['true', 'false', 'null'];
const space = /[ \t\n\r]*/y;
const numeral = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

class JsonScan {
  readonly #text: string;
  /** the closing bracket of every open list and object */
  readonly #open: (']' | '}')[] = [];
  #wanted: Wanted = 'value';
  position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** What was expected at `position`; undefined when the whole text is JSON. */
  run(): string | undefined {
    for (;;) {
      this.#match(space);
      const fault = this.#step();
      if (fault !== undefined) return fault;
      if (this.#wanted !== 'separator' || this.#open.length > 0) continue;
      this.#match(space);
      return this.position === this.#text.length ? undefined : 'the end of the text';
    }
  }

  #step(): string | undefined {
    switch (this.#wanted) {
      case 'separator':
        return this.#separator();
      case 'first-key':
        return this.#take('}') ? this.#close() : this.#key('a name in quotes or "}"');
      case 'key':
        return this.#key('a name in quotes');
      case 'first-item':
        return this.#take(']') ? this.#close() : this.#value('a value or "]"');
      case 'value':
        return this.#value('a value');
      default:
        throw this.#wanted satisfies never;
    }
  }

  #separator(): string | undefined {
    const closing = this.#open.at(-1) ?? ']';
    if (this.#take(closing)) return this.#close();
    if (!this.#take(',')) return `"," or "${closing}"`;
    this.#wanted = closing === '}' ? 'key' : 'value';
    return undefined;
  }

  #key(expected: string): string | undefined {
    if (this.#text[this.position] !== '"') return expected;
    const fault = this.#string();
    if (fault !== undefined) return fault;
    this.#match(space);
    if (!this.#take(':')) return '":"';
    this.#wanted = 'value';
    return undefined;
  }

  #value(expected: string): string | undefined {
    if (this.#take('{')) return this.#enter('}', 'first-key');
    if (this.#take('[')) return this.#enter(']', 'first-item');
    this.#wanted = 'separator';
    if (this.#text[this.position] === '"') return this.#string();
    if (this.#match(numeral)) return undefined;
    const word = words.find((each) => this.#text.startsWith(each, this.position));
    this.position += word?.length ?? 0;
    return word === undefined ? expected : undefined;
  }

  #string(): string | undefined {
    this.position++;
    for (;;) {
      const code = this.#text.charCodeAt(this.position);
      if (Number.isNaN(code)) return 'a closing quote';
      if (code < 0x20) return 'no control character inside quotes';
      if (code === 0x22) break;
      if (code !== 0x5c) this.position++;
      else if (!this.#match(escaped)) return 'a valid escape';
    }
    this.position++;
    return undefined;
  }

  #enter(closing: ']' | '}', wanted: Wanted): undefined {
    this.#open.push(closing);
    this.#wanted = wanted;
  }

  #close(): undefined {
    this.#open.pop();
    this.#wanted = 'separator';
  }

  #take(character: string): boolean {
    const isThere = this.#text[this.position] === character;
    if (isThere) this.position++;
    return isThere;
  }

  /** Moves past the pattern; false when it is not there or empty. */
  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.position += found.length;
    return found !== '';
  }
}
