import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type FakeReply, type FakeRequest, startFakeEngine } from 'rookery/testing';
import { type ErrorCode, errorKinds } from '#dist/protocol/error.js';
import {
  addressOf,
  assertFailed,
  assertRight,
  bodyOf,
  type FaceCase,
  type FaultScene,
  faceCases,
  hear,
  openFaultScene,
  rightReply,
  serveUpstream,
  type Wish,
} from './fault-scene.ts';
import { post } from './program.ts';

type Fault = NonNullable<FakeReply['fault']>;

interface FaultCase {
  readonly name: string;
  readonly reply: Partial<FakeReply>;
  /** what the client gets: the right answer, or an error */
  readonly outcome: 'answer' | ErrorCode;
  /** the fault is about events: an answer that the upstream gives in one piece is right all the same */
  readonly isOfEvents?: boolean;
  /** by the server that loses patience soon */
  readonly isHasty?: boolean;
  /** faces on which it comes to something else */
  readonly except?: Readonly<Record<string, 'answer' | ErrorCode>>;
  readonly retryAfter?: string;
}

const faulty = (fault: Fault, outcome: FaultCase['outcome'], more: Partial<FaultCase> = {}): FaultCase => ({
  name: fault.kind,
  reply: { fault },
  outcome,
  ...more,
});
const refusing = (status: number, outcome: ErrorCode, more: Partial<FaultCase> = {}): FaultCase =>
  faulty({ kind: 'status', status, error: { message: 'no' } }, outcome, { name: `status ${status}`, ...more });
const telling = (usagePlace: NonNullable<FakeReply['usagePlace']>): FaultCase => ({
  name: `usage ${usagePlace}`,
  reply: { usagePlace },
  outcome: 'answer',
});

const faults: readonly FaultCase[] = [
  { name: 'slow first byte', reply: { firstByteDelayMs: 30 }, outcome: 'answer' },
  { name: 'slow pieces', reply: { delayMs: 5 }, outcome: 'answer' },
  faulty({ kind: 'stall', afterPieces: 1, delayMs: 30 }, 'answer'),
  faulty({ kind: 'slices', bytes: 13 }, 'answer'),
  faulty({ kind: 'huge-event', bytes: 300_000 }, 'answer'),
  faulty({ kind: 'late-arguments' }, 'answer'),
  faulty({ kind: 'no-done' }, 'answer'),
  // where no other word ends the answer, it has been cut
  faulty({ kind: 'no-finish' }, 'answer', { except: { ollama: 'engine_failed', 'llama-server': 'engine_failed' } }),
  telling('first'),
  telling('every'),
  telling('finish'),
  telling('missing'),
  telling('end-with-choices'),
  refusing(400, 'invalid_request'),
  refusing(401, 'engine_failed'),
  refusing(403, 'engine_failed'),
  refusing(404, 'model_not_found'),
  refusing(500, 'engine_failed'),
  refusing(503, 'engine_unavailable'),
  faulty({ kind: 'status', status: 429, headers: { 'retry-after': '7' } }, 'engine_busy', { name: 'status 429', retryAfter: '7' }),
  faulty({ kind: 'status', status: 502, body: '<html>Bad gateway</html>' }, 'engine_failed', { name: 'a proxy’s page' }),
  faulty({ kind: 'content-type', contentType: 'text/html' }, 'engine_failed'),
  faulty({ kind: 'content-type', contentType: 'application/json', body: '{}' }, 'engine_failed', { name: 'an empty object' }),
  faulty({ kind: 'overflow', promptTokens: 9000 }, 'context_length_exceeded'),
  faulty({ kind: 'reset' }, 'engine_failed', { name: 'reset before the first byte' }),
  faulty({ kind: 'reset', afterPieces: 1 }, 'engine_failed', { name: 'reset in the middle' }),
  faulty({ kind: 'cut', afterPieces: 1 }, 'engine_failed'),
  faulty({ kind: 'cut-inside', afterPieces: 1 }, 'engine_failed'),
  faulty({ kind: 'cut', afterPieces: 0 }, 'engine_failed', { name: 'cut before the first event' }),
  faulty({ kind: 'early-end', afterPieces: 1 }, 'engine_failed', { isOfEvents: true }),
  faulty({ kind: 'early-end', afterPieces: 3 }, 'engine_failed', { name: 'end without a word', isOfEvents: true }),
  faulty({ kind: 'garbage', afterPieces: 1 }, 'engine_failed'),
  faulty({ kind: 'error-event', afterPieces: 1, error: { message: 'out of memory' } }, 'engine_failed', { isOfEvents: true }),
  faulty({ kind: 'error-event', afterPieces: 0, error: { message: 'out of memory' } }, 'engine_failed', {
    name: 'an error as the first event',
    isOfEvents: true,
  }),
  faulty({ kind: 'hang-before-headers' }, 'engine_failed', { isHasty: true }),
  faulty({ kind: 'hang', afterPieces: 0 }, 'engine_failed', { name: 'hang before the first event', isHasty: true }),
  faulty({ kind: 'hang', afterPieces: 1 }, 'engine_failed', { name: 'hang in the middle', isHasty: true }),
];

