import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { type FakeEngine, type FakeEngineOptions, type FakeRequest, startFakeEngine } from 'rookery/testing';
import { type Program, startProgram, until } from './program.ts';

/** What a test asks, beside the model and whether it streams. */
export type Question = Readonly<Record<string, unknown>> & { readonly messages: readonly object[] };

/** One answer as the caller has it. */
export interface Told {
  /** the header `x-rookery-plan` */
  readonly plan: string | null;
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: string }[];
}

/** What is behind the program: models by the kind of their upstream, and that upstream's fake. */
export interface UpstreamScene {
  readonly kind: 'openai' | 'vllm' | 'llama-server' | 'ollama';
  readonly options: Omit<FakeEngineOptions, 'face'>;
}

/** The built program with fake engines behind it, and an OpenAI client in front. */
export interface FactScene {
  /** the fake that serves a model */
  fakeOf(model: string): FakeEngine;
  /** Asks as a user does, with the unmodified client. */
  ask(model: string, question: Question, isStreamed?: boolean): Promise<Told>;
  /** Bodies of the generations that were asked of the model's engine since its list had this many entries. */
  bodiesSince(model: string, count: number): readonly Record<string, unknown>[];
  /** What the log warned of a model, in order, once that many requests for it are in the log. */
  warnings(model: string, requests: number): Promise<readonly string[]>;
  close(): Promise<void>;
}

const generating = new Set(['/v1/chat/completions', '/v1/completions', '/completion', '/api/chat', '/api/generate']);

/** A template of this repository, by its path. */
export function readTemplate(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** Starts the fakes, then `rookery serve` with one `--upstream` for each. No two may serve a model of the same name. */
export async function openScene(upstreams: readonly UpstreamScene[]): Promise<FactScene> {
  const fakes = await Promise.all(upstreams.map(({ kind, options }) => startFakeEngine({ face: kind, ...options })));
  const flags = upstreams.flatMap(({ kind }, index) => ['--upstream', `${kind}=${addressOf(kind, fakes[index] as FakeEngine)}`]);
  const program = await startProgram(flags);
  const client = new OpenAI({ baseURL: `${program.url}/v1`, apiKey: 'unused', maxRetries: 0 });
  const fakeOf = (model: string) => {
    const fake = fakes[upstreams.findIndex(({ options }) => options.models?.includes(model))];
    assert.ok(fake, `no upstream serves ${model}`);
    return fake;
  };
  return {
    fakeOf,
    ask: (model, question, isStreamed = false) => ask(client, { ...question, model }, isStreamed),
    bodiesSince: (model, count) => fakeOf(model).requests.slice(count).filter(isGeneration).map(bodyOf),
    warnings: async (model, requests) => {
      await until(() => linesOf(program, 'request', model).length >= requests);
      return linesOf(program, 'plan', model).map(({ message }) => String(message));
    },
    close: async () => {
      assert.equal(await program.stop('SIGINT'), 0);
      await Promise.all(fakes.map((fake) => fake.close()));
    },
  };
}

function addressOf(kind: UpstreamScene['kind'], { url, origin }: FakeEngine): string {
  return kind === 'openai' ? url : origin;
}

function isGeneration({ path }: FakeRequest): boolean {
  return generating.has(path);
}

function bodyOf({ body }: FakeRequest): Record<string, unknown> {
  return { ...body };
}

function linesOf(program: Program, event: string, model: string): readonly Record<string, unknown>[] {
  const lines = program.log().split('\n').slice(0, -1);
  const events = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
  return events.filter((line) => line.event === event && line.model === model);
}

async function ask(client: OpenAI, body: Question & { readonly model: string }, isStreamed: boolean): Promise<Told> {
  // fields that are not OpenAI's go along as the client was given them
  const parameters = body as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming;
  if (!isStreamed) {
    const { data, response } = await client.chat.completions.create(parameters).withResponse();
    return tell(response, data);
  }
  const { data: stream, response } = await client.chat.completions.create({ ...parameters, stream: true }).withResponse();
  const collected = { text: '', calls: [] as { name: string; arguments: string }[] };
  for await (const { choices } of stream) {
    const delta = choices[0]?.delta;
    collected.text += delta?.content ?? '';
    for (const { index, function: called } of delta?.tool_calls ?? []) {
      const call = (collected.calls[index] ??= { name: '', arguments: '' });
      call.name += called?.name ?? '';
      call.arguments += called?.arguments ?? '';
    }
  }
  return { plan: response.headers.get('x-rookery-plan'), ...collected };
}

function tell(response: Response, { choices }: OpenAI.ChatCompletion): Told {
  const message = choices[0]?.message;
  const calls = (message?.tool_calls ?? []).flatMap((call) =>
    call.type === 'function' ? [{ name: call.function.name, arguments: call.function.arguments }] : [],
  );
  return { plan: response.headers.get('x-rookery-plan'), text: message?.content ?? '', calls };
}
