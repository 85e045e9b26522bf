import type { EngineEmbeddings } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import { type EmbeddingInputs, readEmbeddings } from '../openai/embeddings.ts';
import { fieldsOf } from './describe-model.ts';
import type { KeepAlive } from './write-request.ts';

/** What an embedding request is made of. */
export interface EmbeddingQuestion {
  readonly model: string;
  readonly inputs: EmbeddingInputs;
  /** the same as in every other request to the model: another one would load it again */
  readonly contextTokens: number;
  readonly keepAlive: KeepAlive | undefined;
}

/** The body of `POST /api/embed`. A text that is too long is refused, not cut. Throws `unsupported_feature` for token ids. */
export function writeEmbeddingBody({ model, inputs, contextTokens, keepAlive }: EmbeddingQuestion): string {
  if (inputs.some((input) => typeof input !== 'string')) {
    throw new GatewayError('unsupported_feature', 'Ollama embeds texts only, no token ids.', { param: 'input' });
  }
  const options = { num_ctx: contextTokens };
  return JSON.stringify({ model, input: inputs, truncate: false, options, ...(keepAlive === undefined ? {} : { keep_alive: keepAlive }) });
}

/** Reads its answer; vectors get unit length. Throws `engine_failed` where one is missing. */
export function readEmbeddingAnswer(answer: unknown, count: number): EngineEmbeddings {
  const { embeddings, prompt_eval_count } = fieldsOf(answer);
  const data = (Array.isArray(embeddings) ? embeddings : []).map((embedding: unknown) => ({ embedding }));
  const usage = typeof prompt_eval_count === 'number' ? { prompt_tokens: prompt_eval_count } : null;
  return readEmbeddings({ data, usage }, count);
}
