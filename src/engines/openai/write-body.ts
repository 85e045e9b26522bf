import type { EnginePrompt } from '../../protocol/engine.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { keptJson } from '../../text/kept-json.ts';

/** The JSON text of a body. Its messages are sent as the caller wrote them, where they are the same, and a list of tools is written once: they are most of it. */
export function writeBody(body: JsonObject, prompt: EnginePrompt): string {
  const { messages, tools, ...rest } = body;
  let text = JSON.stringify(rest).slice(0, -1);
  if (messages !== undefined)
    text += `,"messages":${(prompt.form === 'messages' ? prompt.messagesJson : undefined) ?? JSON.stringify(messages)}`;
  if (tools !== undefined) text += `,"tools":${typeof tools === 'object' && tools !== null ? keptJson(tools) : JSON.stringify(tools)}`;
  return `${text}}`;
}
