import type { ServedModel } from '../gateway/node.ts';
import { unknownContextTokens } from '../protocol/engine.ts';
import { requireModel } from './decode/served-model.ts';
import { encodeOpenAiError } from './encode/error.ts';
import { defineSurface } from './surface.ts';

/** The served models: OpenAI's list, with vLLM's `max_model_len` and the facts that help to choose. Source: OpenAI API reference, "Models". */
export default defineSurface({
  routes: [
    {
      kind: 'answer',
      method: 'GET',
      path: '/v1/models',
      access: 'key',
      what: 'list the models with their facts',
      answer: (_call, node) => ({ body: { object: 'list', data: node.models().map(encodeModel) } }),
    },
    {
      kind: 'answer',
      method: 'GET',
      path: '/v1/models/*',
      access: 'key',
      what: 'one model by its name',
      answer: (call, node) => ({ body: encodeModel(requireModel(node, call.tail)) }),
    },
  ],
  encodeError: encodeOpenAiError,
  examples: [],
});

function encodeModel(model: ServedModel): unknown {
  const { facts } = model;
  const contextTokens = facts.contextTokens === unknownContextTokens ? undefined : facts.contextTokens;
  return {
    id: model.id,
    object: 'model',
    created: Math.floor(model.createdMs / 1000),
    owned_by: 'rookery',
    aliases: model.aliases,
    engine: model.engine,
    max_model_len: contextTokens,
    context_length: contextTokens,
    trained_context_length: facts.trainedContextTokens,
    parameters: facts.parameters,
    quantisation: facts.quantisation,
    architecture: facts.architecture,
    size_bytes: facts.sizeBytes,
    vocabulary_tokens: facts.vocabularyTokens,
    embedding_length: facts.embeddingLength,
  };
}
