import type { Node, ServedModel } from '../gateway/node.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { GenerateRequest } from '../protocol/request.ts';
import { type FieldTable, type OpenedBody, openBody, refuseUnknown } from './decode/body.ts';
import { refusedChatFields } from './decode/declared-fields.ts';
import { flag, integer, list, optional, required, text, wrongValue } from './decode/decoder.ts';
import { given } from './decode/given.ts';
import { message } from './decode/messages.ts';
import { mostTokenId } from './decode/sampling.ts';
import { readModel } from './decode/served-model.ts';
import { readTools, toolFields } from './decode/tools.ts';
import { readTemplateVariables, WrittenFields } from './decode/written.ts';
import { encodeOpenAiError } from './encode/error.ts';
import { type ApiAnswer, type ApiCall, defineSurface } from './surface.ts';

/** Most different tokens whose texts one answer lists: each is a question to the engine. */
const mostTokenTexts = 4096;

const promptFields: FieldTable = {
  known: ['model', 'prompt', 'add_special_tokens', 'return_token_strs'],
  ignored: [],
  refused: {},
};

const chatFields: FieldTable = {
  known: ['model', 'messages', 'return_token_strs', 'chat_template', 'chat_template_kwargs', ...toolFields],
  ignored: [],
  refused: {
    add_generation_prompt: refusedChatFields.add_generation_prompt,
    continue_final_message: refusedChatFields.continue_final_message,
    add_special_tokens: refusedChatFields.add_special_tokens,
  },
};

const detokenizeFields: FieldTable = { known: ['model', 'tokens'], ignored: [], refused: {} };

/** Tokens of a text or of a rendered conversation, and back. `model` may be left out where one model is served. Source: vLLM 0.11, `/tokenize` and `/detokenize`. */
export default defineSurface({
  routes: [
    { kind: 'answer', method: 'POST', path: '/tokenize', access: 'key', what: 'tokens of a text or a conversation', answer: tokenize },
    { kind: 'answer', method: 'POST', path: '/detokenize', access: 'key', what: 'the text of tokens', answer: detokenize },
  ],
  encodeError: encodeOpenAiError,
  examples: [
    { path: '/tokenize', body: { prompt: 'Hi' } },
    { path: '/tokenize', body: { model: 'm', prompt: '', add_special_tokens: false, return_token_strs: true } },
    { path: '/tokenize', body: { messages: [{ role: 'user', content: 'Hi' }], add_generation_prompt: true } },
    { path: '/tokenize', body: {}, refusedWith: 'invalid_request' },
    { path: '/tokenize', body: { prompt: 1 }, refusedWith: 'invalid_request' },
    { path: '/tokenize', body: { prompt: 'Hi', messages: [] }, refusedWith: 'invalid_request' },
    {
      path: '/tokenize',
      body: { messages: [{ role: 'user', content: 'Hi' }], add_generation_prompt: false },
      refusedWith: 'unsupported_feature',
    },
    { path: '/tokenize', body: { prompt: 'Hi', user_config: {} }, refusedWith: 'forbidden_parameter' },
    { path: '/detokenize', body: { tokens: [1, 2] } },
    { path: '/detokenize', body: { tokens: [] } },
    { path: '/detokenize', body: { tokens: [-1] }, refusedWith: 'invalid_request' },
    { path: '/detokenize', body: { tokens: [1], colour: 'red' }, refusedWith: 'unknown_parameter' },
    { path: '/detokenize', body: { tokens: [1], api_base: 'http://x' }, refusedWith: 'forbidden_parameter' },
  ],
});

async function tokenize(call: ApiCall, node: Node): Promise<ApiAnswer> {
  const body = call.body;
  const isChat = typeof body === 'object' && body !== null && Object.hasOwn(body, 'messages');
  const opened = openBody(body, isChat ? chatFields : promptFields);
  if (isChat && Object.hasOwn(opened.fields, 'prompt'))
    throw wrongValue('prompt', 'left out where `messages` are given', opened.fields.prompt);
  refuseUnknown(opened);
  const wantsTexts = optional(opened.fields, 'return_token_strs', flag) ?? false;
  const ask = isChat ? askForChat(call, opened) : askForPrompt(call, opened.fields);
  const model = readModel(opened.fields, node);
  const tokens = await ask(node, model);
  const texts = wantsTexts ? await textsOf(tokens, model, node, call.signal) : null;
  return { body: { count: tokens.length, max_model_len: model.facts.contextTokens, tokens, token_strs: texts } };
}

type Ask = (node: Node, model: ServedModel) => Promise<readonly number[]>;

function askForPrompt(call: ApiCall, body: JsonObject): Ask {
  const prompt = required(body, 'prompt', text());
  const isPrompt = optional(body, 'add_special_tokens', flag) ?? true;
  return (node, model) => node.tokenize(model.id, { segments: [{ text: prompt, isLiteral: false }], isPrompt }, call.signal);
}

function askForChat(call: ApiCall, opened: OpenedBody): Ask {
  const messages = required(opened.fields, 'messages', list(message, 1));
  const written = new WrittenFields(call, ['tools', 'chat_template_kwargs']);
  const rest = given({
    ...readTools(opened.fields, written.text('tools')),
    chatTemplate: optional(opened.fields, 'chat_template', text()),
    templateVariablesJson: readTemplateVariables(opened.fields, written),
  });
  return (node, model) => {
    const request: GenerateRequest = {
      ...{ id: call.id, model: model.id, input: { type: 'chat', messages }, sampling: {}, stop: [], stopTokenIds: [] },
      ...{ ignoreEos: false, isStreamed: false, n: 1, unknownFields: {}, agent: {}, ...rest },
    };
    return node.tokenizeConversation(request, call.signal);
  };
}

async function textsOf(tokens: readonly number[], model: ServedModel, node: Node, signal: AbortSignal): Promise<readonly string[]> {
  const different = [...new Set(tokens)];
  if (different.length > mostTokenTexts) {
    throw wrongValue('return_token_strs', `left out where a text has over ${mostTokenTexts} different tokens`, different.length);
  }
  const texts = await Promise.all(different.map((token) => node.detokenize(model.id, [token], signal)));
  const byToken = new Map(different.map((token, index) => [token, texts[index] ?? '']));
  return tokens.map((token) => byToken.get(token) ?? '');
}

async function detokenize(call: ApiCall, node: Node): Promise<ApiAnswer> {
  const opened = openBody(call.body, detokenizeFields);
  refuseUnknown(opened);
  const tokens = required(opened.fields, 'tokens', list(integer(0, mostTokenId)));
  const model = readModel(opened.fields, node);
  return { body: { prompt: await node.detokenize(model.id, tokens, call.signal) } };
}
