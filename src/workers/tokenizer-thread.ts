import { workerData } from 'node:worker_threads';
import { showPiece } from '../tokenizers/show-piece.ts';
import { createTokenizer, type Tokenizer } from '../tokenizers/tokenizer.ts';
import { answerQuestions } from './answer-questions.ts';
import { readTokenizer } from './read-tokenizer.ts';
import type { TokenizerQuestion, TokenizerThreadData } from './tokenizer-messages.ts';

// the code of a tokenizer's thread: it loads the tokenizer once and answers one question after another

const { source, memoChars } = workerData as TokenizerThreadData;
const loaded = load();
// each question reports a failure; before the first one arrives nobody listens
loaded.catch(() => undefined);

answerQuestions(async (question: TokenizerQuestion) => answer(await loaded, question));

async function load(): Promise<Tokenizer> {
  return createTokenizer(readTokenizer(source), { mostChars: memoChars });
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
