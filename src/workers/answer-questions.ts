import { parentPort } from 'node:worker_threads';
import { toGatewayError } from '../protocol/error.ts';
import type { FromThread, ThreadError, ToThread } from './thread-messages.ts';

/** The inside of a thread: answers one question after another; what is thrown goes back as the answer's error. */
export function answerQuestions<Question>(answer: (question: Question) => unknown): void {
  parentPort?.on('message', ({ call, question }: ToThread<Question>) => {
    Promise.resolve()
      .then(() => answer(question))
      .then((value) => send({ call, value }))
      .catch((thrown: unknown) => send({ call, error: describe(thrown) }));
  });
}

function send(message: FromThread): void {
  parentPort?.postMessage(message);
}

function describe(thrown: unknown): ThreadError {
  const { code, message, param } = toGatewayError(thrown);
  const detail = code === 'internal_error' && thrown instanceof Error ? ` ${thrown.message}` : '';
  return { code, message: message + detail, ...(param === undefined ? {} : { param }) };
}
