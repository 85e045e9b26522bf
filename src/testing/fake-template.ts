import { compileCached, JinjaError } from '../jinja/index.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';
import { type LiteralJson, LiteralJsonError, type LiteralJsonObject, parseLiteralJson } from '../text/literal-json.ts';
import { type FakeState, isObject, renderMessages } from './fake-face.ts';

/** A conversation as the script's chat template prints it, or why the template refuses it. */
export type PrintedConversation = { readonly text: string } | { readonly refusal: string };

/**
 * Renders the conversation of a request to vLLM: messages, tools, `add_generation_prompt` and `chat_template_kwargs`. Where the script has no chat template it is
 * ChatML that shows no tools. Source: vLLM 0.32.0, `entrypoints/chat_utils.py`: arguments of past calls are read before the template gets them.
 */
export function printConversation(body: JsonObject | undefined, { chatTemplate }: FakeState): PrintedConversation {
  const { messages, tools, add_generation_prompt: asksAnswer, chat_template_kwargs: more } = body ?? {};
  if (chatTemplate === '') return { text: renderMessages(messages, asksAnswer !== false) };
  try {
    const variables = new Map<string, LiteralJson>([
      ...(isObject(more) ? literalOf(more) : []),
      ['messages', listOf(messages).map(readMessage)],
      ['add_generation_prompt', asksAnswer !== false],
      ...(Array.isArray(tools) ? ([['tools', listOf(tools)]] as const) : []),
    ]);
    return { text: compileCached(chatTemplate).render(variables, { now: new Date() }).text };
  } catch (error) {
    if (error instanceof JinjaError || error instanceof LiteralJsonError) return { refusal: error.message };
    throw error;
  }
}

function listOf(value: JsonValue | undefined): readonly LiteralJsonObject[] {
  return Array.isArray(value) ? value.filter(isObject).map(literalOf) : [];
}

function literalOf(value: JsonObject): LiteralJsonObject {
  return parseLiteralJson(JSON.stringify(value)) as LiteralJsonObject;
}

function readMessage(message: LiteralJsonObject): LiteralJsonObject {
  const calls = message.get('tool_calls');
  return Array.isArray(calls) ? new Map([...message, ['tool_calls', calls.map(readCall)]]) : message;
}

function readCall(call: LiteralJsonObject): LiteralJsonObject {
  const called = call.get('function') as LiteralJsonObject;
  const written = called.get('arguments');
  const args = typeof written === 'string' ? parseLiteralJson(written) : written;
  return new Map([...call, ['function', new Map([...called, ['arguments', args ?? null]])]]);
}
