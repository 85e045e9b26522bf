/** Where a field of an object stands in its text, and what is found on the way through it. */
export interface WrittenMember {
  readonly from: number;
  readonly to: number;
  /** members of the objects in it, at every depth, each as often as it is written */
  readonly members: number;
  /** of a long list: commas between its items, one every so many bytes */
  readonly cuts: readonly number[];
  /** its key has stood there before */
  readonly isRepeated: boolean;
}

type Scanned = Omit<WrittenMember, 'isRepeated'>;

const quote = 34;
const comma = 44;
const colon = 58;
const backslash = 92;
const openList = 91;
const closeList = 93;
const openObject = 123;
const closeObject = 125;
/** Texts are looked through byte by byte so far; in longer ones a search pays. */
const nearBytes = 16;

/**
 * The members of an object in UTF-8 JSON text, in one pass; of two equal keys the last one stays. Nothing is parsed but the keys. Undefined where the text is no object, or
 * its own commas, colons and keys are no JSON; whether the values are is left open.
 */
export function scanObject(bytes: Uint8Array, cutBytes: number): ReadonlyMap<string, WrittenMember> | undefined {
  const members = new Map<string, WrittenMember>();
  let at = skipBlanks(bytes, 0);
  if (bytes[at] !== openObject) return undefined;
  at = skipBlanks(bytes, at + 1);
  while (bytes[at] === quote) {
    const keyEnd = findStringEnd(bytes, at);
    const key = readKey(bytes.subarray(at, keyEnd));
    at = skipBlanks(bytes, keyEnd);
    if (key === undefined || bytes[at] !== colon) return undefined;
    const from = skipBlanks(bytes, at + 1);
    const value = scanValue(bytes, from, cutBytes);
    members.set(key, { ...value, isRepeated: members.has(key) });
    at = skipBlanks(bytes, value.to);
    if (bytes[at] !== comma) break;
    at = skipBlanks(bytes, at + 1);
    if (bytes[at] !== quote) return undefined;
  }
  return bytes[at] === closeObject && skipBlanks(bytes, at + 1) === bytes.length ? members : undefined;
}

function scanValue(bytes: Uint8Array, from: number, cutBytes: number): Scanned {
  const cuts: number[] = [];
  const isList = bytes[from] === openList;
  let nextCut = from + cutBytes;
  let members = 0;
  let depth = 0;
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === quote) at = findStringEnd(bytes, at) - 1;
    else if (byte === colon) members++;
    else if (byte === openObject || byte === openList) depth++;
    else if (byte === closeObject || byte === closeList) depth--;
    else if (byte === comma && depth === 1 && isList && at > nextCut) {
      cuts.push(at);
      nextCut = at + cutBytes;
    } else if (depth > 0 || !(byte === comma || isBlank(byte))) continue;
    else break;
    if (depth <= 0) {
      if (depth === 0) at++;
      break;
    }
  }
  return { from, to: at, members, cuts };
}

function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isBlank(bytes[at])) at++;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

/** `from` is at the opening quote. Gives where the text ends, past its closing quote. */
function findStringEnd(bytes: Uint8Array, from: number): number {
  const near = Math.min(bytes.length, from + nearBytes);
  let at = from + 1;
  for (; at < near; at++) {
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    if (byte === backslash) at++;
  }
  return at < bytes.length ? findFarEnd(bytes, at) : bytes.length;
}

/** `from` is no escaped character. */
function findFarEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(quote, from); at >= 0; at = bytes.indexOf(quote, at + 1)) {
    let before = at;
    while (before > from && bytes[before - 1] === backslash) before--;
    // after an odd number of backslashes it is a part of the text
    if ((at - before) % 2 === 0) return at + 1;
  }
  return bytes.length;
}

function readKey(written: Uint8Array): string | undefined {
  let key = '';
  for (let at = 1; at < written.length - 1; at++) {
    const byte = written[at] as number;
    if (byte < 32 || byte > 126 || byte === backslash) return readStrangeKey(written);
    key += String.fromCharCode(byte);
  }
  return key;
}

function readStrangeKey(written: Uint8Array): string | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(written)) as string;
  } catch {
    return undefined;
  }
}
