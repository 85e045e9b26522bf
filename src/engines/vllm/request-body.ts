import type { EngineGrammar, EnginePrompt, EngineRequest, NativeWishes } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Message, Tool } from '../../protocol/message.ts';
import type { Sampling } from '../../protocol/request.ts';
import { writeChoice, writeMessage, writeTool, writeTools } from '../openai/request-body.ts';
import { listMessages } from '../openai/write-body.ts';

/** A conversation that the engine renders. */
export type MessagesPrompt = Extract<EnginePrompt, { readonly form: 'messages' }>;

/** A prompt for `/v1/completions`, and how its answer is given. */
export interface CompletionPrompt {
  readonly prompt: string | readonly number[];
  /** a chat template wrote it: it has its begin-of-text token, and its answer is read with the markers in it */
  readonly isRendered: boolean;
  /** room of the context behind it */
  readonly mostTokens: number | undefined;
}

/**
 * The body for `/v1/chat/completions`. Tools that are only shown go with `tool_choice: "none"`: vLLM's template prints them and its parsers stay out.
 * Without a token limit of the request vLLM fills the context; a `max_new_tokens` in the model's generation_config.json still cuts that.
 * Source: vLLM 0.32.0, `entrypoints/openai/chat_completion/protocol.py`.
 */
export function writeChat(request: EngineRequest, prompt: MessagesPrompt): JsonObject {
  const { native, maxTokens, topLogprobs } = request;
  const { tools } = native ?? {};
  return {
    ...shared(request),
    messages: listMessages(prompt, writeTurn),
    ...(tools ? nativeTools(tools, native) : { ...shownTools(prompt), ...keepMarkers }),
    ...(prompt.variablesJson === undefined ? {} : { chat_template_kwargs: parseVariables(prompt.variablesJson) }),
    ...(native?.reasoningEffort === undefined ? {} : { reasoning_effort: native.reasoningEffort }),
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    ...(topLogprobs === undefined ? {} : { logprobs: true, top_logprobs: topLogprobs }),
  };
}

/** The body for `/v1/completions`, where no parser of vLLM's own is at work. Its default of 16 tokens never applies. */
export function writeCompletion(request: EngineRequest, { prompt, isRendered, mostTokens }: CompletionPrompt): JsonObject {
  const { topLogprobs } = request;
  const maxTokens = request.maxTokens ?? mostTokens;
  return {
    ...shared(request),
    prompt,
    // a raw text gets its begin-of-text token by vLLM's default; ids are taken as they are
    ...(isRendered && typeof prompt === 'string' ? { add_special_tokens: false } : {}),
    ...(isRendered ? keepMarkers : {}),
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    ...(topLogprobs === undefined ? {} : { logprobs: topLogprobs }),
  };
}

/**
 * The body for `/tokenize` that renders a conversation as the chat route would with tools. That route has no `reasoning_effort`: there it becomes
 * two template variables, which do here as well.
 */
export function writeRendering(request: EngineRequest, prompt: MessagesPrompt): JsonObject {
  const effort = request.native?.reasoningEffort;
  const { tools } = shownTools(prompt);
  const variables = {
    ...(effort === undefined ? {} : { reasoning_effort: effort, enable_thinking: effort !== 'none' }),
    ...(prompt.variablesJson === undefined ? {} : parseVariables(prompt.variablesJson)),
  };
  return {
    model: request.model,
    messages: listMessages(prompt, writeTurn),
    ...(tools === undefined ? {} : { tools }),
    ...(Object.keys(variables).length === 0 ? {} : { chat_template_kwargs: variables }),
  };
}

/** Thoughts go under both names: `/tokenize` of 0.32 knows only the newer one, older chat routes only the other. */
function writeTurn(message: Message): JsonObject {
  const { reasoning } = message;
  return reasoning === undefined ? writeMessage(message) : { ...writeMessage(message), reasoning };
}

/** What both routes take. Fields of the caller that nobody here knows come first: ours win. */
function shared({
  unknownFields,
  model,
  sampling,
  stop,
  stopTokenIds,
  ignoreEos,
  grammar,
  isStreamed,
  mayBeStopped,
}: EngineRequest): JsonObject {
  const stream = isStreamed || mayBeStopped === true;
  return {
    ...unknownFields,
    model,
    ...samplingFields(sampling),
    ...(stop.length === 0 ? {} : { stop }),
    ...(stopTokenIds.length === 0 ? {} : { stop_token_ids: stopTokenIds }),
    ...(ignoreEos ? { ignore_eos: true } : {}),
    ...(grammar === undefined ? {} : grammarField(grammar)),
    stream,
    // each chunk tells its usage: an answer that is stopped early has been counted too
    ...(stream ? { stream_options: { include_usage: true, continuous_usage_stats: true } } : {}),
  };
}

/** Markers of calls and thoughts are often special tokens. Both are needed, else spaces come between neighbouring ones. */
const keepMarkers = { skip_special_tokens: false, spaces_between_special_tokens: false } as const;

/** All of them: the model's generation_config.json would decide what is left out. The seed is free without one. */
function samplingFields(sampling: Sampling): JsonObject {
  const { temperature = 1, topP = 1, topK = 0, minP = 0, repetitionPenalty = 1, presencePenalty = 0, frequencyPenalty = 0 } = sampling;
  return {
    temperature,
    top_p: topP,
    // every version takes -1 for all of them; 0 is newer
    top_k: topK <= 0 ? -1 : topK,
    min_p: minP,
    repetition_penalty: repetitionPenalty,
    presence_penalty: presencePenalty,
    frequency_penalty: frequencyPenalty,
    ...(sampling.seed === undefined ? {} : { seed: sampling.seed }),
    ...(sampling.logitBias === undefined ? {} : { logit_bias: Object.fromEntries(sampling.logitBias) }),
  };
}

/** By version: `guided_grammar` is gone since 0.12, and ignored without a word. */
function grammarField({ notation, text, lazy, trigger }: EngineGrammar): JsonObject {
  const isWhole = lazy === undefined && trigger === undefined;
  if (isWhole && notation === 'structural-tag') return { structured_outputs: { structural_tag: text } };
  if (isWhole && notation === 'ebnf') return { guided_grammar: text };
  throw new GatewayError('internal_error', `vLLM was given a grammar that it has no field for (${notation}).`);
}

function shownTools({ shownTools: tools = [] }: MessagesPrompt): { readonly tools?: JsonValue; readonly tool_choice?: 'none' } {
  return tools.length === 0 ? {} : { tools: writeTools(tools), tool_choice: 'none' };
}

/** A demanded call is held to the schema of strict tools only, so every tool is one there unless the caller has said no. */
function nativeTools(tools: readonly Tool[], { toolChoice = 'auto', parallelToolCalls }: NativeWishes = {}): JsonObject {
  const isDemanded = toolChoice !== 'auto' && toolChoice !== 'none';
  return {
    tools: isDemanded ? tools.map((tool) => writeTool({ ...tool, strict: tool.strict ?? true })) : writeTools(tools),
    tool_choice: writeChoice(toolChoice),
    ...(parallelToolCalls === false ? { parallel_tool_calls: false } : {}),
  };
}

function parseVariables(json: string): JsonObject {
  return JSON.parse(json) as JsonObject;
}