const ways = (['chat', 'tools'] as const).flatMap((wish) => [true, false].map((isStreamed) => ({ wish, isStreamed })));

describe('engines that fail', { concurrency: true }, () => {
  for (const face of faceCases) describe(face.name, { concurrency: 1 }, () => testFace(face));
});

function testFace(face: FaceCase): void {
  let scene: FaultScene;
  before(async () => {
    scene = await openFaultScene(face);
  });
  after(() => scene.close());

  for (const one of faults) {
    test(`${face.name}: ${one.name}`, { timeout: 20_000 }, async () => {
      for (const { wish, isStreamed } of ways) await playFault(scene, face, { ...one, wish, isStreamed });
      await scene.fake.until(({ open }) => open === 0);
    });
  }

  for (const { wish, isStreamed } of ways) {
    const label = `${wish}, ${isStreamed ? 'streamed' : 'whole'}`;
    test(`${face.name}: a client that leaves takes its request from the engine (${label})`, { timeout: 20_000 }, async () => {
      await leave(scene, face, { wish, isStreamed, fault: { kind: 'hang-before-headers' } });
      assert.equal(scene.fake.departures.at(-1)?.when, 'before-first-byte');
      await leave(scene, face, { wish, isStreamed, fault: { kind: 'hang', afterPieces: wish === 'chat' ? 1 : 0 } });
      assertRight(await hear(scene.patient.url, bodyOf(wish, isStreamed)), wish);
      await scene.fake.until(({ open }) => open === 0);
    });
  }

  test(`${face.name}: an engine that goes is missed with a time to retry, and answers once it is back`, { timeout: 20_000 }, async () => {
    await scene.fake.refuseConnections();
    for (const isStreamed of [true, false]) {
      const heard = await hear(scene.patient.url, bodyOf('chat', isStreamed));
      assertFailed(heard, 'engine_unavailable', 503);
      assert.match(String(heard.retryAfter), /^[1-9]/);
    }
    await scene.fake.acceptConnections();
    scene.fake.setReplies(rightReply(face, 'chat'));
    assertRight(await hear(scene.patient.url, bodyOf('chat', true)), 'chat');
  });

  test(`${face.name}: an engine that starts after us is served then`, { timeout: 20_000 }, async () => {
    await scene.fake.refuseConnections();
    const early = await serveUpstream(face.kind, addressOf(face, scene.fake));
    const heard = await hear(early.url, bodyOf('chat', false));
    assertFailed(heard, 'engine_unavailable', 503);
    assert.match(String(heard.retryAfter), /^[1-9]/);
    await scene.fake.acceptConnections();
    scene.fake.setReplies({ ...rightReply(face, 'chat'), usage: { promptTokens: 100_000, completionTokens: 3 } });
    await early.node.ready(AbortSignal.timeout(20_000));
    assertRight(await hear(early.url, bodyOf('chat', false)), 'chat');
    await early.close();
  });
}

