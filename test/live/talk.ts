import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { situation } from './situation.ts';

/** Fields of a request's body, the SDK's own and others. */
export type Body = Readonly<Record<string, unknown>>;
export type Chunk = OpenAI.ChatCompletionChunk;
export type ChunkChoice = OpenAI.ChatCompletionChunk.Choice;
type Whole = OpenAI.ChatCompletion;
type TokenLogprob = OpenAI.ChatCompletionTokenLogprob;

/** A call as a caller has it in the end. */
export interface Call {
  readonly id: string;
  readonly name: string;
  readonly argumentsJson: string;
}

/** One choice of an answer, whether it came whole or in chunks. */
export interface Answer {
  readonly text: string;
  readonly calls: readonly Call[];
  readonly finish: string;
  readonly logprobs: readonly TokenLogprob[];
}

/** A whole answer, or a stream that has been put together. */
export interface Reply {
  readonly first: Answer;
  readonly choices: readonly Answer[];
  readonly usage: OpenAI.CompletionUsage;
  /** empty where it was not streamed */
  readonly chunks: readonly Chunk[];
}

const finishReasons = new Set(['stop', 'length', 'tool_calls']);

/** Talks to our server by the unmodified SDK and keeps the plans that it was told. */
export class Talk {
  readonly client = new OpenAI({ baseURL: `${situation.url}/v1`, apiKey: 'unused', maxRetries: 0 });
  readonly model: string;
  readonly plans: string[] = [];

  constructor(model: string) {
    this.model = model;
  }

  /** The body that a check's wishes become: greedy, short, seeded. */
  body(more: Body): Body {
    return { model: this.model, messages: question, temperature: 0, seed: 1, max_tokens: 32, ...more };
  }

  /** Asks for a whole answer. Usage and finish reasons are looked at. */
  async ask(more: Body = {}): Promise<Reply> {
    const body = this.body(more);
    const parameters = body as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming;
    const { data, response } = await this.client.chat.completions.create(parameters).withResponse();
    this.#keepPlan(response);
    return checkReply(readWhole(data), body);
  }

  /** Asks for a stream and puts it together. Usage and finish reasons are looked at. */
  async askStreamed(more: Body = {}): Promise<Reply> {
    const body = this.body(more);
    const parameters = { ...body, stream: true, stream_options: { include_usage: true } };
    const { data, response } = await this.client.chat.completions
      .create(parameters as unknown as OpenAI.ChatCompletionCreateParamsStreaming)
      .withResponse();
    this.#keepPlan(response);
    const chunks: Chunk[] = [];
    for await (const chunk of data) chunks.push(chunk);
    return checkReply(joinChunks(chunks), body);
  }

  /** Opens a stream that the check itself reads or leaves. */
  open(more: Body, signal: AbortSignal): Promise<AsyncIterable<Chunk>> {
    const parameters = { ...this.body(more), stream: true } as unknown as OpenAI.ChatCompletionCreateParamsStreaming;
    return this.client.chat.completions.create(parameters, { signal });
  }

  /** Asks for a raw completion. */
  async complete(more: Body): Promise<OpenAI.Completion> {
    const body = { model: this.model, temperature: 0, seed: 1, max_tokens: 16, ...more };
    const { data, response } = await this.client.completions
      .create(body as unknown as OpenAI.CompletionCreateParamsNonStreaming)
      .withResponse();
    this.#keepPlan(response);
    return data;
  }

  /** Posts to a route that the SDK has no name for; errors are the SDK's own. */
  post<T>(path: string, body: Body): Promise<T> {
    return this.client.post<T>(`${situation.url}${path}`, { body: { model: this.model, ...body } }).then((answer) => answer);
  }

  #keepPlan(response: Response): void {
    const plan = response.headers.get('x-rookery-plan');
    assert.ok(plan, 'the answer has no header x-rookery-plan');
    this.plans.push(plan);
  }
}

/** What is asked where a check has no words of its own. */
export const question = [{ role: 'user', content: 'What is the capital of France? Answer in one sentence.' }];

function readWhole(whole: Whole): Reply {
  const choices = whole.choices.map((choice, index) => {
    assert.equal(choice.index, index);
    const calls = (choice.message.tool_calls ?? []).map((call) => {
      assert.equal(call.type, 'function');
      return { id: call.id, name: call.function.name, argumentsJson: call.function.arguments };
    });
    return { text: choice.message.content ?? '', calls, finish: choice.finish_reason, logprobs: choice.logprobs?.content ?? [] };
  });
  return toReply(choices, whole.usage, []);
}

/** A choice while its chunks come. */
interface Draft {
  text: string;
  readonly calls: { id: string; name: string; argumentsJson: string }[];
  finish: string;
  readonly logprobs: TokenLogprob[];
}

function joinChunks(chunks: readonly Chunk[]): Reply {
  const drafts: Draft[] = [];
  let usage: OpenAI.CompletionUsage | undefined;
  for (const chunk of chunks) {
    assert.equal(usage, undefined, 'nothing follows the usage');
    usage = chunk.usage ?? undefined;
    for (const choice of chunk.choices) addToDraft((drafts[choice.index] ??= { text: '', calls: [], finish: '', logprobs: [] }), choice);
  }
  return toReply(drafts, usage, chunks);
}

function addToDraft(draft: Draft, { delta, finish_reason: finish, logprobs }: ChunkChoice): void {
  assert.equal(draft.finish, '', 'nothing follows the finish reason');
  draft.text += delta.content ?? '';
  draft.finish = finish ?? '';
  draft.logprobs.push(...(logprobs?.content ?? []));
  for (const piece of delta.tool_calls ?? []) {
    const call = (draft.calls[piece.index] ??= { id: '', name: '', argumentsJson: '' });
    call.id ||= piece.id ?? '';
    call.name += piece.function?.name ?? '';
    call.argumentsJson += piece.function?.arguments ?? '';
  }
}

function toReply(choices: readonly Answer[], usage: OpenAI.CompletionUsage | undefined, chunks: readonly Chunk[]): Reply {
  const [first] = choices;
  assert.ok(first && usage, 'an answer has a choice and its usage');
  return { first, choices, usage, chunks };
}

/** What holds for any answer, whatever the model wrote. */
function checkReply(reply: Reply, body: Body): Reply {
  const { usage, choices } = reply;
  const most = Number(body.max_tokens) * Number(body.n ?? 1);
  assert.equal(choices.length, body.n ?? 1);
  assert.ok(usage.prompt_tokens > 0, 'the prompt has tokens');
  assert.ok(
    usage.completion_tokens >= 0 && usage.completion_tokens <= most,
    `${usage.completion_tokens} tokens where ${most} are the most`,
  );
  assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
  for (const { finish, calls } of choices) {
    assert.ok(finishReasons.has(finish), `finish_reason is ${finish}`);
    if (finish === 'tool_calls') assert.ok(calls.length > 0, 'finish_reason tells of calls');
    if (calls.length > 0) assert.notEqual(finish, 'stop');
  }
  return reply;
}
