/** Fewer characters than this are guessed too soon. */
const leastChars = 16;

const examples = /^(sk-)?(1234|changeme|change[-_]|secret|password|example|test[-_]|your[-_]|my[-_]|xxx|placeholder|replace|insert[-_]|<)/i;

/** What is wrong with a key that callers are to send, as the rest of a sentence that begins with where it is; undefined: nothing. */
export function findKeyFault(key: string): string | undefined {
  if (!/^[\x21-\x7e]+$/.test(key)) return 'has spaces or characters that no header can carry';
  if (key.length < leastChars) return `has fewer than ${leastChars} characters`;
  if (examples.test(key) || new Set(key).size < 5) return 'is an example, not a secret';
  return undefined;
}
