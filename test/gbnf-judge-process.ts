import { getLlama, LlamaGrammar, LlamaLogLevel } from 'node-llama-cpp';
import type { JudgeAnswer, JudgeQuestion } from './gbnf-judge.ts';

interface TestedGrammar {
  _testText(text: string): boolean;
}

// llama.cpp's own word on grammars, in a process of its own: a bad grammar can hang or end it.
const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, progressLogs: false, logLevel: LlamaLogLevel.disabled });

process.on('message', (question: JudgeQuestion) => {
  process.send?.(answer(question));
});
process.send?.({ isReady: true });

function answer({ gbnf, texts }: JudgeQuestion): JudgeAnswer {
  try {
    // an internal of the pinned version: no type says it
    const grammar = new LlamaGrammar(llama, { grammar: gbnf, rootRuleName: 'root' }) as unknown as TestedGrammar;
    return { accepted: texts.map((text) => grammar._testText(text)) };
  } catch (error) {
    return { refused: String(error) };
  }
}