interface Leaving {
  readonly wish: Wish;
  readonly isStreamed: boolean;
  readonly fault: Fault;
}

/** Asks an engine that hangs and leaves: once the text that it wrote has come, where there is some, else once it works. */
async function leave({ fake, patient }: FaultScene, face: FaceCase, { wish, isStreamed, fault }: Leaving): Promise<void> {
  const right = rightReply(face, wish);
  fake.setReplies({ ...right, fault });
  const { aborted } = fake.counts();
  const leaving = new AbortController();
  const call = post(`${patient.url}/v1/chat/completions`, bodyOf(wish, isStreamed), {}, leaving.signal);
  call.catch(() => undefined);
  const comes = isStreamed && fault.kind === 'hang' && fault.afterPieces > 0;
  if (comes) await readUntil(await call, 'A rook 🐦');
  else await fake.until(({ open }) => open === 1);
  leaving.abort();
  await fake.until((counts) => counts.aborted === aborted + 1);
  fake.setReplies(right);
}

/** Reads a stream until this is in it. */
async function readUntil({ body }: Response, text: string): Promise<void> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = ''; !read.includes(text); ) {
    const { done, value = '' } = (await reader?.read()) ?? { done: true };
    assert.ok(!done, 'the stream ended before that');
    read += value;
  }
}

interface Played extends FaultCase {
  readonly wish: Wish;
  readonly isStreamed: boolean;
}

