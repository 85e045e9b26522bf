import { type FakeFace, jsonBody } from './fake-face.ts';
import { embeddingList, errorBody, modelList, openAiWriting } from './fake-wire.ts';

/** OpenAI's API. Any model name and any body is answered. */
export const openAiFace: FakeFace = {
  answer({ method, path, body }, state) {
    const route = `${method} ${path}`;
    if (route === 'GET /health') return jsonBody({ status: 'ok' });
    if (route === 'GET /v1/models') return jsonBody(modelList(state.models, state.contextTokens));
    if (route === 'POST /v1/embeddings') return jsonBody(embeddingList(String(body?.model), body?.input, body?.encoding_format));
    if (route === 'POST /v1/chat/completions') return openAiWriting('chat', body, state);
    return route === 'POST /v1/completions' ? openAiWriting('completions', body, state) : undefined;
  },
  noRoute: ({ method, path }) =>
    jsonBody(errorBody({ message: `The fake engine has no route ${method} ${path}.`, code: 'not_found' }), 404),
  isGuarded: (path) => path !== '/health',
  wrongKey: jsonBody(errorBody({ message: 'Incorrect API key provided.', code: 'invalid_api_key' }), 401),
};
