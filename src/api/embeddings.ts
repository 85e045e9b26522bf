import { Buffer } from 'node:buffer';
import type { Node } from '../gateway/node.ts';
import { type FieldTable, openBody, refuseUnknown } from './decode/body.ts';
import { ignoredFields, refusedFields } from './decode/declared-fields.ts';
import { integer, optional, required, text, unsupported, word } from './decode/decoder.ts';
import { promptList } from './decode/prompts.ts';
import { encodeOpenAiError } from './encode/error.ts';
import { type ApiAnswer, type ApiCall, defineSurface } from './surface.ts';

const path = '/v1/embeddings';

/** Most inputs of one request. Source: OpenAI API reference, "Create embeddings". */
const mostInputs = 2048;

const fields: FieldTable = {
  known: ['model', 'input', 'encoding_format', 'dimensions'],
  ignored: ignoredFields,
  refused: { truncate_prompt_tokens: refusedFields.truncate_prompt_tokens },
};

/** OpenAI's embeddings; vectors have unit length. Source: OpenAI API reference, "Create embeddings". */
export default defineSurface({
  routes: [{ kind: 'answer', method: 'POST', path, access: 'key', what: 'turn texts into vectors', answer }],
  encodeError: encodeOpenAiError,
  examples: [
    { path, body: { model: 'm', input: 'Hi' } },
    { path, body: { model: 'm', input: ['Hi', 'Ho'], encoding_format: 'base64', user: 'ada' } },
    { path, body: { model: 'm', input: [1, 2] } },
    { path, body: { model: 'm', input: [[1], [2, 3]], dimensions: null } },
    { path, body: { model: 'm' }, refusedWith: 'invalid_request' },
    { path, body: { model: 'm', input: '' }, refusedWith: 'invalid_request' },
    { path, body: { model: 'm', input: 'Hi', encoding_format: 'int8' }, refusedWith: 'invalid_request' },
    { path, body: { model: 'm', input: 'Hi', dimensions: 7 }, refusedWith: 'unsupported_feature' },
    { path, body: { model: 'm', input: 'Hi', colour: 'red' }, refusedWith: 'unknown_parameter' },
    { path, body: { model: 'm', input: 'Hi', base_url: 'http://x' }, refusedWith: 'forbidden_parameter' },
  ],
});

async function answer(call: ApiCall, node: Node): Promise<ApiAnswer> {
  const opened = openBody(call.body, fields);
  refuseUnknown(opened);
  const model = required(opened.fields, 'model', text(1, 512));
  const inputs = required(opened.fields, 'input', promptList(mostInputs, 1));
  const format = optional(opened.fields, 'encoding_format', word('float', 'base64')) ?? 'float';
  const dimensions = optional(opened.fields, 'dimensions', integer(1));
  const length = node.findModel(model)?.facts.embeddingLength;
  if (dimensions !== undefined && dimensions !== length) {
    throw unsupported(
      'dimensions',
      `cannot be changed: vectors of this model have ${length ?? 'a fixed number of'} dimensions. Leave it out.`,
    );
  }
  const { vectors, promptTokens } = await node.embed(model, inputs, call.signal);
  const data = vectors.map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: format === 'float' ? vector : encodeBase64(vector),
  }));
  return { body: { object: 'list', data, model, usage: { prompt_tokens: promptTokens, total_tokens: promptTokens } } };
}

/** 32-bit floats, little-endian whatever the machine, as openai-node and numpy read them. */
function encodeBase64(vector: readonly number[]): string {
  const bytes = Buffer.allocUnsafe(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}
