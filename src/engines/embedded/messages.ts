import type { Delta, EngineEnd, EngineGrammar, EngineModel, PromptSegment, TextToTokenize } from '../../protocol/engine.ts';
import type { ErrorCode } from '../../protocol/error.ts';
import type { Drawing } from '../../protocol/request.ts';

/** What the child process loads. */
export interface LoadOptions {
  /** a GGUF file */
  readonly modelPath: string;
  /** the model's name */
  readonly modelId: string;
  /** answers generated at once, 1 to 256 */
  readonly slots: number;
  /** tokens of each slot; absent: chosen by the model and the free memory */
  readonly contextTokens?: number;
  /** absent: one core less than the machine has */
  readonly threads?: number;
  readonly gpu: 'auto' | 'off';
  /** layers on the GPU, 0 or more; more than fit fail to load. Absent: as many as fit. Without a GPU none are */
  readonly gpuLayers?: number;
  /**
   * most prompt tokens evaluated in one step, of all prompts together, 1 or more; default 512. One prompt gets 128 of them at most, so fewer than that make
   * steps shorter and prompts slower; more than that pay where many prompts come at once
   */
  readonly batchTokens?: number;
  /** false: the file is read into memory; default true, where the system can map files: it may throw parts out and read them again */
  readonly mapsFile?: boolean;
  /**
   * true: the file is read into memory that is never swapped out, and not mapped, whatever `mapsFile` says; llama.cpp goes on without where the system's limit of
   * locked memory is too low. Default false. Source: node-llama-cpp 3.22.1, `addon/AddonModel.cpp`
   */
  readonly locksMemory?: boolean;
  /** what to import: `node-llama-cpp`, or the file URL of a copy in the cache folder */
  readonly enginePackage: string;
}

/** One answer to generate. */
export interface RunRequest extends Drawing {
  readonly prompt: { readonly segments: readonly PromptSegment[]; readonly isRendered: boolean } | { readonly tokens: readonly number[] };
  readonly grammar?: EngineGrammar;
  readonly keptSpecialTokens: readonly string[];
}

/** A question with one answer. */
export type Question =
  | { readonly ask: 'tokenize'; readonly text: TextToTokenize }
  | { readonly ask: 'detokenize'; readonly tokens: readonly number[] }
  | { readonly ask: 'embed'; readonly inputs: readonly (string | readonly number[])[] }
  | { readonly ask: 'counters' };

/** Parent to child. */
export type ToChild =
  | { readonly type: 'load'; readonly options: LoadOptions }
  | { readonly type: 'start'; readonly run: number; readonly request: RunRequest }
  | { readonly type: 'abort'; readonly run: number }
  | { readonly type: 'question'; readonly call: number; readonly question: Question }
  | { readonly type: 'close' };

/** An error on its way between processes. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly param?: string;
}

/** What one step gave one run. `end` or `error` is its last. */
export interface RunStep {
  readonly run: number;
  readonly deltas: readonly Delta[];
  readonly end?: EngineEnd;
  readonly error?: SentError;
}

/** Sums since the start, for tests and benchmarks: evaluated tokens are what prefix reuse saves. */
export interface Counters {
  readonly steps: number;
  readonly evaluatedPromptTokens: number;
  readonly reusedPromptTokens: number;
  readonly copiedPromptTokens: number;
  readonly writtenTokens: number;
  readonly activeSlots: number;
  readonly waitingRuns: number;
  readonly decodeMs: number;
  readonly sampleMs: number;
}

/** What the model runs on. */
export interface Hardware {
  readonly threads: number;
  /** the kind of GPU that llama.cpp found, or `none` */
  readonly gpu: string;
  /** layers of the model on it */
  readonly gpuLayers: number;
}

/** Child to parent. */
export type FromChild =
  | { readonly type: 'loading'; readonly ratio: number }
  | { readonly type: 'loaded'; readonly model: EngineModel; readonly hardware: Hardware }
  | { readonly type: 'load-failed'; readonly error: SentError }
  /** one message a step, whatever the number of runs */
  | { readonly type: 'step'; readonly runs: readonly RunStep[] }
  | { readonly type: 'answer'; readonly call: number; readonly value: unknown }
  | { readonly type: 'refusal'; readonly call: number; readonly error: SentError };
