import { GatewayError } from '../../protocol/error.ts';
import { type ImagePart, type Message, type PastCall, type Tool, textOf } from '../../protocol/message.ts';
import { describeTool, isLiteralObject } from '../../templates/conversation.ts';
import { type LiteralJson, LiteralJsonError, type LiteralJsonObject, LiteralNumber, parseLiteralJson } from '../../text/literal-json.ts';
import { breakSpellings } from './break-spellings.ts';
import { literalObject } from './literal-object.ts';

/**
 * Messages as Ollama's chat takes them: one text each, pictures beside it, arguments as objects with their numbers as they were written, and the tool's name on its
 * result. A speaker's name has no place there. Spellings of control tokens (as far as these are known) are broken, but in what the model itself wrote. Throws `unsupported_feature` for pictures that are addresses. Source: Ollama 0.34.0, api/types.go, Message.
 */
export function writeMessages(messages: readonly Message[], control: readonly string[]): readonly LiteralJson[] {
  const names = new Map<string, string>();
  return messages.map((message, index) => {
    for (const { id, name } of message.toolCalls ?? []) names.set(id, name);
    return writeMessage(message, { names, control, place: `messages[${index}]` });
  });
}

interface Writing {
  /** of the calls so far, by their ids */
  readonly names: ReadonlyMap<string, string>;
  readonly control: readonly string[];
  readonly place: string;
}

function writeMessage(message: Message, { names, control, place }: Writing): LiteralJsonObject {
  const { role, name, reasoning, toolCalls, toolCallId } = message;
  const isResult = role === 'tool';
  const images = listImages(message, place);
  return literalObject({
    role: role === 'developer' ? 'system' : role,
    content: role === 'assistant' ? textOf(message) : breakSpellings(textOf(message), control),
    thinking: reasoning,
    images: images.length === 0 ? undefined : images,
    tool_calls: toolCalls?.length ? toolCalls.map(writeCall) : undefined,
    tool_name: isResult ? (names.get(toolCallId ?? '') ?? name) : undefined,
    tool_call_id: isResult ? toolCallId : undefined,
  });
}

function writeCall({ id, name, argumentsJson }: PastCall, index: number): LiteralJsonObject {
  const called = literalObject({ index: new LiteralNumber(String(index)), name, arguments: readArguments(argumentsJson) });
  return literalObject({ id, function: called });
}

/** Arguments that are no JSON object were written by some model; they are shown under one key rather than refused. */
function readArguments(json: string): LiteralJsonObject {
  try {
    const value = parseLiteralJson(json);
    if (isLiteralObject(value)) return value;
  } catch (error) {
    if (!(error instanceof LiteralJsonError)) throw error;
  }
  return literalObject(json.trim() === '' ? {} : { arguments: json });
}

function listImages({ content }: Message, place: string): readonly string[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((part, index) => (part.type === 'image' ? [readImage(part, `${place}.content[${index}]`)] : []));
}

function readImage({ url }: ImagePart, param: string): string {
  const [, data] = /^data:[^,]*;base64,(.+)$/s.exec(url) ?? [];
  if (data !== undefined) return data;
  const message = 'Ollama takes pictures only as `data:` URLs with base64 in them, no addresses. Fetch the picture and send its bytes.';
  throw new GatewayError('unsupported_feature', message, { param });
}

/** Tools as Ollama's templates show them. It holds no model to a schema, so `strict` stays here. */
export function writeTools(tools: readonly Tool[]): readonly LiteralJson[] {
  return tools.map(({ name, description = '', parameters = noParameters, parametersJson }) =>
    describeTool({ name, description, parameters, ...(parametersJson === undefined ? {} : { parametersJson }) }),
  );
}

const noParameters = { type: 'object', properties: {} } as const;
