import { type AddonModel, tokenAttribute } from './addon.ts';

/** The tokens of a vocabulary that stand for structure (turns, roles, begin of text), not for text. */
export interface ControlTokens {
  /** their spellings, the longest first */
  readonly spellings: readonly string[];
  /** of these, the ones that llama.cpp reads in any text, also where it is told to look for none */
  readonly unruly: readonly string[];
  /** of these, the ones that swallow white space behind them */
  readonly swallowing: ReadonlySet<string>;
  /** spellings of further tokens that are looked for in any text before it is tokenised */
  readonly markers: readonly string[];
  has(token: number): boolean;
  /** the token of a spelling; undefined where none is spelt so */
  find(spelling: string): number | undefined;
}

/** llama.cpp makes plain markers of these where a vocabulary has all of them, to show them in answers. Source: llama.cpp, llama-vocab.cpp, "gpt-oss". */
const harmony: readonly string[] = ['<|channel|>', '<|message|>', '<|start|>', '<|constrain|>', '<|end|>'];

/** Finds them among a vocabulary's tokens, each looked at once. */
export function listControlTokens(
  model: Pick<AddonModel, 'getTokenAttributes' | 'getTokenString'>,
  vocabularyTokens: number,
): ControlTokens {
  const control = new Map<number, string>();
  const markers = new Map<string, number>();
  const swallowing = new Set<string>();
  for (let token = 0; token < vocabularyTokens; token++) {
    const attributes = model.getTokenAttributes(token);
    if ((attributes & (tokenAttribute.control | tokenAttribute.userDefined)) === 0) continue;
    const spelling = model.getTokenString(token) ?? '';
    if (attributes & tokenAttribute.control) control.set(token, spelling);
    else markers.set(spelling, token);
    if (attributes & tokenAttribute.stripsAfter) swallowing.add(spelling);
  }
  const unruly = harmony.every((spelling) => markers.has(spelling)) ? harmony : [];
  for (const spelling of unruly) control.set(markers.get(spelling) ?? -1, spelling);
  const bySpelling = new Map([...control].map(([token, spelling]) => [spelling, token]));
  const spellings = [...bySpelling.keys()].filter(Boolean);
  return {
    spellings: spellings.sort((left, right) => right.length - left.length),
    unruly,
    swallowing,
    markers: [...markers.keys()].filter((spelling) => !bySpelling.has(spelling)),
    has: (token) => control.has(token),
    find: (spelling) => bySpelling.get(spelling),
  };
}