async function playFault({ fake, patient, hasty }: FaultScene, face: FaceCase, played: Played): Promise<void> {
  const { wish, isStreamed, reply, isOfEvents = false, isHasty = false, except, retryAfter = null } = played;
  const body = bodyOf(wish, isStreamed);
  fake.setReplies({ ...rightReply(face, wish), ...reply });
  const heard = await hear((isHasty ? hasty : patient).url, body);
  const isWhole = fake.requests.at(-1)?.body?.stream === false;
  const outcome = isOfEvents && isWhole ? 'answer' : (except?.[face.name] ?? played.outcome);
  const label = `${wish}, ${isStreamed ? 'streamed' : 'whole'}`;
  try {
    if (outcome === 'answer') assertRight(heard, wish);
    else assertFailed(heard, outcome, errorKinds[outcome].status);
    if (retryAfter !== null) assert.equal(heard.retryAfter, retryAfter);
    fake.setReplies(rightReply(face, wish));
    assertRight(await hear(patient.url, body), wish);
  } catch (error) {
    throw new Error(`${label}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

for (const face of faceCases.filter(({ name, kind }) => name === kind)) {
  const { kind } = face;
  test(`${kind}: a wrong key is told to the operator, never shown, and no reason to ask again`, { timeout: 20_000 }, async () => {
    const key = 'sk-right-key-of-the-test';
    const fake = await startFakeEngine({ face: kind, ...face.options, apiKey: key });
    const wrong = await serveUpstream(kind, addressOf({ kind }, fake), { apiKey: 'sk-wrong-key-of-the-test' });
    await assert.rejects(wrong.node.ready(AbortSignal.timeout(20_000)), (error: Error) => {
      assert.match(error.message, /refused our key \(HTTP 401\)/);
      assert.doesNotMatch(error.message, /sk-/);
      return true;
    });
    const right = await serveUpstream(kind, addressOf({ kind }, fake), { apiKey: key });
    await right.node.ready(AbortSignal.timeout(20_000));
    fake.setReplies(rightReply(face, 'chat'));
    assertRight(await hear(right.url, bodyOf('chat', true)), 'chat');
    await Promise.all([wrong.close(), right.close()]);
    await fake.close();
  });
}

for (const kind of ['openai', 'ollama', 'anthropic'] as const) {
  test(`${kind}: a body of ten megabytes reaches the engine whole`, { timeout: 20_000 }, async (context) => {
    const fake = await startFakeEngine({ face: kind, replies: rightReply({ name: kind, kind, options: {}, tellsCalls: true }, 'chat') });
    context.after(() => fake.close());
    const server = await serveUpstream(kind, addressOf({ kind }, fake));
    context.after(() => server.close());
    await server.node.ready(AbortSignal.timeout(20_000));
    const content = '🐦 and "nuts"\n'.repeat(650_000);
    assertRight(await hear(server.url, { ...bodyOf('chat', true), messages: [{ role: 'user', content }] }), 'chat');
    // Ollama is asked what it holds, too, before and after
    const chats = fake.requests.filter(({ body }) => body?.messages !== undefined);
    assert.ok(JSON.stringify(chats.at(-1)?.body).includes(JSON.stringify(content)));
  });
}

/** Prose up to the opener, at which the answer stops; then, bound by the grammar, a call that something happens to. */
const writeBound =
  (fault: Fault | undefined) =>
  ({ body }: FakeRequest): FakeReply => {
    if (body?.grammar === undefined) return { pieces: ['I count.'], stopReason: '<tool_call>' };
    const pieces = ['\n{"name": "nests", "arguments": ', '{"tree": "elm"}}\n</tool_call>'];
    return fault === undefined ? { pieces } : { pieces, fault };
  };

test('llama-server: what goes wrong behind the opener of a bound call is told behind the text before it', { timeout: 20_000 }, async () => {
  const face = faceCases.find(({ kind }) => kind === 'llama-server') as FaceCase;
  const { fake, patient, hasty, close } = await openFaultScene(face);
  const body = { ...bodyOf('tools', true), constrain_tool_calls: true };
  const middles: readonly Fault[] = [
    { kind: 'cut', afterPieces: 1 },
    { kind: 'status', status: 500 },
    { kind: 'hang-before-headers' },
    { kind: 'reset' },
  ];
  for (const fault of middles) {
    fake.setReplies(writeBound(fault));
    const heard = await hear((fault.kind === 'hang-before-headers' ? hasty : patient).url, body);
    assert.deepEqual([heard.status, heard.code, heard.finish], [200, 'engine_failed', undefined]);
    assert.ok('I count.'.startsWith(heard.text.trim()));
  }
  fake.setReplies(writeBound({ kind: 'hang-before-headers' }));
  const leaving = new AbortController();
  const { aborted } = fake.counts();
  const call = post(`${patient.url}/v1/chat/completions`, body, {}, leaving.signal);
  call.catch(() => undefined);
  await fake.until(({ open }) => open === 1 && fake.requests.at(-1)?.body?.grammar !== undefined);
  leaving.abort();
  await fake.until((counts) => counts.aborted === aborted + 1);
  fake.setReplies(writeBound(undefined));
  const heard = await hear(patient.url, body);
  assert.deepEqual([heard.code, heard.finish, JSON.parse(heard.argumentsText)], [undefined, 'tool_calls', { tree: 'elm' }]);
  await close();
});

test('of several answers one that fails ends all, and the others are taken from the engine', { timeout: 20_000 }, async () => {
  const face = faceCases[0] as FaceCase;
  const { fake, patient, close } = await openFaultScene(face);
  for (const isStreamed of [true, false]) {
    const { departures } = fake;
    const left = departures.length;
    const right = rightReply(face, 'chat');
    fake.setReplies([
      { ...right, fault: { kind: 'hang', afterPieces: 1 } },
      { ...right, firstByteDelayMs: 20, fault: { kind: 'cut', afterPieces: 1 } },
    ]);
    const heard = await hear(patient.url, { ...bodyOf('chat', isStreamed), n: 2 });
    assert.deepEqual([heard.code, heard.finish], ['engine_failed', undefined]);
    await fake.until(({ open }) => open === 0);
    assert.equal(departures.length, left + 1);
    fake.setReplies(right);
    assertRight(await hear(patient.url, bodyOf('chat', isStreamed)), 'chat');
  }
  await close();
});
