import type { EngineEmbeddings } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';

/** Inputs as OpenAI takes them in one call: all texts, or all lists of token ids. */
export type EmbeddingInputs = readonly (string | readonly number[])[];

/** Groups of inputs that can go in one call each, in order. */
export function groupInputs(inputs: EmbeddingInputs): EmbeddingInputs[] {
  const isMixed = inputs.some((input) => typeof input !== typeof inputs[0]);
  return isMixed ? inputs.map((input) => [input]) : [inputs];
}

/** Reads the answer of one call with `count` inputs. Vectors get unit length. Throws `engine_failed` where one is missing or not of numbers. */
export function readEmbeddings(answer: unknown, count: number): EngineEmbeddings {
  const { data, usage } = answer as { data?: unknown; usage?: { prompt_tokens?: number } | null };
  const vectors: number[][] = [];
  for (const [position, entry] of (Array.isArray(data) ? data : []).entries()) {
    const { index = position, embedding } = entry as { index?: number; embedding?: unknown };
    vectors[index] = toUnitLength(embedding);
  }
  const missing = Array.from({ length: count }, (_, index) => index).find((index) => vectors[index] === undefined);
  if (missing !== undefined) throw new GatewayError('engine_failed', `The engine sent no vector for input ${missing}.`);
  return { vectors, promptTokens: usage?.prompt_tokens ?? 0 };
}

/** Joins the answers of several calls. */
export function joinEmbeddings(answers: readonly EngineEmbeddings[]): EngineEmbeddings {
  return {
    vectors: answers.flatMap(({ vectors }) => vectors),
    promptTokens: answers.reduce((sum, { promptTokens }) => sum + promptTokens, 0),
  };
}

function toUnitLength(embedding: unknown): number[] {
  if (!Array.isArray(embedding) || !embedding.every((value): value is number => typeof value === 'number')) {
    throw new GatewayError('engine_failed', 'The engine sent a vector that is not a list of numbers.');
  }
  const length = Math.sqrt(embedding.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? embedding : embedding.map((value) => value / length);
}
