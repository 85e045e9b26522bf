/** Spreads 32 bits over 32 bits: every input bit reaches every output bit. Source: MurmurHash3 by Austin Appleby, the end of its 32-bit form (public domain). */
export function mixBits(bits: number): number {
  const first = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (second ^ (second >>> 16)) >>> 0;
}

/** 32 bits of a text, the same on every machine. Source: FNV-1a over UTF-16 units, mixed at the end. */
export function hashText(text: string): number {
  let bits = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193);
  return mixBits(bits);
}
