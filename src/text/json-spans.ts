/**
 * The members of an object in valid JSON text, each value as it was written; nothing is parsed but the keys. Of two equal keys the last value stays. A text that is no object
 * has none. Linear.
 */
export function listMembers(json: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let at = skipBlanks(json, 0);
  if (json[at] !== '{') return members;
  at = skipBlanks(json, at + 1);
  while (json[at] === '"') {
    const keyEnd = findStringEnd(json, at);
    const key = readKey(json.slice(at, keyEnd));
    const from = skipBlanks(json, skipBlanks(json, keyEnd) + 1);
    const to = findValueEnd(json, from);
    members.set(key, json.slice(from, to));
    at = skipSeparator(json, to);
  }
  return members;
}

/** The items of an array in valid JSON text, each as it was written. A text that is no array has none. */
export function listItems(json: string): readonly string[] {
  const items: string[] = [];
  let at = skipBlanks(json, 0);
  if (json[at] !== '[') return items;
  at = skipBlanks(json, at + 1);
  while (at < json.length && json[at] !== ']') {
    const to = findValueEnd(json, at);
    // no JSON
    if (to === at) break;
    items.push(json.slice(at, to));
    at = skipSeparator(json, to);
  }
  return items;
}

const quote = 34;
const backslash = 92;

function skipBlanks(json: string, from: number): number {
  let at = from;
  while (isBlank(json.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** Past the comma after a value, if one stands there. */
function skipSeparator(json: string, from: number): number {
  const at = skipBlanks(json, from);
  return json[at] === ',' ? skipBlanks(json, at + 1) : at;
}

function readKey(written: string): string {
  if (!written.includes('\\')) return written.slice(1, -1);
  try {
    return String(JSON.parse(written));
  } catch {
    // no JSON
    return written.slice(1, -1);
  }
}

/** `from` is at the opening quote. A quote after an odd number of backslashes is none. */
function findStringEnd(json: string, from: number): number {
  for (let at = json.indexOf('"', from + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let before = at;
    while (json.charCodeAt(before - 1) === backslash) before--;
    if ((at - before) % 2 === 0) return at + 1;
  }
  return json.length;
}

function findValueEnd(json: string, from: number): number {
  let depth = 0;
  let at = from;
  for (; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === quote) at = findStringEnd(json, at) - 1;
    else if (code === 123 || code === 91) depth++;
    // } and ]
    else if (code === 125 || code === 93) depth--;
    else if (depth > 0 || !(code === 44 || isBlank(code))) continue;
    else return at;
    if (depth < 0) return at;
    if (depth === 0) return at + 1;
  }
  return at;
}
