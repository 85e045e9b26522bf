/** Whitespace and control characters that JSON does not allow between tokens: no-break and wide spaces, the byte order mark. */
export function isStrangeBlank(letter: number): boolean {
  return (
    letter < 32 ||
    letter === 0xa0 ||
    letter === 0xfeff ||
    letter === 0x3000 ||
    (letter >= 0x2000 && letter <= 0x200b) ||
    letter >> 1 === 0x1014
  );
}

/** A letter of a key without quotes, in any script. */
export function isKeyLetter(letter: number): boolean {
  const isLetter = (letter >= 97 && letter <= 122) || (letter >= 65 && letter <= 90) || (letter >= 48 && letter <= 57);
  return isLetter || '_$-.'.includes(String.fromCharCode(letter)) || (letter >= 128 && !isStrangeBlank(letter));
}

/** A digit of base 16. */
export function isHexDigit(letter: number): boolean {
  return (letter >= 48 && letter <= 57) || (letter >= 65 && letter <= 70) || (letter >= 97 && letter <= 102);
}
