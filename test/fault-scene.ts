import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { createServer, type RunningServer } from 'rookery/server';
import { type FakeEngine, type FakeEngineOptions, type FakeReply, startFakeEngine } from 'rookery/testing';
import type { Node } from '#dist/gateway/node.js';
import { openNode } from '#dist/gateway/open-node.js';
import { defaultRouting } from '#dist/gateway/routes/default-routing.js';
import type { UpstreamOptions } from '#dist/gateway/upstream-set.js';
import { readTemplate } from './fact-scene.ts';
import { post } from './program.ts';

/** A face of the fake engine and the kind of upstream that asks it, under one name. */
export interface FaceCase {
  readonly name: string;
  readonly kind: NonNullable<FakeEngineOptions['face']>;
  readonly options: FakeEngineOptions;
  /** the engine tells calls apart from text by itself */
  readonly tellsCalls: boolean;
}

const hermes = readTemplate('scripts/engines/tiny-tools.jinja');
/** More prompt tokens than a probe has: the engine's answers come as they were written. */
const raw: FakeReply = { usage: { promptTokens: 100_000, completionTokens: 2 } };

/** Every face, vLLM's in both ways it is asked. */
export const faceCases: readonly FaceCase[] = [
  { name: 'openai', kind: 'openai', options: {}, tellsCalls: true },
  { name: 'vllm', kind: 'vllm', options: { chatTemplate: hermes, hasToolParser: false, replies: raw }, tellsCalls: false },
  { name: 'vllm with parsers', kind: 'vllm', options: { chatTemplate: hermes }, tellsCalls: false },
  { name: 'ollama', kind: 'ollama', options: {}, tellsCalls: true },
  { name: 'llama-server', kind: 'llama-server', options: { chatTemplate: hermes }, tellsCalls: false },
  { name: 'anthropic', kind: 'anthropic', options: {}, tellsCalls: true },
];

/** How long an upstream may be silent. */
export interface Patience {
  readonly firstByteTimeoutMs?: number;
  readonly silenceTimeoutMs?: number;
}

/** A server in this process with one upstream. */
export interface FaultServer {
  readonly url: string;
  readonly node: Node;
  close(): Promise<void>;
}

/** Opens a node with this upstream, and a server in front of it. It resolves at once: `node.ready` waits for the models. */
export async function serveUpstream(
  kind: FaceCase['kind'],
  baseUrl: string,
  more: Patience & { readonly apiKey?: string; readonly slots?: number } = {},
): Promise<FaultServer> {
  const upstream = { name: kind, engine: kind, options: { baseUrl, ...more } } as UpstreamOptions;
  // what one try gives; what follows a failed one is in test/routing
  const rules = { ...defaultRouting.rules, retries: 0 };
  const node = openNode({ upstreams: [upstream], rules, queueLimit: 8, queueTimeoutMs: 60_000, log: () => undefined });
  const server: RunningServer = await createServer({ node, port: 0 });
  return {
    url: server.url,
    node,
    close: async () => {
      await server.close({ graceMs: 0 });
      await node.close(0);
    },
  };
}

/** The address that a kind of upstream is named by. */
export function addressOf({ kind }: Pick<FaceCase, 'kind'>, { url, origin }: FakeEngine): string {
  return kind === 'openai' ? url : origin;
}

/** A fake engine with a server before it that waits long, and one that loses patience soon. */
export interface FaultScene {
  readonly fake: FakeEngine;
  readonly patient: FaultServer;
  readonly hasty: FaultServer;
  close(): Promise<void>;
}

/** Long enough for a busy machine to begin an answer, short enough to wait for. */
const hastyMs = 400;

/** On a busy machine it may lose patience before it has learned all of its models: then another one is opened, until the test's own time is over. */
async function serveHastily(kind: FaceCase['kind'], baseUrl: string, patient: Node): Promise<FaultServer> {
  const told = (served: ReturnType<Node['models']>) => served.map(({ facts }) => facts);
  for (;;) {
    const server = await serveUpstream(kind, baseUrl, { firstByteTimeoutMs: hastyMs, silenceTimeoutMs: hastyMs });
    await server.node.ready(AbortSignal.timeout(20_000)).catch(() => undefined);
    if (isDeepStrictEqual(told(server.node.models()), told(patient.models()))) return server;
    await server.close();
  }
}

/** Starts both servers and waits for their models. */
export async function openFaultScene(face: FaceCase): Promise<FaultScene> {
  const fake = await startFakeEngine({ face: face.kind, ...face.options });
  const patient = await serveUpstream(face.kind, addressOf(face, fake));
  await patient.node.ready(AbortSignal.timeout(20_000));
  const hasty = await serveHastily(face.kind, addressOf(face, fake), patient.node);
  return {
    fake,
    patient,
    hasty,
    close: async () => {
      await Promise.all([patient.close(), hasty.close()]);
      await fake.until(({ connections }) => connections === 0);
      await fake.close();
    },
  };
}

