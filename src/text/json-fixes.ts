/** What was not JSON in a value that was read as JSON. */
export type JsonFixCode =
  | 'python-literals'
  | 'single-quotes'
  | 'trailing-comma'
  | 'raw-newline'
  | 'bad-escape'
  | 'bare-keys'
  | 'comments'
  | 'bare-value'
  | 'number-spelling'
  | 'stray-quote'
  | 'missing-comma'
  | 'extra-comma'
  | 'missing-colon'
  | 'missing-value'
  | 'wrong-bracket'
  | 'unexpected-text'
  | 'duplicate-key'
  | 'coerced'
  | 'too-deep'
  | 'cut';

/** One repair. */
export interface JsonFix {
  readonly code: JsonFixCode;
  /** where, as a JSON pointer: `/city/0`; empty at the top. Keys count up to 256 characters */
  readonly path: string;
}

/** An array or object that is open. */
export interface JsonFrame {
  readonly isObject: boolean;
  /** the current key as it was sent, without its quotes */
  key: string | undefined;
  /** values that are complete */
  count: number;
  /** the keys so far */
  keys: Set<string> | undefined;
}

const mostFixes = 32;
const mostKeyChars = 256;
const mostKeys = 1000;

/** Where a transducer stands in its value, and what it had to repair. */
export class JsonPlace {
  readonly frames: JsonFrame[] = [];
  readonly #fixes: JsonFix[] = [];

  /** The first 32 repairs; the same one in a row is told once. */
  get fixes(): readonly JsonFix[] {
    return this.#fixes;
  }

  get top(): JsonFrame | undefined {
    return this.frames.at(-1);
  }

  open(isObject: boolean): void {
    this.frames.push({ isObject, key: undefined, count: 0, keys: undefined });
  }

  beginKey(): void {
    const { top } = this;
    if (top) top.key = undefined;
  }

  addKeyText(text: string): void {
    const { top } = this;
    if (top) top.key = (top.key ?? '') + text.slice(0, mostKeyChars - (top.key?.length ?? 0));
  }

  /** Notes the key that is complete now. JSON keeps the bytes of a key that came before; only the fact is told. */
  endKey(): void {
    const { top } = this;
    if (top?.key === undefined || top.key.length >= mostKeyChars) return;
    top.keys ??= new Set();
    if (top.keys.has(top.key)) this.fix('duplicate-key');
    else if (top.keys.size < mostKeys) top.keys.add(top.key);
  }

  path(): readonly (string | number)[] {
    return this.frames.flatMap((frame): (string | number)[] => {
      if (!frame.isObject) return [frame.count];
      return frame.key === undefined ? [] : [decodeKey(frame.key)];
    });
  }

  fix(code: JsonFixCode): void {
    if (this.#fixes.length >= mostFixes) return;
    const path = this.path()
      .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      .join('');
    const last = this.#fixes.at(-1);
    if (last?.code !== code || last.path !== path) this.#fixes.push({ code, path });
  }
}

function decodeKey(key: string): string {
  try {
    return String(JSON.parse(`"${key}"`));
  } catch {
    return key;
  }
}
