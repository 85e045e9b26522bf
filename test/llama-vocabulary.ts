import { getLlama, type Llama, LlamaLogLevel } from 'node-llama-cpp';
import type { AddonModel } from '#dist/engines/embedded/addon.js';
import { listControlTokens } from '#dist/engines/embedded/control-tokens.js';
import { PieceTokens } from '#dist/engines/embedded/piece-tokens.js';
import type { PromptPiece } from '#dist/engines/embedded/prompt-pieces.js';
import { tokenizeText } from '#dist/engines/embedded/run.js';

/** A stretch of prompt text, as `PromptSegment` of the program. */
export interface Segment {
  readonly text: string;
  readonly isLiteral: boolean;
}

/** llama.cpp's own tokenizer of one vocabulary, asked as the embedded engine asks it. */
export interface LlamaVocabulary {
  encode(segments: readonly Segment[]): readonly number[];
  /** the same without what is kept of texts that were seen before */
  encodeAfresh(segments: readonly Segment[]): readonly number[];
  spellingOf(id: number): string;
  readonly bosId: number;
  readonly eosId: number;
  readonly addsBos: boolean;
  close(): Promise<void>;
}

let engine: Promise<Llama> | undefined;

/** Loads the vocabulary of a GGUF file, and nothing else of it. */
export async function openLlamaVocabulary(path: string, tokens: number): Promise<LlamaVocabulary> {
  engine ??= getLlama({ build: 'never', skipDownload: true, gpu: false, logLevel: LlamaLogLevel.disabled });
  const model = await (await engine).loadModel({ modelPath: path, vocabOnly: true });
  const native = (model as unknown as { readonly _model: AddonModel })._model;
  const controls = listControlTokens(native, tokens);
  const facts = { specialTokens: { control: controls.spellings, addsBos: false } };
  const whole = { read: ({ text, hasSpecials }: PromptPiece) => [...native.tokenize(text, hasSpecials)] };
  const pieces = new PieceTokens({ ...controls, tokenize: (text, hasSpecials) => native.tokenize(text, hasSpecials) });
  const encodeWith = (reader: typeof whole) => (segments: readonly Segment[]) =>
    tokenizeText({ facts, model: native, controls, pieces: reader } as never, { segments, isPrompt: false });
  return {
    encode: encodeWith({ read: (piece) => [...pieces.read(piece)] }),
    encodeAfresh: encodeWith(whole),
    spellingOf: (id) => native.getTokenString(id) ?? '',
    bosId: native.tokenBos(),
    eosId: native.tokenEos(),
    addsBos: native.shouldPrependBosToken(),
    close: () => model.dispose(),
  };
}

/** Ends llama.cpp. */
export async function closeLlama(): Promise<void> {
  await (await engine)?.dispose();
  engine = undefined;
}
