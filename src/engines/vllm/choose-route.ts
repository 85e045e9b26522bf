import type { EnginePrompt, EngineRequest } from '../../protocol/engine.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { hasImages } from '../../protocol/message.ts';
import { writeChat, writeCompletion, writeRendering } from './request-body.ts';
import type { Tokenized } from './wire-answers.ts';

/** Where a request goes. */
export type Route =
  /** at once */
  | { readonly path: '/v1/chat/completions' | '/v1/completions'; readonly body: JsonObject; readonly asks?: undefined }
  /** after `/tokenize` was asked: for the token ids of a conversation, or for the room that a prompt leaves */
  | { readonly path: '/v1/completions'; readonly asks: JsonObject; readonly write: (tokenized: Tokenized) => JsonObject };

/** What is known of the model that answers. */
export interface RoutedModel {
  /** see `LearnedModel.answersRaw` */
  readonly answersRaw: boolean;
  /** the operator's limit; default: what `/tokenize` says */
  readonly contextTokens: number | undefined;
}

/**
 * Chooses the chat route for the engine's own tools, for pictures, and where it gives answers as they were written. Other conversations are rendered first
 * and go where no parser is; the prompt is the same one. Raw prompts without a token limit are counted first: that route would stop after 16 tokens.
 */
export function chooseRoute(request: EngineRequest, { answersRaw, contextTokens }: RoutedModel): Route {
  const { prompt, native, model } = request;
  if (prompt.form === 'messages') {
    const isChat = native?.tools !== undefined || answersRaw || prompt.messages.some(hasImages);
    if (isChat) return { path: '/v1/chat/completions', body: writeChat(request, prompt) };
    return {
      path: '/v1/completions',
      asks: writeRendering(request, prompt),
      write: (rendered) => complete(rendered.tokens, true, rendered),
    };
  }
  const { text, isRendered } = readPrompt(prompt);
  if (request.maxTokens !== undefined) {
    return { path: '/v1/completions', body: writeCompletion(request, { prompt: text, isRendered, mostTokens: undefined }) };
  }
  const asks = { model, prompt: typeof text === 'string' ? text : '', add_special_tokens: !isRendered };
  return {
    path: '/v1/completions',
    asks,
    write: (counted) => complete(typeof text === 'string' ? counted.tokens : text, isRendered, counted),
  };

  function complete(tokens: readonly number[], isWritten: boolean, counted: Tokenized): JsonObject {
    const room = contextTokens ?? counted.contextTokens;
    // a prompt that fills the context is refused by vLLM itself, in words that tell so
    const mostTokens = room === undefined ? undefined : Math.max(1, room - tokens.length);
    return writeCompletion(request, { prompt: tokens, isRendered: isWritten, mostTokens });
  }
}

/** Literal stretches are joined with the others: vLLM finds special tokens in any text, also in messages. */
function readPrompt(prompt: Exclude<EnginePrompt, { readonly form: 'messages' }>): {
  readonly text: string | readonly number[];
  readonly isRendered: boolean;
} {
  if (prompt.form === 'tokens') return { text: prompt.tokens, isRendered: false };
  return { text: prompt.segments.map(({ text }) => text).join(''), isRendered: prompt.isRendered };
}
