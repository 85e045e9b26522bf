import { GatewayError } from '../protocol/error.ts';
import { type AnswerGrammar, compileGrammar } from '../translate/compile-grammar.ts';
import type { GrammarJob } from '../translate/grammar-job.ts';
import { answerQuestions } from './answer-questions.ts';

// the code of a compiler's thread: one grammar after another

answerQuestions((job: GrammarJob) => compile(job));

function compile(job: GrammarJob): AnswerGrammar {
  try {
    return compileGrammar(job);
  } catch (cause) {
    // the stack is full
    if (cause instanceof RangeError) throw new GatewayError('invalid_request', tooDeep, { cause });
    throw cause;
  }
}

const tooDeep = 'What the answer shall be nests too deep to be compiled. Nest its schemas, pattern or grammar less deep.';
