import type { Llama, LlamaContext, LlamaEmbeddingContext, LlamaModel, Token } from 'node-llama-cpp';
import type { EngineModel } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { AddonBindings, AddonContext, AddonGrammarState, AddonModel, AddonSampler } from './addon.ts';
import { type ControlTokens, listControlTokens } from './control-tokens.ts';
import type { Hardware, LoadOptions } from './messages.ts';
import { readModelFacts } from './model-facts.ts';
import { PieceTokens } from './piece-tokens.ts';
import { chooseContextTokens, chooseThreads, placeWeights } from './resources.ts';
import { nameSpecialTokens } from './special-rules.ts';
import { readTokenBytes, type TokenBytes } from './token-bytes.ts';

/** A loaded model with its slots: everything the step loop needs of llama.cpp. Lives in the child process. */
export interface NativeModel {
  readonly facts: EngineModel;
  readonly slots: number;
  /** most prompt tokens in one step */
  readonly batchTokens: number;
  readonly hardware: Hardware;
  readonly model: AddonModel;
  readonly context: AddonContext;
  readonly controls: ControlTokens;
  readonly bytes: TokenBytes;
  readonly pieces: PieceTokens;
  openSampler(): AddonSampler;
  /** Throws `invalid_request` when the text is no grammar that llama.cpp can read. */
  openGrammar(grammar: string): AddonGrammarState;
  /** A unit vector for a text's tokens; at most one is computed at a time. */
  embed(tokens: readonly number[]): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** llama.cpp's own size of a physical batch. */
const usualBatchTokens = 512;

/** Loads a model and makes its slots. Throws `engine_missing`, `model_file_invalid` or `engine_failed`, each final: another try would fail the same way. */
export async function loadNativeModel(options: LoadOptions, onProgress: (ratio: number) => void): Promise<NativeModel> {
  const llama = await openLlama(options);
  const model = await openModel(llama, options, onProgress);
  const { batchTokens = usualBatchTokens } = options;
  const { context, contextTokens } = await openContext(model, { ...options, batchTokens });
  const internal = findInternals(llama, model, context);
  const threads = chooseThreads(options.threads, llama.cpuMathCores);
  internal.context.setThreads(threads);
  const controls = listControlTokens(internal.model, model.fileInfo.metadata.tokenizer.ggml.tokens.length);
  const embedder = openEmbedder(model, threads);
  return {
    facts: readModelFacts({ model, addon: internal.model, controls, id: options.modelId, contextTokens }),
    slots: options.slots,
    batchTokens,
    hardware: { threads, gpu: llama.gpu || 'none', gpuLayers: model.gpuLayers },
    model: internal.model,
    context: internal.context,
    controls,
    bytes: readTokenBytes(internal.model, controls),
    pieces: new PieceTokens({ ...controls, tokenize: (text, hasSpecials) => internal.model.tokenize(text, hasSpecials) }),
    openSampler: () => new internal.bindings.AddonSampler(internal.model),
    openGrammar: (grammar) => openGrammar(internal, nameSpecialTokens(grammar, controls)),
    embed: embedder.embed,
    async close() {
      await embedder.close();
      await context.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };
}

async function openLlama(options: LoadOptions): Promise<Llama> {
  try {
    const { getLlama } = (await import(options.enginePackage)) as typeof import('node-llama-cpp');
    return await getLlama({ build: 'never', skipDownload: true, gpu: options.gpu === 'off' ? false : 'auto', logLevel: 'error' as never });
  } catch (cause) {
    throw new GatewayError('engine_missing', `The embedded engine cannot be loaded from ${options.enginePackage}: ${wordsOf(cause)}`, {
      cause,
    });
  }
}

async function openModel(llama: Llama, options: LoadOptions, onProgress: (ratio: number) => void): Promise<LlamaModel> {
  try {
    return await llama.loadModel({ modelPath: options.modelPath, onLoadProgress: onProgress, ...placeWeights(options) });
  } catch (cause) {
    throw new GatewayError('model_file_invalid', `llama.cpp cannot load ${options.modelPath}: ${wordsOf(cause)}`, { cause });
  }
}

type ContextOptions = LoadOptions & { readonly batchTokens: number };

async function openContext(model: LlamaModel, options: ContextOptions): Promise<{ context: LlamaContext; contextTokens: number }> {
  const contextTokens = chooseContextTokens(options, model.trainContextSize, (tokens) => estimateBytes(model, tokens, options.slots));
  try {
    // the full cache of sliding-window layers is what lets a prefix be kept
    const sizes = { sequences: options.slots, contextSize: contextTokens, batchSize: options.batchTokens + options.slots };
    const context = await model.createContext({ ...sizes, swaFullCache: true });
    return { context, contextTokens };
  } catch (cause) {
    const asked = `${options.slots} slots of ${contextTokens} tokens`;
    throw new GatewayError('engine_failed', `llama.cpp cannot make ${asked}: ${wordsOf(cause)} Lower --slots or --context.`, { cause });
  }
}

/** Bytes of keys and values for all slots, 16 bits each, from the file's own numbers; 0 when the architecture hides them. */
function estimateBytes(model: LlamaModel, contextTokens: number, slots: number): number {
  const architecture = model.fileInfo.architectureMetadata as {
    block_count?: number;
    attention?: { head_count?: unknown; head_count_kv?: unknown };
  };
  const heads = Number(architecture.attention?.head_count) || 1;
  const keyValueHeads = Number(architecture.attention?.head_count_kv) || heads;
  const perToken = (architecture.block_count ?? 0) * (model.embeddingVectorSize / heads) * keyValueHeads * 2 * 2;
  return perToken * contextTokens * slots;
}

interface Internals {
  readonly bindings: AddonBindings;
  readonly model: AddonModel;
  readonly context: AddonContext;
}

function findInternals(llama: Llama, model: LlamaModel, context: LlamaContext): Internals {
  const found = {
    bindings: (llama as unknown as { _bindings?: AddonBindings })._bindings,
    model: (model as unknown as { _model?: AddonModel })._model,
    context: (context as unknown as { _ctx?: AddonContext })._ctx,
  };
  const needed: readonly unknown[] = [
    found.bindings?.AddonSampler,
    found.bindings?.AddonGrammarEvaluationState,
    found.model?.getTokenString,
    found.context?.addToBatch,
    found.context?.sampleToken,
    found.context?.copySequenceStateFromOtherSequence,
  ];
  if (needed.every((part) => typeof part === 'function')) return found as Internals;
  throw new GatewayError(
    'engine_missing',
    'This version of node-llama-cpp hides the batch interface that Rookery drives: 3.22.1 is needed, exactly.',
  );
}

function openGrammar(internal: Internals, grammar: string): AddonGrammarState {
  try {
    const compiled = new internal.bindings.AddonGrammar(grammar, { addonExports: internal.bindings, rootRuleName: 'root' });
    return new internal.bindings.AddonGrammarEvaluationState(internal.model, compiled);
  } catch (cause) {
    throw new GatewayError('invalid_request', `llama.cpp cannot read the grammar: ${wordsOf(cause)}`, { cause });
  }
}

/** The embedding context is made at its first use: a node that only chats does not pay for it. */
function openEmbedder(model: LlamaModel, threads: number) {
  let opened: Promise<LlamaEmbeddingContext> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const contextSize = Math.min(model.trainContextSize, 2048);
  const compute = async (tokens: readonly number[]): Promise<readonly number[]> => {
    if (tokens.length > contextSize) {
      const asked = `The input has ${tokens.length} tokens, embeddings take at most ${contextSize}.`;
      throw new GatewayError('context_length_exceeded', asked, { param: 'input' });
    }
    opened ??= model.createEmbeddingContext({ contextSize, threads });
    const { vector } = await (await opened).getEmbeddingFor(tokens as unknown as Token[]);
    return toUnitLength(vector);
  };
  return {
    embed: (tokens: readonly number[]) => {
      const next = last.then(() => compute(tokens));
      last = next.catch(() => undefined);
      return next;
    },
    close: async () => void (await (await opened)?.dispose()),
  };
}

function toUnitLength(vector: readonly number[]): readonly number[] {
  const length = Math.hypot(...vector) || 1;
  return vector.map((part) => part / length);
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
