import { parentPort, workerData } from 'node:worker_threads';
import { toGatewayError } from '../protocol/error.ts';
import { showPiece } from '../tokenizers/show-piece.ts';
import { createTokenizer, type Tokenizer } from '../tokenizers/tokenizer.ts';
import { readTokenizer } from './read-tokenizer.ts';
import type { FromTokenizerThread, TokenizerQuestion, TokenizerThreadData, ToTokenizerThread } from './tokenizer-messages.ts';

// the code of a tokenizer's thread: it loads the tokenizer once and answers one question after another

const { source, memoChars } = workerData as TokenizerThreadData;
const loaded = load();
// each question reports a failure; before the first one arrives nobody listens
loaded.catch(() => undefined);

parentPort?.on('message', ({ call, question }: ToTokenizerThread) => {
  loaded
    .then((tokenizer) => send({ call, value: answer(tokenizer, question) }))
    .catch((thrown: unknown) => {
      const { code, message } = toGatewayError(thrown);
      const detail = code === 'internal_error' && thrown instanceof Error ? ` ${thrown.message}` : '';
      send({ call, error: { code, message: message + detail } });
    });
});

async function load(): Promise<Tokenizer> {
  return createTokenizer(readTokenizer(source), { mostChars: memoChars });
}

function send(message: FromTokenizerThread): void {
  parentPort?.postMessage(message);
}

function answer(tokenizer: Tokenizer, question: TokenizerQuestion): unknown {
  switch (question.ask) {
    case 'describe': {
      const { bosId, eosId, paddingId, vocabularyTokens, fingerprint } = tokenizer;
      return { bosId, eosId, paddingId, vocabularyTokens, fingerprint, specials: tokenizer.specials() };
    }
    case 'encode':
      return tokenizer.encode(question.segments, { addSpecial: question.addSpecial });
    case 'decode':
      return tokenizer.decode(question.ids, { skipSpecial: question.skipSpecial });
    case 'pieces':
      return question.ids.map((id) => ({ id, text: showPiece(tokenizer.bytesOf(id)), isSpecial: tokenizer.isSpecial(id) }));
    case 'count':
      return question.texts.map((segments) => tokenizer.encode(segments).length);
    default:
      return question satisfies never;
  }
}
