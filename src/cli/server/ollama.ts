import { isLiteralList, isLiteralObject, withMembers } from '../../templates/conversation.ts';
import { type LiteralJson, type LiteralJsonObject, parseLiteralJson } from '../../text/literal-json.ts';
import { openAsker, type ServerTarget, textField } from './ask-server.ts';
import type { RunningServer } from './running-server.ts';
import { ollamaWays } from './ways.ts';
import { mapCalls, mapMessages } from './wire-conversation.ts';

/**
 * Asks Ollama, which shows a prompt in place of an answer (`_debug_render_only`) but has no route to its tokenizer. Its template is one in Go's
 * language, which is not read here. Source: Ollama 0.34.0.
 */
export function openOllama(target: ServerTarget): RunningServer {
  const asker = openAsker(target);
  return {
    ...{ about: target.about, url: target.url, model: target.model, tokenizer: undefined, ways: ollamaWays, isFitting: false },
    findTemplates: async () => undefined,
    adapt: (conversation) => {
      const messages = mapMessages(conversation.get('messages'), joinTexts);
      return withMembers(conversation, { messages, add_generation_prompt: true });
    },
    render: async (conversation) => {
      const messages = mapMessages(conversation.get('messages'), writeMessage);
      const tools = conversation.get('tools');
      const think = conversation.get('enable_thinking');
      const answer = await asker.post('/api/chat', {
        ...{ model: target.model, messages, stream: false, truncate: false, _debug_render_only: true },
        ...(isLiteralList(tools) && tools.length > 0 ? { tools } : {}),
        ...(think === false ? { think } : {}),
      });
      const { _debug_info: told } = answer;
      return { text: textField((told ?? {}) as Record<string, unknown>, 'rendered_template', '/api/chat'), ids: undefined };
    },
    close: () => asker.close(),
  };
}

/** Its messages have one text each. */
function joinTexts(message: LiteralJsonObject): LiteralJsonObject {
  const content = message.get('content');
  if (!isLiteralList(content)) return message;
  return withMembers(message, { content: content.map((part) => textOf(part)).join('') });
}

function textOf(part: LiteralJson): string {
  const text = isLiteralObject(part) ? part.get('text') : undefined;
  return typeof text === 'string' ? text : '';
}

/** Its calls have their arguments as objects, and thoughts are called `thinking`. */
function writeMessage(message: LiteralJsonObject): LiteralJsonObject {
  const called = mapCalls(message, (call) => {
    const written = call.get('arguments');
    return typeof written === 'string' ? withMembers(call, { arguments: parseLiteralJson(written) }) : call;
  });
  const reasoning = message.get('reasoning_content') ?? message.get('reasoning');
  return withMembers(called, {
    content: message.get('content') ?? '',
    thinking: reasoning,
    tool_name: message.get('role') === 'tool' ? message.get('name') : undefined,
  });
}
