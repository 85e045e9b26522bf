import type { EnginePrompt } from '../../protocol/engine.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';
import type { Message } from '../../protocol/message.ts';
import { keptJson } from '../../text/kept-json.ts';
import { encodeText } from '../http/encode-text.ts';
import type { OutgoingBody } from '../http/transport.ts';

type MessagesPrompt = Extract<EnginePrompt, { readonly form: 'messages' }>;

/** The messages of a body. Those whose text is there are not written again: an empty list stands for them until `writeBody`. */
export function listMessages({ messages, messagesJson }: MessagesPrompt, write: (message: Message) => JsonObject): readonly JsonObject[] {
  return messagesJson === undefined ? messages.map(write) : [];
}

/** The JSON text of a body. Its messages are sent as the caller wrote them, where they are the same, and a list of tools is written once: they are most of it. */
export function writeBody(body: JsonObject, prompt: EnginePrompt): OutgoingBody {
  const { messages, tools, ...rest } = body;
  const opening = JSON.stringify(rest).slice(0, -1);
  const closing = tools === undefined ? '}' : `,"tools":${writeToolsText(tools)}}`;
  if (messages === undefined) return opening + closing;
  const written = prompt.form === 'messages' ? prompt.messagesJson : undefined;
  if (written === undefined) return `${opening},"messages":${JSON.stringify(messages)}${closing}`;
  return [encodeText(`${opening},"messages":`), written, encodeText(closing)];
}

function writeToolsText(tools: JsonValue): string {
  return typeof tools === 'object' && tools !== null ? keptJson(tools) : JSON.stringify(tools);
}
