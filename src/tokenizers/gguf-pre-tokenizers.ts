/** How a byte-pair vocabulary of a GGUF file cuts text into words, by its `tokenizer.ggml.pre`. */
export interface PreTokenizer {
  /** regular expressions, applied one after another; each match is a piece, and so is what lies between matches */
  readonly cuts: readonly string[];
  /** a word that is a token as a whole is taken whole */
  readonly ignoresMerges?: boolean;
  /** the begin-of-text token stands before a text, where the file does not say otherwise */
  readonly addsBos?: boolean;
  /** spaces are U+2581 and other bytes are `<0x0A>` in the vocabulary, instead of GPT-2's letters */
  readonly isSpelledInWords?: boolean;
}

const contractions = "'s|'t|'re|'ve|'m|'ll|'d";
const anyCaseContractions = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
const spaces = '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const gpt2 = `${contractions}| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+`;
const upper = '\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}';
const lower = '\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}';
const punctuationThenWord =
  '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*';
const hanAndKana = '[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+';
/** Chinese, letters between U+0800 and U+4E00, and Korean: DeepSeek's range. */
const eastAsian = '[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+';

/** Words of the GPT-4 kind; the number of digits that stay together is what models differ in. */
function gpt4(digits: string): string {
  return `${anyCaseContractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${spaces}`;
}

/** Words of the GPT-4o kind: cut where small letters are followed by capitals. */
function gpt4o(ending: string, digits: string): string {
  const start = '[^\\r\\n\\p{L}\\p{N}]?';
  const words = `${start}[${upper}]*[${lower}]+${ending}|${start}[${upper}]+[${lower}]*${ending}`;
  return `${words}|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${spaces}`;
}

const gpt2Words: PreTokenizer = { cuts: [gpt2] };
const digitsApart: PreTokenizer = { cuts: ['\\p{N}', gpt2] };
const llama3: PreTokenizer = { cuts: [gpt4('\\p{N}{1,3}')], ignoresMerges: true, addsBos: true };
const qwen2: PreTokenizer = { cuts: [gpt4('\\p{N}')] };
const deepSeek3: PreTokenizer = { cuts: ['\\p{N}{1,3}', hanAndKana, `${punctuationThenWord}|${spaces}`] };
const openAi: PreTokenizer = { cuts: [gpt4o(`${anyCaseContractions}?`, '\\p{N}{1,3}')] };
const gemma4: PreTokenizer = { cuts: ['[^\\n]+|[\\n]+'], isSpelledInWords: true, addsBos: true };

/** Letters of scripts with case, by DeepSeek-LLM's own list: it is not `\p{L}`. */
const casedLetters =
  'A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-\u1f7dᾀ-ᾴᾶ-ᾼ\u1fbeῂ-' +
  'ῄῆ-ῌῐ-\u1fd3ῖ-\u1fdbῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\u2126ℨ\u212a-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃';

const families: readonly (readonly [names: string, PreTokenizer])[] = [
  [
    'gpt-2 phi-2 jina-es jina-de gigachat jina-v2-es jina-v2-de a.x-4.0 mellum modern-bert exaone4 roberta-bpe jina-v1-en jina-v2-code',
    gpt2Words,
  ],
  ['mpt olmo jais trillion granite-docling', gpt2Words],
  ['starcoder refact command-r smollm codeshell exaone minerva-7b mellum2', digitsApart],
  ['llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano', llama3],
  ['dbrx smaug-bpe glm4 chatglm-bpe', { cuts: llama3.cuts }],
  ['minicpm5', { cuts: ['\\p{N}{1,3}', gpt4('\\p{N}+')], ignoresMerges: true }],
  ['qwen2 deepseek-r1-qwen kormo f2llmv2 megrez stablelm2 hunyuan solar-open grok-2', qwen2],
  [
    'qwen35',
    {
      cuts: [`${anyCaseContractions}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|${spaces}`],
    },
  ],
  ['deepseek-v3 hunyuan-dense joyai-llm hy_v4', deepSeek3],
  ['deepseek-llm', { cuts: ['[\\r\\n]', `\\s?[${casedLetters}]+`, '\\s?[!-/:-~！-／：-～‘-‟\u3000-。]+', '\\s+$', eastAsian, '\\p{N}+'] }],
  ['deepseek-coder', { cuts: ['[\\r\\n]', '\\s?\\p{L}+', '\\s?\\p{P}+', eastAsian, '\\p{N}'] }],
  ['gpt-4o llama4 kanana2 talkie minimax-m2', openAi],
  ['tekken', { cuts: [gpt4o('', '\\p{N}')], ignoresMerges: true, addsBos: true }],
  ['falcon', { cuts: ['[\\p{P}\\$\\+<=>\\^~\\|`]+', gpt2, '[0-9][0-9][0-9]'] }],
  ['bloom poro-chat gpt3-finnish', { cuts: [' ?[^(\\s|.,!?…。，、।۔،)]+'] }],
  ['viking', { cuts: [' ?[^(\\s|.,!?…。，、।۔،)]+', '\\p{N}'] }],
  ['seed-coder', { cuts: [`${anyCaseContractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}\\r\\n]+|${spaces}`] }],
  ['gemma4', gemma4],
  ['default', { cuts: ['[\\p{P}\\$\\+<=>\\^~\\|]+', gpt2, '\\p{N}+', '[0-9][0-9][0-9]'] }],
];

/**
 * The ways of cutting that are known, by the name that GGUF files carry. Source: llama.cpp of node-llama-cpp 3.22.1, src/llama-vocab.cpp; where that
 * adapts an expression to what its regex engine can do, this is the model's own (tokenizer.json).
 */
export const preTokenizers: ReadonlyMap<string, PreTokenizer> = new Map(
  families.flatMap(([names, preTokenizer]) => names.split(' ').map((name) => [name, preTokenizer] as const)),
);
