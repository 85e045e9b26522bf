import { GatewayError } from '../../protocol/error.ts';
import type { JsonValue } from '../../protocol/json.ts';
import type { FoundTemplates } from '../../sources/template-files.ts';
import { withMembers } from '../../templates/conversation.ts';
import { readTokenizerConfig } from '../../templates/tokenizer-config.ts';
import type { LiteralJsonObject } from '../../text/literal-json.ts';
import { type Asker, idsField, listField, openAsker, type ServerTarget, textField, toLiteralIds } from './ask-server.ts';
import type { RunningServer, ServerEncoding, ServerPrompt, ServerTokenizer } from './running-server.ts';
import { showSpellings } from './show-spellings.ts';
import { rookeryWays, vllmWays } from './ways.ts';
import { mapMessages, toWireBody } from './wire-conversation.ts';

/**
 * Asks vLLM: `/tokenize` with a conversation or a text, `/detokenize`, and for its template `/tokenizer_info`, which it has only with
 * `--enable-tokenizer-info-endpoint`. Source: vLLM 0.32.0.
 */
export function openVllm(target: ServerTarget): RunningServer {
  const asker = openAsker(target);
  const tokenizer = openTokenizer(asker, target.model);
  return {
    ...{ about: target.about, url: target.url, model: target.model, tokenizer, ways: vllmWays, isFitting: false },
    findTemplates: () => readTemplates(asker, target.url),
    adapt: (conversation) => conversation,
    render: (conversation) => render(asker, target.model, conversation),
    close: () => asker.close(),
  };
}

/** Asks another Rookery, whose API for this is vLLM's. It renders as it would for a chat, with the answer opened. */
export function openRookery(target: ServerTarget): RunningServer {
  const asker = openAsker(target);
  return {
    ...{ about: target.about, url: target.url, model: target.model, ways: rookeryWays, isFitting: true },
    tokenizer: openTokenizer(asker, target.model),
    findTemplates: async () => undefined,
    adapt: (conversation) => {
      const messages = mapMessages(conversation.get('messages'), keepKnownFields);
      return withMembers(conversation, { messages, add_generation_prompt: true });
    },
    render: (conversation) => render(asker, target.model, conversation),
    close: () => asker.close(),
  };
}

/** It refuses fields that it does not know, and names without a letter. */
function keepKnownFields(message: LiteralJsonObject): LiteralJsonObject {
  return withMembers(message, { thinking: undefined, name: message.get('name') || undefined });
}

async function render(asker: Asker, model: string, conversation: LiteralJsonObject): Promise<ServerPrompt> {
  const ids = idsField(await asker.post('/tokenize', toWireBody(conversation, new Map([['model', model]]))), 'tokens', '/tokenize');
  return { text: await decode(asker, model, ids), ids };
}

async function decode(asker: Asker, model: string, ids: readonly number[]): Promise<string> {
  return ids.length === 0 ? '' : textField(await asker.post('/detokenize', { model, tokens: toLiteralIds(ids) }), 'prompt', '/detokenize');
}

function openTokenizer(asker: Asker, model: string): ServerTokenizer {
  const ask = (text: string, { addSpecial, isPlain }: ServerEncoding, withTexts: boolean) => {
    if (isPlain)
      throw new GatewayError('unsupported_feature', 'This server always takes spellings of special tokens as such: leave --plain out.');
    return asker.post('/tokenize', { model, prompt: text, add_special_tokens: addSpecial, return_token_strs: withTexts });
  };
  return {
    encode: async (text, encoding) => idsField(await ask(text, encoding, false), 'tokens', '/tokenize'),
    pieces: async (text, encoding) => {
      const answer = await ask(text, encoding, true);
      const texts = listField(answer, 'token_strs', '/tokenize');
      const shown = showSpellings(texts.map(String), text);
      return idsField(answer, 'tokens', '/tokenize').map((id, index) => ({ id, text: shown[index] ?? '' }));
    },
    decode: (ids) => decode(asker, model, ids),
  };
}

/** The endpoint is there only on request; without it the template is not shown. */
async function readTemplates(asker: Asker, url: string): Promise<FoundTemplates | undefined> {
  try {
    const { templates, specialTokens } = readTokenizerConfig((await asker.get('/tokenizer_info')) as JsonValue);
    if (Object.keys(templates).length === 0) return undefined;
    return { templates, specialTokens, origin: `${url}/tokenizer_info` };
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'engine_failed') return undefined;
    throw error;
  }
}
