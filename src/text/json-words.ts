/** A word without quotes that stands for a JSON number or literal. */
export interface JsonWord {
  readonly kind: 'number' | 'literal';
  /** valid JSON: the word itself where it was valid */
  readonly json: string;
  readonly fix?: 'python-literals' | 'number-spelling';
}

const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const looseNumber = /^[+-]?(?:(?:0|[1-9][\d_]*)(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?$/;

/** Other languages' words by their lower-case form; JSON has no number that is not finite, so those become null. */
const literals: ReadonlyMap<string, string> = new Map([
  ['true', 'true'],
  ['false', 'false'],
  ['null', 'null'],
  ['none', 'null'],
  ['nan', 'null'],
  ['undefined', 'null'],
  ['infinity', 'null'],
  ['inf', 'null'],
]);

/** What a whole word of at most 64 characters stands for; undefined if it is text without quotes (as `02134` is: a number would lose the zero). */
export function readJsonWord(word: string): JsonWord | undefined {
  if (number.test(word)) return { kind: 'number', json: word };
  const literal = literals.get(withoutSign(word));
  if (literal !== undefined) return makeLiteral(word, literal);
  return looseNumber.test(word) ? { kind: 'number', json: spellNumber(word), fix: 'number-spelling' } : undefined;
}

/** What a word stood for that the end of the input cut: a beginning of a literal is completed, a number loses what is unfinished (`1.5e` is 1.5, `-` null). */
export function readCutJsonWord(word: string): JsonWord | undefined {
  const whole = readJsonWord(word);
  if (whole) return whole;
  const begun = withoutSign(word);
  for (const [spelling, json] of literals) if (begun !== '' && spelling.startsWith(begun)) return makeLiteral(word, json);
  const trimmed = word.replace(/[eE]?[.+-]*$/, '');
  if (trimmed === '') return { kind: 'literal', json: 'null', fix: 'number-spelling' };
  return looseNumber.test(trimmed) ? { kind: 'number', json: spellNumber(trimmed), fix: 'number-spelling' } : undefined;
}

function withoutSign(word: string): string {
  const lower = word.toLowerCase();
  return /^[+-][in]/.test(lower) ? lower.slice(1) : lower;
}

function makeLiteral(word: string, json: string): JsonWord {
  return word === json ? { kind: 'literal', json } : { kind: 'literal', json, fix: 'python-literals' };
}

/** `+1_000.` → `1000`, `.5` → `0.5` */
function spellNumber(word: string): string {
  const digits = word
    .replaceAll('_', '')
    .replace(/^\+/, '')
    .replace(/^(-?)\./, '$10.');
  return digits.replace(/\.(?=$|[eE])/, '');
}

/**
 * A number that is too long to wait for: its digits are sent as they come; `.`, `e` and a sign wait for the digit behind them.
 */
export class LongNumber {
  /** what waits for a digit */
  #waiting = '';
  #hasPoint: boolean;
  #hasExponent: boolean;
  /** the digits that can be sent at once */
  readonly begun: string;

  private constructor(written: string) {
    this.begun = written.replace(/[.eE+-]+$/, '');
    this.#waiting = written.slice(this.begun.length);
    this.#hasPoint = written.includes('.');
    this.#hasExponent = /[eE]/.test(written);
  }

  /** Undefined if `written` cannot be the beginning of a JSON number. */
  static begin(written: string): LongNumber | undefined {
    return /^-?(?:0|[1-9]\d*)(?:\.\d*)?$|^-?(?:0|[1-9]\d*)(?:\.\d+)?[eE][+-]?\d*$/.test(written) ? new LongNumber(written) : undefined;
  }

  get isWaiting(): boolean {
    return this.#waiting !== '';
  }

  /** What to send for the next letter; undefined if it does not belong into the number. */
  take(letter: string): string | undefined {
    if (letter >= '0' && letter <= '9') {
      const text = this.#waiting + letter;
      this.#waiting = '';
      return text;
    }
    const isPoint = letter === '.' && !this.#hasPoint && !this.#hasExponent && this.#waiting === '';
    const isExponent = (letter === 'e' || letter === 'E') && !this.#hasExponent && this.#waiting === '';
    const isSign = (letter === '+' || letter === '-') && /^[eE]$/.test(this.#waiting);
    if (!isPoint && !isExponent && !isSign) return undefined;
    this.#hasPoint ||= isPoint;
    this.#hasExponent ||= isExponent;
    this.#waiting += letter;
    return '';
  }
}
