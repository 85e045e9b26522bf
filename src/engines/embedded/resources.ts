import { availableParallelism, freemem } from 'node:os';
import type { LlamaModelOptions } from 'node-llama-cpp';
import type { LoadOptions } from './messages.ts';

/**
 * Threads for llama.cpp: the given number, else one core less than the machine has, at least 1. Its threads wait by spinning, so one
 * thread too many on a busy machine makes every step many times slower. Source: reference/engines.md 7.3, measured.
 */
export function chooseThreads(wanted: number | undefined, mathCores: number): number {
  if (wanted !== undefined) return wanted;
  return Math.max(1, Math.min(mathCores, availableParallelism()) - 1);
}

const smallestContextTokens = 2048;

/**
 * Tokens of context for each slot: the given number (the model's own limit at most), else up to 8,192, halved while all slots
 * together would take more than a quarter of the free memory, but not below 2,048.
 */
export function chooseContextTokens(
  options: Pick<LoadOptions, 'contextTokens'>,
  trainedTokens: number,
  bytesOf: (contextTokens: number) => number,
  freeBytes: number = freemem(),
): number {
  if (options.contextTokens !== undefined) return Math.min(options.contextTokens, trainedTokens);
  let tokens = Math.min(trainedTokens, 8192);
  while (tokens / 2 >= smallestContextTokens && bytesOf(tokens) > freeBytes / 4) tokens = Math.floor(tokens / 2);
  return tokens;
}

/** Where the weights are kept, as far as the operator says; the rest is llama.cpp's own choice. */
export function placeWeights({
  gpuLayers,
  mapsFile,
  locksMemory,
}: Pick<LoadOptions, 'gpuLayers' | 'mapsFile' | 'locksMemory'>): Pick<LlamaModelOptions, 'gpuLayers' | 'useMmap' | 'useMlock'> {
  return {
    ...(gpuLayers === undefined ? {} : { gpuLayers }),
    ...(mapsFile === undefined ? {} : { useMmap: mapsFile }),
    ...(locksMemory === undefined ? {} : { useMlock: locksMemory }),
  };
}
