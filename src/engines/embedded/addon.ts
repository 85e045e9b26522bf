/**
 * The parts of node-llama-cpp's native addon that the step loop drives, as types. They are internals of version 3.22.1 (pinned exactly);
 * `native.ts` refuses to start and `test/embedded.test.ts` fails when one of them is gone. Source: node-llama-cpp 3.22.1, dist/bindings/AddonTypes.d.ts.
 */
export interface AddonModel {
  tokenize(text: string, parsesSpecial: boolean): Uint32Array;
  detokenize(tokens: Uint32Array, showsSpecial: boolean): string;
  tokenBos(): number;
  tokenEos(): number;
  getTokenString(token: number): string | undefined;
  /** bits of llama.cpp's `llama_token_attr` */
  getTokenAttributes(token: number): number;
  isEogToken(token: number): boolean;
  /** llama.cpp's `llama_vocab_type` */
  getVocabularyType(): number;
  shouldPrependBosToken(): boolean;
  getTrainContextSize(): number;
  getEmbeddingVectorSize(): number;
  getTotalParameters(): number;
  getModelSize(): number;
}

/** One context with several sequences; a batch may hold tokens of all of them. */
export interface AddonContext {
  initBatch(tokens: number): void;
  /** Gives the index of each wanted logit in the batch. */
  addToBatch(sequence: number, position: number, tokens: Uint32Array, wantedLogits: Uint32Array): Uint32Array;
  decodeBatch(): Promise<void>;
  sampleToken(logitIndex: number, sampler: AddonSampler): Promise<number>;
  sampleToken(
    logitIndex: number,
    sampler: AddonSampler,
    wantsProbabilities: false,
    wantsConfidence: false,
    logits: readonly [tokens: readonly number[], max: boolean, min: boolean, selected: boolean, top: number],
    wantsTotalWeight: true,
  ): Promise<
    readonly [token: number, probabilities: undefined, confidence: undefined, logits: readonly number[], totalLogitWeight: number]
  >;
  disposeSequence(sequence: number): void;
  removeTokenCellsFromSequence(sequence: number, start: number, end: number): boolean;
  copySequenceStateFromOtherSequence(target: number, source: number): Promise<number>;
  setThreads(threads: number): void;
  getThreads(): number;
}

/** A grammar's place in a text. */
export type AddonGrammarState = { readonly __grammarState: never };

/** What a sampler is told; it is told all of it each time. */
export interface AddonSamplerConfig {
  temperature: number;
  topK?: number;
  topP?: number;
  minP?: number;
  seed?: number;
  repeatPenalty?: number;
  repeatPenaltyMaxTokens?: number;
  repeatPenaltyTokens?: Uint32Array;
  grammarEvaluationState?: AddonGrammarState;
  tokenBiasKeys?: Uint32Array;
  tokenBiasValues?: Float32Array;
}

/** Draws tokens; keeps its random state and its history of tokens from one draw to the next. */
export interface AddonSampler {
  applyConfig(config: AddonSamplerConfig): void;
  dispose(): void;
}

/** The addon's constructors. */
export interface AddonBindings {
  readonly AddonSampler: new (model: AddonModel) => AddonSampler;
  readonly AddonGrammar: new (grammar: string, options: { addonExports: AddonBindings; rootRuleName: string }) => object;
  readonly AddonGrammarEvaluationState: new (model: AddonModel, grammar: object) => AddonGrammarState;
}

/** Bits of llama.cpp's token attributes that matter here. Source: llama.h, `enum llama_token_attr`. */
export const tokenAttribute = { unknown: 1, unused: 2, normal: 4, control: 8, userDefined: 16, byte: 32, stripsAfter: 256 } as const;

/** Kinds of vocabulary whose piece texts we can read. Source: llama.h, `enum llama_vocab_type`. */
export const vocabularyType = { sentencePiece: 1, bytePair: 2, unigram: 4 } as const;
