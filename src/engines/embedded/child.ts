import type { FromChild, LoadOptions, Question, RunRequest, RunStep, ToChild } from './messages.ts';
import { loadNativeModel, type NativeModel } from './native.ts';
import { Run, tokenizePrompt, tokenizeText } from './run.ts';
import { StepLoop, toSentError } from './step-loop.ts';

/** The child process: loads one model, then answers messages until its parent closes or goes away. */
interface Loaded {
  readonly native: NativeModel;
  readonly loop: StepLoop;
}

let loaded: Loaded | undefined;

function send(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

async function load(options: LoadOptions): Promise<void> {
  try {
    const native = await loadNativeModel(options, (ratio) => send({ type: 'loading', ratio }));
    loaded = { native, loop: new StepLoop(native, (runs: readonly RunStep[]) => send({ type: 'step', runs })) };
    send({ type: 'loaded', model: native.facts, hardware: native.hardware });
  } catch (error) {
    send({ type: 'load-failed', error: toSentError(error) });
  }
}

function start({ native, loop }: Loaded, id: number, request: RunRequest): void {
  try {
    loop.start(new Run(native, id, request));
  } catch (error) {
    send({ type: 'step', runs: [{ run: id, deltas: [], error: toSentError(error) }] });
  }
}

async function answer({ native, loop }: Loaded, question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'tokenize':
      return tokenizeText(native, question.text);
    case 'detokenize':
      return native.model.detokenize(Uint32Array.from(question.tokens), true);
    case 'embed':
      return await embed(native, question.inputs);
    case 'counters':
      return loop.counters();
    default:
      return question satisfies never;
  }
}

async function embed(native: NativeModel, inputs: readonly (string | readonly number[])[]) {
  const vectors: (readonly number[])[] = [];
  let promptTokens = 0;
  for (const input of inputs) {
    const prompt = typeof input === 'string' ? { segments: [{ text: input, isLiteral: true }], isRendered: false } : { tokens: input };
    const tokens = tokenizePrompt(native, prompt);
    promptTokens += tokens.length;
    vectors.push(await native.embed(tokens));
  }
  return { vectors, promptTokens };
}

async function handleQuestion(call: number, question: Question): Promise<void> {
  try {
    if (!loaded) throw new Error('a question before the model was loaded');
    send({ type: 'answer', call, value: await answer(loaded, question) });
  } catch (error) {
    send({ type: 'refusal', call, error: toSentError(error) });
  }
}

process.on('message', (message: ToChild) => {
  if (message.type === 'load') void load(message.options);
  else if (message.type === 'question') void handleQuestion(message.call, message.question);
  else if (message.type === 'close') process.exit(0);
  else if (!loaded) return;
  else if (message.type === 'start') start(loaded, message.run, message.request);
  else if (message.type === 'abort') loaded.loop.abort(message.run);
  else message satisfies never;
});
// a terminal's Ctrl-C reaches the whole group: the parent decides when to end
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
