import { chargeLetters } from './budget.ts';
import type { Method } from './method.ts';
import { isPrintable, isSpaceText, lettersOf } from './unicode.ts';
import type { Value } from './values.ts';

const plain = (run: (text: string) => Value): Method => ({
  names: [],
  required: 0,
  isPositional: true,
  run: (self) => {
    chargeLetters((self as string).length);
    return run(self as string);
  },
});

const isCased = /[\p{Lu}\p{Ll}\p{Lt}\u2160-\u216f\u24b6-\u24cf\u00aa\u00ba\u2170-\u217f\u24d0-\u24e9]/u;
const isUpper = /[\p{Lu}\u2160-\u216f\u24b6-\u24cf]/u;
const isLower = /[\p{Ll}\u00aa\u00ba\u2170-\u217f\u24d0-\u24e9]/u;

/** First letter in title case, the others in lower case: Python's `str.capitalize`. */
export function capitalize(text: string): string {
  chargeLetters(text.length);
  const [first = '', ...rest] = lettersOf(text);
  return titleLetter(first) + rest.join('').toLowerCase();
}

const titleForms: Readonly<Record<string, string>> = {
  ǆ: 'ǅ',
  ǅ: 'ǅ',
  Ǆ: 'ǅ',
  ǉ: 'ǈ',
  ǈ: 'ǈ',
  Ǉ: 'ǈ',
  ǌ: 'ǋ',
  ǋ: 'ǋ',
  Ǌ: 'ǋ',
  ǳ: 'ǲ',
  ǲ: 'ǲ',
  Ǳ: 'ǲ',
};

function titleLetter(letter: string): string {
  const known = titleForms[letter];
  if (known !== undefined) return known;
  const upper = letter.toUpperCase();
  // ß becomes Ss, not SS
  return upper.length > letter.length ? (lettersOf(upper)[0] ?? '') + lettersOf(upper).slice(1).join('').toLowerCase() : upper;
}

function toTitle(text: string): string {
  let isAfterCased = false;
  let written = '';
  for (const letter of text) {
    written += isAfterCased ? letter.toLowerCase() : titleLetter(letter);
    isAfterCased = isCased.test(letter);
  }
  return written;
}

function swapCase(text: string): string {
  chargeLetters(text.length * 4);
  return lettersOf(text)
    .map((letter) => (isUpper.test(letter) ? letter.toLowerCase() : letter.toUpperCase()))
    .join('');
}

function isTitle(text: string): boolean {
  let isAfterCased = false;
  let isFound = false;
  for (const letter of text) {
    if (isUpper.test(letter) || /\p{Lt}/u.test(letter)) {
      if (isAfterCased) return false;
      isAfterCased = true;
      isFound = true;
    } else if (isLower.test(letter)) {
      if (!isAfterCased) return false;
      isFound = true;
    } else isAfterCased = false;
  }
  return isFound;
}

/** Whether every cased letter is upper (or lower) case and there is one. */
export function isAllCase(text: string, which: 'upper' | 'lower'): boolean {
  chargeLetters(text.length);
  const [wanted, other] = which === 'upper' ? [isUpper, isLower] : [isLower, isUpper];
  return wanted.test(text) && !other.test(text) && !/\p{Lt}/u.test(text);
}

const everyLetter = (pattern: RegExp) => plain((text) => pattern.test(text));

/** The str methods about case and kinds of letters. */
export const caseMethods: readonly (readonly [string, Method])[] = [
  ['lower', plain((text) => text.toLowerCase())],
  ['upper', plain((text) => text.toUpperCase())],
  ['casefold', plain((text) => text.replaceAll('ẞ', 'ss').toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ'))],
  ['swapcase', plain(swapCase)],
  ['title', plain(toTitle)],
  ['capitalize', plain(capitalize)],
  ['isupper', plain((text) => isAllCase(text, 'upper'))],
  ['islower', plain((text) => isAllCase(text, 'lower'))],
  ['istitle', plain(isTitle)],
  ['isspace', plain(isSpaceText)],
  ['isalpha', everyLetter(/^\p{L}+$/u)],
  ['isdecimal', everyLetter(/^\p{Nd}+$/u)],
  [
    'isdigit',
    everyLetter(
      /^[\p{Nd}\u00b2\u00b3\u00b9\u1369-\u1371\u19da\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792]+$/u,
    ),
  ],
  [
    'isnumeric',
    everyLetter(/^[\p{N}\u3405\u3483\u382a\u3b4d\u4e00\u4e03\u4e07\u4e09\u4e5d\u4e8c\u4e94\u516b\u516d\u5341\u5343\u53c1\u56db\u767e]+$/u),
  ],
  ['isalnum', everyLetter(/^[\p{L}\p{N}]+$/u)],
  ['isascii', everyLetter(/^[\x00-\x7f]*$/)],
  ['isidentifier', everyLetter(/^[\p{ID_Start}_][\p{ID_Continue}]*$/u)],
  ['isprintable', plain((text) => lettersOf(text).every(isPrintable))],
];
