import type { EngineModel, EnginePrompt, EngineRequest, PromptSegment } from '../protocol/engine.ts';
import type { Message } from '../protocol/message.ts';
import type { GenerateRequest, Prompt } from '../protocol/request.ts';
import type { ChatTemplate } from '../templates/chat-template.ts';
import { hideSpecialTokens, splitAtHidden } from './literal-text.ts';
import type { Plan } from './plan.ts';

/** One answer to generate, and the choice it becomes. */
export interface PreparedChoice {
  readonly choice: number;
  readonly request: EngineRequest;
}

/**
 * Makes the engine's requests of a planned one: `n` for each prompt, in the order of the choices (prompt by prompt).
 * Choices after the first get seeds that follow the given one, so that they differ and can be repeated.
 */
export function prepareRequest(
  request: GenerateRequest,
  plan: Plan,
  model: EngineModel,
  template: ChatTemplate | undefined,
): readonly PreparedChoice[] {
  const prompts = listPrompts(request, plan, model, template);
  return prompts.flatMap((prompt, promptIndex) =>
    Array.from({ length: request.n }, (_, copy) => ({
      choice: promptIndex * request.n + copy,
      request: toEngineRequest(request, model, prompt, copy),
    })),
  );
}

/** The chat template's rendering of a conversation; stretches that came from the caller are literal where they spell special tokens. */
export function renderConversation(request: GenerateRequest, model: EngineModel, template: ChatTemplate): readonly PromptSegment[] {
  if (request.input.type !== 'chat') return [];
  const hidden = request.input.messages.map((message) => hideInMessage(message, model.specialTokens.control));
  const rendered = template.render({ messages: hidden, addGenerationPrompt: true, variables: request.templateVariables ?? {} });
  return splitAtHidden(rendered, model.specialTokens.control);
}

function listPrompts(
  request: GenerateRequest,
  plan: Plan,
  model: EngineModel,
  template: ChatTemplate | undefined,
): readonly EnginePrompt[] {
  if (request.input.type === 'prompts') return request.input.prompts.map(toRawPrompt);
  if (plan.mode === 'template' && template) return [{ form: 'segments', segments: renderConversation(request, model, template) }];
  return [{ form: 'messages', messages: request.input.messages }];
}

/** A raw prompt is the caller's own rendering: special tokens in it are meant. */
function toRawPrompt(prompt: Prompt): EnginePrompt {
  if (typeof prompt === 'string') return { form: 'segments', segments: [{ text: prompt, isLiteral: false }] };
  return { form: 'tokens', tokens: prompt };
}

function toEngineRequest(request: GenerateRequest, model: EngineModel, prompt: EnginePrompt, copy: number): EngineRequest {
  const { id, sampling, maxTokens, stop, stopTokenIds, ignoreEos, isStreamed, topLogprobs, unknownFields } = request;
  return {
    ...{ id, model: model.id, prompt, stop, stopTokenIds, ignoreEos, isStreamed, unknownFields, keepsSpecialTokens: false },
    sampling: sampling.seed === undefined || copy === 0 ? sampling : { ...sampling, seed: sampling.seed + copy },
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(topLogprobs === undefined ? {} : { topLogprobs }),
  };
}

function hideInMessage(message: Message, spellings: readonly string[]): Message {
  const hide = (text: string) => hideSpecialTokens(text, spellings);
  const content =
    typeof message.content === 'string'
      ? hide(message.content)
      : (message.content?.map((part) => ({ ...part, text: hide(part.text) })) ?? null);
  return { ...message, content, ...(message.name === undefined ? {} : { name: hide(message.name) }) };
}
