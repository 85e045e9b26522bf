import { type EngineModel, unknownContextTokens } from '../../protocol/engine.ts';

/**
 * Reads `GET /models`. The context length is looked for where it is known to be written: `max_model_len` (vLLM), `context_length` (OpenRouter,
 * Together), `context_window` (Groq), `max_context_length` (LM Studio, Mistral), `meta.n_ctx_train` (llama-server).
 * `contextTokens`, where given, wins. Models without an id are left out.
 */
export function readModelList(answer: unknown, contextTokens: number | undefined): EngineModel[] {
  const data = fieldsOf(answer).data;
  if (!Array.isArray(data)) return [];
  return data.flatMap((entry) => {
    const fields = fieldsOf(entry);
    return typeof fields.id === 'string' ? [describeModel(fields.id, contextTokens ?? contextOf(fields))] : [];
  });
}

/** Whether the list is llama-server's, which says so of every model. */
export function isLlamaServers(answer: unknown): boolean {
  const { data } = fieldsOf(answer);
  return Array.isArray(data) && data.some((entry) => fieldsOf(entry).owned_by === 'llamacpp');
}

/** What is known of a model by its name alone. */
export function describeModel(id: string, contextTokens = unknownContextTokens): EngineModel {
  return { id, contextTokens, specialTokens: { addsBos: false, control: [] } };
}

function contextOf(fields: Readonly<Record<string, unknown>>): number | undefined {
  const { max_model_len, context_length, context_window, max_context_length } = fields;
  const told = [max_model_len, context_length, context_window, max_context_length, fieldsOf(fields.meta).n_ctx_train];
  return told.find((value): value is number => typeof value === 'number' && value > 0);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
