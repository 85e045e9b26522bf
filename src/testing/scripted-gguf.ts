import { addToken, makeByteVocabulary, spellBytes, tokenTypes, type VocabularyTokens } from './byte-vocabulary.ts';
import { afterToken, chatMlTemplate } from './chat-ml.ts';
import { type BigramModel, writeBigramModel } from './llama-gguf.ts';
import { type ScriptPiece, ScriptSplitter } from './script-pieces.ts';

/** What a scripted model writes. */
export interface Script {
  /** the text, byte for byte; '' ends the answer at once */
  readonly text: string;
  /**
   * The role whose message, as the last of the conversation, starts this script: the default chat template then ends the generation prompt with
   * the control token `<|after_ROLE|>` (a template of your own writes it itself). Absent on the first script only, which every other prompt starts.
   */
  readonly after?: string;
  /** `stop` (default): the end token follows; `loop`: the text begins again, without end; else the control token (of `controlTokens`) to write last */
  readonly end?: 'stop' | 'loop' | { readonly token: string };
  /** the tokens the text is written in, instead of cutting it automatically; joined they must give `text` */
  readonly pieces?: readonly (string | Uint8Array)[];
}

/** How a scripted model is made. */
export interface ScriptedModelOptions {
  /** a text stands for `{ text }` */
  readonly scripts: string | readonly Script[];
  /** Jinja source; default ChatML */
  readonly chatTemplate?: string;
  /** Jinja sources that stand in for it, by name (`tool_use`) */
  readonly templateVariants?: Readonly<Record<string, string>>;
  /** default 4096 */
  readonly contextTokens?: number;
  /** pads the vocabulary with unused tokens up to this size; default: what the scripts need */
  readonly vocabularyTokens?: number;
  /** wanted bytes of a piece, at least 2; default 5 */
  readonly pieceBytes?: number;
  /** more control tokens beside ChatML's; the first occurrence of one in a script is written as that token */
  readonly controlTokens?: readonly string[];
  /** tokens such as `<tool_call>` that are visible text; the first occurrence in a script is written as that token */
  readonly markerTokens?: readonly string[];
  /** the engine puts `<|endoftext|>` before every prompt; default false */
  readonly addsBos?: boolean;
  /** `general.name` in the file; default `scripted` */
  readonly name?: string;
}

/** What was written: token ids for tests that speak of them. */
export interface ScriptedModel {
  readonly path: string;
  readonly vocabularyTokens: number;
  readonly chatTemplate: string;
  /** id of `<|im_end|>`, which ends an answer */
  readonly eosToken: number;
  /** token ids of each script's pieces, in order, without what ends it */
  readonly scripts: readonly (readonly number[])[];
  /** id of any token by its spelling, control and marker tokens included */
  readonly tokenId: (spelling: string) => number;
}

const score = 40;

/**
 * Writes a tiny GGUF model (about 100 KB) that any llama.cpp loads in milliseconds and that writes a script, whatever the prompt, at any temperature:
 * each token makes exactly one next token likely. Prompts are tokenised byte by byte; the pieces of a script never come out of the tokeniser.
 * All pieces of all scripts must differ; texts are cut so that they do. Throws a RangeError when a text is too repetitive for that or pieces collide.
 * `ignore_eos` starts the first script again. Source: the recipe is ours; the format is ggml's GGUF 3 with llama's architecture.
 */
export function writeScriptedModel(path: string, options: ScriptedModelOptions): ScriptedModel {
  const scripts = typeof options.scripts === 'string' ? [{ text: options.scripts }] : options.scripts;
  checkStarts(scripts);
  const vocabulary = makeByteVocabulary();
  const [bosToken, , eosToken] = addControlTokens(vocabulary, scripts, options);
  const written = addPieces(vocabulary, scripts, options);
  addPadding(vocabulary, options.vocabularyTokens);
  const table = makeTable(scripts, written, vocabulary, eosToken);
  const chatTemplate = options.chatTemplate ?? chatMlTemplate(scripts.flatMap(({ after }) => after ?? []));
  const { contextTokens = 4096, addsBos = false, name = 'scripted', templateVariants = {} } = options;
  writeBigramModel(path, { name, templateVariants, vocabulary, eosToken, bosToken, addsBos, chatTemplate, contextTokens, ...table });
  const tokenId = (spelling: string) => idOf(vocabulary, spelling);
  return { path, vocabularyTokens: vocabulary.spellings.length, chatTemplate, eosToken, scripts: written, tokenId };
}

function checkStarts(scripts: readonly Script[]): void {
  if (scripts.length === 0) throw new RangeError('a scripted model needs at least one script');
  const starts = scripts.map(({ after }) => after);
  if (starts[0] !== undefined) throw new RangeError('the first script is the one that every prompt starts: it takes no `after`');
  if (starts.includes(undefined, 1)) throw new RangeError('every script but the first needs `after`, the role that starts it');
  if (new Set(starts).size !== starts.length) throw new RangeError('two scripts start after the same role');
}

