/** How a token behaves. Source: llama.cpp, `llama_token_type`. */
export const tokenTypes = { normal: 1, control: 3, userDefined: 4, unused: 5 } as const;

/** A vocabulary while it is being built: spelling and type of each token id. */
export interface VocabularyTokens {
  readonly spellings: string[];
  readonly types: number[];
  /** token id of each spelling */
  readonly ids: Map<string, number>;
  /** pairs that the tokeniser joins, in order of rank */
  readonly merges: readonly string[];
}

const byteLetters = makeByteLetters();

/** Merges that make ordinary words of prompts somewhat shorter than their bytes, as a real vocabulary does. */
const merges: readonly string[] = ['Ġ t', 'h e', 'i n', 'e r', 'Ġt he', 'o n', 'Ġ a', 'r e', 'n d', 'Ġa nd'];

/** The vocabulary every generated model begins with: the 256 bytes (ids 0 to 255, id = byte) and a few merged pairs. */
export function makeByteVocabulary(): VocabularyTokens {
  const merged = merges.map((pair) => pair.replace(' ', ''));
  const spellings = [...byteLetters, ...merged];
  return {
    spellings,
    types: spellings.map(() => tokenTypes.normal),
    ids: new Map(spellings.map((spelling, id) => [spelling, id])),
    merges,
  };
}

/** Appends a token and returns its id. Throws when the spelling is taken: two tokens cannot share one. */
export function addToken(vocabulary: VocabularyTokens, spelling: string, type: number): number {
  if (vocabulary.ids.has(spelling)) throw new RangeError(`the vocabulary already has a token ${JSON.stringify(spelling)}`);
  const id = vocabulary.spellings.push(spelling) - 1;
  vocabulary.types.push(type);
  vocabulary.ids.set(spelling, id);
  return id;
}

/** The spelling of a normal token that stands for these bytes, whole characters or not. Source: GPT-2, `bytes_to_unicode`. */
export function spellBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byteLetters[byte]).join('');
}

/** Printable bytes stand for themselves; the others take the letters from U+0100 on, in order. */
function makeByteLetters(): readonly string[] {
  const isPrintable = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let hidden = 0;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : 0x100 + hidden++));
}