/** What a client wishes for. */
export type Wish = 'chat' | 'tools';

const tool = {
  type: 'function',
  function: { name: 'nests', parameters: { type: 'object', properties: { tree: { type: 'string' } }, required: ['tree'] } },
};

/** The body of a request for the fake's model. */
export function bodyOf(wish: Wish, isStreamed: boolean): Readonly<Record<string, unknown>> {
  const tools = wish === 'tools' ? { tools: [tool], constrain_tool_calls: false } : {};
  return { model: 'fake-model', messages: [{ role: 'user', content: 'Hi' }], stream: isStreamed, ...tools };
}

/** The words of the right answer. */
export const rightText = 'A rook 🐦 is a bird of the field.';
/** The arguments of the right call. */
export const rightArguments = { tree: 'elm' };

/** What the engine writes when nothing goes wrong, in three pieces. */
export function rightReply({ tellsCalls }: FaceCase, wish: Wish): FakeReply {
  if (wish === 'chat') return { pieces: ['A rook 🐦 ', 'is a bird ', 'of the field.'] };
  if (tellsCalls) return { toolCalls: [{ name: 'nests', argumentPieces: ['{"tree"', ': ', '"elm"}'] }] };
  return { pieces: ['<tool_call>\n{"name": "nests", ', '"arguments": {"tree": ', '"elm"}}\n</tool_call>'] };
}

/** What a client was told. */
export interface Heard {
  readonly status: number;
  readonly retryAfter: string | null;
  /** of the error, in the body or in the stream */
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly text: string;
  readonly argumentsText: string;
  readonly finish: string | null | undefined;
}

interface WireError {
  readonly error?: { readonly code: string; readonly message: string };
}

interface WireChunk extends WireError {
  readonly choices?: readonly { readonly delta?: WireMessage; readonly message?: WireMessage; readonly finish_reason: string | null }[];
}

interface WireMessage {
  readonly content?: string | null;
  readonly tool_calls?: readonly { readonly function?: { readonly arguments?: string } }[];
}

/** Asks a server and reads its answer to the end; a stream must be one properly ended, with an error as its last word if it has one. */
export async function hear(url: string, body: object, signal?: AbortSignal): Promise<Heard> {
  const response = await post(`${url}/v1/chat/completions`, body, {}, signal);
  const { status, headers } = response;
  const text = await response.text();
  const head = { status, retryAfter: headers.get('retry-after') };
  if (!headers.get('content-type')?.startsWith('text/event-stream')) return { ...head, ...collect([JSON.parse(text) as WireChunk]) };
  assert.ok(text.endsWith('data: [DONE]\n\n'), text);
  const events = text.split('\n\n').filter((event) => event.startsWith('data: {'));
  const chunks = events.map((event) => JSON.parse(event.slice('data: '.length)) as WireChunk);
  assert.ok(
    chunks.slice(0, -1).every(({ error }) => error === undefined),
    'an error is the last event',
  );
  return { ...head, ...collect(chunks) };
}

function collect(chunks: readonly WireChunk[]): Omit<Heard, 'status' | 'retryAfter'> {
  const choices = chunks.flatMap((chunk) => chunk.choices ?? []);
  const said = choices.map(({ delta, message }) => delta ?? message ?? {});
  const { error } = chunks.at(-1) ?? {};
  return {
    code: error?.code,
    message: error?.message,
    text: said.map(({ content }) => content ?? '').join(''),
    argumentsText: said.flatMap(({ tool_calls = [] }) => tool_calls.map((call) => call.function?.arguments ?? '')).join(''),
    finish: choices.findLast(({ finish_reason }) => finish_reason !== null)?.finish_reason,
  };
}

/** The answer is the right one, and whole. */
export function assertRight(heard: Heard, wish: Wish): void {
  assert.deepEqual([heard.status, heard.code], [200, undefined], heard.message);
  assert.equal(heard.finish, wish === 'chat' ? 'stop' : 'tool_calls');
  if (wish === 'chat') assert.equal(heard.text, rightText);
  else assert.deepEqual([heard.text, JSON.parse(heard.argumentsText)], ['', rightArguments]);
}

/** The answer is an error of this code, before anything else or behind what had come; nothing says that it is complete. */
export function assertFailed(heard: Heard, code: string, status: number): void {
  assert.equal(heard.code, code, JSON.stringify(heard));
  assert.notEqual(heard.message, '');
  const hasBegun = heard.text + heard.argumentsText !== '' || heard.status === 200;
  assert.equal(heard.status, hasBegun ? 200 : status);
  assert.ok(rightText.startsWith(heard.text), heard.text);
  assert.ok('{"tree":"elm"}'.startsWith(heard.argumentsText.replaceAll(' ', '')), heard.argumentsText);
  assert.equal(heard.finish, undefined);
}
