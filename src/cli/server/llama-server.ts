import type { FoundTemplates } from '../../sources/template-files.ts';
import { isLiteralList, isLiteralObject, withMembers } from '../../templates/conversation.ts';
import type { LiteralJsonObject } from '../../text/literal-json.ts';
import { showPiece } from '../../tokenizers/show-piece.ts';
import { type AnswerFields, type Asker, idsField, listField, openAsker, type ServerTarget, textField, toLiteralIds } from './ask-server.ts';
import type { RunningServer, ServerEncoding, ServerToken, ServerTokenizer } from './running-server.ts';
import { llamaServerWays } from './ways.ts';
import { toWireBody } from './wire-conversation.ts';

/** Asks llama-server: `/apply-template`, `/tokenize`, `/detokenize` and `/props`. Source: llama.cpp b11434. */
export function openLlamaServer(target: ServerTarget): RunningServer {
  const asker = openAsker(target);
  const tokenizer = openTokenizer(asker);
  return {
    ...{ about: target.about, url: target.url, model: target.model, tokenizer, ways: llamaServerWays, isFitting: false },
    findTemplates: async () => readTemplates(await asker.get('/props'), target.url),
    adapt: endWithUser,
    render: async (conversation) => {
      const text = textField(await asker.post('/apply-template', toWireBody(conversation)), 'prompt', '/apply-template');
      // as its chat route does it
      return { text, ids: await tokenizer.encode(text, { addSpecial: true, isPlain: false }) };
    },
    close: () => asker.close(),
  };
}

function openTokenizer(asker: Asker): ServerTokenizer {
  const ask = (text: string, { addSpecial, isPlain }: ServerEncoding, withPieces: boolean) =>
    asker.post('/tokenize', { content: text, add_special: addSpecial, parse_special: !isPlain, with_pieces: withPieces });
  return {
    encode: async (text, encoding) => idsField(await ask(text, encoding, false), 'tokens', '/tokenize'),
    pieces: async (text, encoding) => listField(await ask(text, encoding, true), 'tokens', '/tokenize').map(readPiece),
    decode: async (ids) => textField(await asker.post('/detokenize', { tokens: toLiteralIds(ids) }), 'content', '/detokenize'),
  };
}

/** Bytes that are no whole letter come as a list of numbers. */
function readPiece(token: unknown): ServerToken {
  const { id, piece } = token as AnswerFields;
  return { id: Number(id), text: showPiece(Array.isArray(piece) ? Buffer.from(piece as number[]) : Buffer.from(String(piece))) };
}

function readTemplates(props: AnswerFields, url: string): FoundTemplates | undefined {
  const { chat_template: source, chat_template_tool_use: forTools, bos_token: begin, eos_token: end } = props;
  if (typeof source !== 'string' || source === '') return undefined;
  return {
    templates: { default: source, ...(typeof forTools === 'string' && forTools !== '' ? { tool_use: forTools } : {}) },
    specialTokens: { ...(typeof begin === 'string' ? { bos_token: begin } : {}), ...(typeof end === 'string' ? { eos_token: end } : {}) },
    origin: `${url}/props`,
  };
}

/** A last message of the assistant's is continued, whatever is asked for (`--no-prefill-assistant` is a flag of the server): a user's goes behind it. */
function endWithUser(conversation: LiteralJsonObject): LiteralJsonObject {
  const messages = conversation.get('messages');
  const last = isLiteralList(messages) ? messages.at(-1) : undefined;
  if (!isLiteralList(messages) || !isLiteralObject(last) || last.get('role') !== 'assistant') return conversation;
  const question = new Map([
    ['role', 'user'],
    ['content', 'And then?'],
  ]);
  return withMembers(conversation, { messages: [...messages, question], add_generation_prompt: true });
}
