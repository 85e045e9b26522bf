import type { EngineRequest } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import { toLiteralJson } from '../../templates/conversation.ts';
import { type LiteralJson, LiteralNumber, printLiteralJson } from '../../text/literal-json.ts';
import type { Wrapping } from './answer-format.ts';
import { writeFormat } from './answer-format.ts';
import { writeMessages, writeTools } from './chat-messages.ts';
import type { OllamaModel } from './describe-model.ts';
import { literalObject } from './literal-object.ts';
import { type OwnFields, readOwnFields } from './own-fields.ts';
import { findThoughtsCloser, writeRawPrompt } from './raw-prompt.ts';
import { refuseUnsupported, writeOptions } from './sampling-options.ts';
import { chooseThinkWord } from './think-word.ts';

/** A request in Ollama's words, and how its answer is read. */
export interface WireRequest {
  readonly path: '/api/chat' | '/api/generate';
  /** JSON text */
  readonly body: string;
  readonly wrapping: Wrapping;
  /** what the answer begins with, although it stood in the prompt */
  readonly lead: string;
}

/** How long a model stays in memory after a request: `10m`, seconds, -1 for ever. */
export type KeepAlive = string | number;

/**
 * Writes a request. It always streams, so that leaving it in the middle stops the work. `truncate`, `shift` and `num_ctx` are the same in every one: the first two
 * keep Ollama from cutting prompts in silence, and another value of any would load the model again. Source: Ollama 0.34.0, server/routes.go.
 */
export function writeRequest(request: EngineRequest, model: OllamaModel, keepAlive: KeepAlive | undefined): WireRequest {
  refuseUnsupported(request);
  const own = readOwnFields(request);
  const common = { request, model, own, keepAlive: own.keep_alive ?? keepAlive };
  return request.prompt.form === 'messages' ? writeChat(common) : writeRaw(common);
}

interface Writing {
  readonly request: EngineRequest;
  readonly model: OllamaModel;
  readonly own: OwnFields;
  readonly keepAlive: OwnFields['keep_alive'];
}

function writeChat(writing: Writing): WireRequest {
  const { request, model, own } = writing;
  const { prompt, native = {}, stop } = request;
  if (prompt.form !== 'messages') throw new GatewayError('internal_error', 'A chat with Ollama is made of messages.');
  const hasTools = (native.tools?.length ?? 0) > 0;
  if (hasTools && native.constraint) throw new GatewayError('internal_error', 'Ollama forgets the tools where a format is given.');
  const { format, wrapping = 'none' } = native.constraint ? writeFormat(native.constraint) : {};
  const body = {
    model: request.model,
    messages: writeMessages(prompt.messages, model.model.specialTokens.control),
    tools: hasTools ? writeTools(native.tools ?? []) : undefined,
    think: own.think === undefined ? chooseThinkWord(request, model) : toLiteralJson(own.think),
    format,
    // the Modelfile's own stops belong to the template that is used here
    ...endOfBody(writing, stop.length === 0 ? undefined : [...new Set([...model.stops, ...stop])]),
  };
  return { path: '/api/chat', body: printLiteralJson(literalObject(body)), wrapping, lead: '' };
}

/** Thoughts are part of the text here: Ollama is not to look for them. */
function writeRaw(writing: Writing): WireRequest {
  const { request, model, own } = writing;
  const { prompt, native = {}, stop } = request;
  if (prompt.form !== 'segments') throw new GatewayError('internal_error', 'A raw prompt of Ollama is text.');
  if (own.think !== undefined) throw refuseThink();
  const text = writeRawPrompt(prompt, model.model.specialTokens);
  const { format, wrapping = 'none' } = native.constraint ? writeFormat(native.constraint) : {};
  // a format binds from the first token on: thoughts that the template opened would never be closed
  const closer = format === undefined || !prompt.isRendered ? undefined : findThoughtsCloser(text);
  const lead = closer === undefined ? '' : `${closer}\n\n`;
  const body = { model: request.model, prompt: text + lead, raw: true, think: false, format, ...endOfBody(writing, stop) };
  return { path: '/api/generate', body: printLiteralJson(literalObject(body)), wrapping, lead };
}

function endOfBody(
  { request, model, own, keepAlive }: Writing,
  stops: readonly string[] | undefined,
): Record<string, LiteralJson | undefined> {
  const { topLogprobs } = request;
  return {
    logprobs: topLogprobs === undefined ? undefined : true,
    top_logprobs: topLogprobs === undefined ? undefined : new LiteralNumber(String(topLogprobs)),
    stream: true,
    truncate: false,
    shift: false,
    options: writeOptions(request, { contextTokens: model.model.contextTokens, stops, own: own.options }),
    keep_alive: keepAlive === undefined ? undefined : toLiteralJson(keepAlive),
  };
}

function refuseThink(): GatewayError {
  const message =
    'The prompt of this model is rendered here, so `think` changes nothing. Use `reasoning_effort` or `chat_template_kwargs`.';
  return new GatewayError('unsupported_feature', message, { param: 'think' });
}
