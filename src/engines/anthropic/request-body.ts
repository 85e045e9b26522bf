import type { EngineRequest } from '../../protocol/engine.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Message } from '../../protocol/message.ts';
import type { Sampling } from '../../protocol/request.ts';
import { shapeAnswer } from './answer-shape.ts';
import { findOpenCall, writeConversation } from './conversation.ts';
import { printWire, type WireObject } from './json-text.ts';
import type { ModelFacts } from './model-facts.ts';
import { checkStops, refuseUnsupported, unsupported } from './refuse.ts';
import { decideThinking, mayThink, type ThinkingFields } from './thinking.ts';
import { isForced, writeTools } from './tools.ts';
import type { TurnMemory } from './turn-memory.ts';

/** What a request is written with. */
export interface WritingContext {
  readonly facts: ModelFacts;
  readonly memory: TurnMemory;
  /** hears what could not be sent as it was asked for */
  readonly note: (what: string) => void;
}

/** A request in the words of the Messages API. */
export interface WrittenRequest {
  /** JSON text */
  readonly body: string;
  /** the tool whose input is the answer's text; undefined: there is none */
  readonly answerTool: string | undefined;
}

/**
 * Writes a request of `POST /v1/messages`. It always streams: long answers would time out in one piece, and the arguments of calls come as the model wrote them.
 * Absent fields stay absent, and so do values that mean what the API does anyway. Throws `unsupported_feature` for what has no field there.
 * Source: reference/engines.md 9; @anthropic-ai/sdk 0.137.0 (2026-10-20), `MessageCreateParams`; API version 2023-06-01.
 */
export function writeRequest(request: EngineRequest, { facts, memory, note }: WritingContext): WrittenRequest {
  refuseUnsupported(request);
  const messages = messagesOf(request);
  const { native: wishes = {}, unknownFields, stop, model } = request;
  const shape = shapeAnswer(wishes, facts);
  const tools = writeTools({ wishes, shape, hasFormats: facts.hasFormats === true, messages });
  const openCall = findOpenCall(messages);
  const lacksThoughts = openCall !== undefined && memory.recall(model, openCall) === undefined;
  const effort = unknownFields.thinking === undefined ? wishes.reasoningEffort : undefined;
  const thinking = decideThinking({ effort, facts, maxTokens: request.maxTokens, isForced: isForced(tools), lacksThoughts, note });
  const config = writeConfig(unknownFields.output_config, shape.format, thinking);
  const isThinking = mayThink(unknownFields.thinking ?? thinking.thinking, facts);
  const body: WireObject = {
    ...unknownFields,
    model,
    max_tokens: thinking.maxTokens,
    ...writeConversation(messages, (callId) => (isThinking ? memory.recall(model, callId) : undefined)),
    ...writeSampling(request.sampling, note),
    stop_sequences: stop.length === 0 ? undefined : checkStops(stop),
    thinking: unknownFields.thinking ?? thinking.thinking,
    output_config: config,
    ...tools,
    stream: true,
  };
  if (messages.some(({ name, role }) => name !== undefined && role !== 'tool'))
    note('names of speakers are not sent: there is no field for them');
  return { body: printWire(body), answerTool: shape.answerTool?.name };
}

function messagesOf({ prompt }: EngineRequest): readonly Message[] {
  if (prompt.form === 'messages') return prompt.messages;
  throw unsupported('prompt', "Anthropic's API takes conversations only, no raw prompts. Use /v1/chat/completions.");
}

function writeConfig(given: JsonValue | undefined, format: JsonObject | undefined, { effort }: ThinkingFields): JsonObject | undefined {
  const fields = typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as JsonObject) : {};
  const config = { ...fields, ...(effort === undefined ? {} : { effort }), ...(format === undefined ? {} : { format }) };
  return Object.keys(config).length === 0 ? undefined : config;
}

/** Temperature ends at 1 there, which is what it is without a word: newer models refuse the field. */
function writeSampling({ temperature = 1, topP = 1, topK = 0, seed }: Sampling, note: WritingContext['note']): WireObject {
  if (temperature > 1) note(`temperature ${temperature} lowered to 1, the most there is`);
  if (seed !== undefined) note('seed is not sent: there is no field for it');
  return {
    temperature: temperature < 1 ? temperature : undefined,
    top_p: topP < 1 ? topP : undefined,
    top_k: topK > 0 ? topK : undefined,
  };
}
