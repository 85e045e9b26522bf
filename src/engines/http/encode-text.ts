const encoder = new TextEncoder();
const scratch = new Uint8Array(256 * 1024);

/** The UTF-8 of a text. Written into memory that is at hand and copied out: `Buffer.from` would go through the text twice, and slowly. */
export function encodeText(text: string): Uint8Array {
  // a UTF-16 unit becomes three bytes at most
  if (text.length * 3 > scratch.length) return encoder.encode(text);
  return scratch.slice(0, encoder.encodeInto(text, scratch).written);
}