function addControlTokens(
  vocabulary: VocabularyTokens,
  scripts: readonly Script[],
  options: ScriptedModelOptions,
): [number, number, number] {
  const addControl = (spelling: string) => addToken(vocabulary, spelling, tokenTypes.control);
  const ids: [number, number, number] = [addControl('<|endoftext|>'), addControl('<|im_start|>'), addControl('<|im_end|>')];
  for (const { after } of scripts) if (after !== undefined) addControl(afterToken(after));
  for (const spelling of options.controlTokens ?? []) addControl(spelling);
  for (const spelling of options.markerTokens ?? []) addToken(vocabulary, spelling, tokenTypes.userDefined);
  return ids;
}

/** Token ids of every script's pieces. */
function addPieces(vocabulary: VocabularyTokens, scripts: readonly Script[], options: ScriptedModelOptions): number[][] {
  const taken = new Set(scripts.flatMap(({ pieces = [] }) => pieces.map((piece) => Buffer.from(piece).toString('latin1'))));
  for (const merge of vocabulary.merges) taken.add(merge.replace(' ', '').replace('Ġ', ' '));
  const wholeTokens = [...(options.controlTokens ?? []), ...(options.markerTokens ?? [])];
  const splitter = new ScriptSplitter({ pieceBytes: Math.max(2, options.pieceBytes ?? 5), wholeTokens }, taken);
  return scripts.map(({ text, pieces }) => {
    const cut = pieces ? givenPieces(text, pieces) : splitter.split(text);
    return cut.map((piece) => (piece.kind === 'token' ? idOf(vocabulary, piece.spelling) : addPiece(vocabulary, piece.bytes)));
  });
}

function givenPieces(text: string, pieces: readonly (string | Uint8Array)[]): ScriptPiece[] {
  const bytes = pieces.map((piece) => Buffer.from(piece));
  if (Buffer.concat(bytes).equals(Buffer.from(text))) return bytes.map((piece) => ({ kind: 'bytes', bytes: piece }));
  throw new RangeError(`the pieces of the script ${JSON.stringify(text.slice(0, 40))} do not join to its text`);
}

function addPiece(vocabulary: VocabularyTokens, bytes: Uint8Array): number {
  return addToken(vocabulary, spellBytes(bytes), tokenTypes.normal);
}

function addPadding(vocabulary: VocabularyTokens, wanted = 0): void {
  while (vocabulary.spellings.length < wanted) addToken(vocabulary, `<|unused_${vocabulary.spellings.length}|>`, tokenTypes.unused);
}

function idOf(vocabulary: VocabularyTokens, spelling: string): number {
  const id = vocabulary.ids.get(spelling);
  if (id === undefined) throw new RangeError(`the vocabulary has no token ${JSON.stringify(spelling)}`);
  return id;
}

/**
 * The bigram table. Tokens that are followed by something of their own have an embedding axis of their own; all others share axis 0,
 * which leads to the first script.
 */
function makeTable(
  scripts: readonly Script[],
  written: readonly (readonly number[])[],
  vocabulary: VocabularyTokens,
  eosToken: number,
): Pick<BigramModel, 'embeddingLength' | 'embeddings' | 'outputs'> {
  const followers = [...followersOf(scripts, written, vocabulary, eosToken)];
  const embeddingLength = Math.ceil((followers.length + 1) / 32) * 32;
  const embeddings = new Float32Array(vocabulary.spellings.length * embeddingLength);
  const outputs = new Float32Array(embeddings.length);
  const weight = score / Math.sqrt(embeddingLength);
  const lead = (axis: number, token: number) => (outputs[token * embeddingLength + axis] = weight);
  for (let token = 0; token < vocabulary.spellings.length; token++) embeddings[token * embeddingLength] = 1;
  lead(0, written[0]?.[0] ?? endTokenOf(scripts[0], vocabulary, eosToken));
  for (const [index, [token, follower]] of followers.entries()) {
    embeddings[token * embeddingLength] = 0;
    embeddings[token * embeddingLength + index + 1] = 1;
    lead(index + 1, follower);
  }
  return { embeddingLength, embeddings, outputs };
}

/** The next token of each token that has one of its own. */
function followersOf(
  scripts: readonly Script[],
  written: readonly (readonly number[])[],
  vocabulary: VocabularyTokens,
  eosToken: number,
): Map<number, number> {
  const followers = new Map<number, number>();
  for (const [index, script] of scripts.entries()) {
    const tokens = written[index] ?? [];
    const end = endTokenOf(script, vocabulary, eosToken);
    const first = tokens[0] ?? end;
    if (script.after !== undefined) followers.set(idOf(vocabulary, afterToken(script.after)), first);
    for (const [position, token] of tokens.entries()) followers.set(token, tokens[position + 1] ?? (script.end === 'loop' ? first : end));
  }
  return followers;
}

function endTokenOf(script: Script | undefined, vocabulary: VocabularyTokens, eosToken: number): number {
  return typeof script?.end === 'object' ? idOf(vocabulary, script.end.token) : eosToken;
}
