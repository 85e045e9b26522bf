/**
 * A token's bytes for people: characters as they are, bytes that are only a part of one as `\xe2`, and what would move a terminal's cursor or hide as
 * `\n`, `\t` or `\u200b`. A backslash is doubled, so that no two pieces look the same.
 */
export function showPiece(bytes: Uint8Array): string {
  let shown = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOfCharacter(bytes, at);
    if (length === 0) shown += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
    else shown += showCharacter(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(at, at + length)));
    at += Math.max(1, length);
  }
  return shown;
}

const names: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\\', '\\\\'],
]);

function showCharacter(character: string): string {
  const name = names.get(character);
  if (name !== undefined) return name;
  if (!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character)) return character;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Bytes of the character that begins here; 0 where none does. */
function lengthOfCharacter(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}
