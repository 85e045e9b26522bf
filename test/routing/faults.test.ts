import assert from 'node:assert/strict';
import { getEventListeners, setMaxListeners } from 'node:events';
import { test } from 'node:test';
import { createServer } from 'rookery/server';
import type { FakeReply, FakeRequest } from 'rookery/testing';
import { type FaceCase, faceCases, hear } from '../fault-scene.ts';
import { type FaultMode, faultModes, isSavable, seededRandom } from './faults.ts';
import { type Fleet, fleetModel, heldResources, openFleet } from './fleet.ts';
import {
  askNode,
  bodyOf,
  findFault,
  findUntyped,
  inParallel,
  type MarkedAnswer,
  type MarkedRequest,
  markedRequest,
  readMark,
  replyTo,
  requestOf,
} from './marks.ts';

const requests = 10_000;
/** of them, by real HTTP */
const overHttp = 2_000;
const faultShare = 0.05;
/** Tries that failed before nothing is tried any more. */
const mostTries = 3;

const faces = ['openai', 'vllm', 'ollama'].map((name) => faceCases.find((face) => face.name === name) as FaceCase);

/** Plays the faults, and keeps who met which. */
class FaultScript {
  readonly met = new Map<string, FaultMode[]>();
  readonly played = new Map<string, number>();
  readonly #random = seededRandom(8);

  answer(request: FakeRequest, face: FaceCase): FakeReply {
    const mark = readMark(request);
    const known = face.options.replies as FakeReply | undefined;
    if (mark === undefined) return known ?? {};
    const { wish } = markedRequest(Number(mark.slice('mark-'.length)));
    const right = { ...known, ...replyTo(mark, wish, face.tellsCalls) };
    if (this.#random() >= faultShare) return right;
    const mode = faultModes[Math.floor(this.#random() * faultModes.length)] as FaultMode;
    this.met.set(mark, [...(this.met.get(mark) ?? []), mode]);
    this.played.set(mode.name, (this.played.get(mode.name) ?? 0) + 1);
    return { ...right, ...mode.reply };
  }
}

/** What is wrong with the end of a request, after all that happened to it. */
function judge(request: MarkedRequest, answer: MarkedAnswer, met: readonly FaultMode[]): string | undefined {
  const saved = met.length < mostTries && met.every((mode) => isSavable(mode, request));
  const problem = saved || answer.error === undefined ? findFault(request, answer) : findUntyped(request, answer);
  return problem && `${problem} (${request.isStreamed ? 'streamed' : 'whole'}, ${met.map(({ name }) => name).join(', ')})`;
}

async function askServer(url: string, request: MarkedRequest): Promise<MarkedAnswer> {
  const { code, message, status, ...said } = await hear(url, bodyOf(request, fleetModel));
  return { ...said, hasBegun: status === 200, error: code === undefined && status === 200 ? undefined : { code, message } };
}

/** A fleet of three engines that fail by a script, with a server before it. */
interface FaultyFleet extends Fleet {
  readonly url: string;
  readonly script: FaultScript;
}

/** Waits until it is so, or for ten seconds: what never comes to be is told by what is asserted next. */
async function soon(isSo: () => boolean): Promise<void> {
  for (let look = 0; look < 200 && !isSo(); look++) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Plays with such a fleet; afterwards everything must have been let go of. */
async function withFaultyFleet(delayMs: number, use: (fleet: FaultyFleet) => Promise<void>): Promise<void> {
  const before = heldResources();
  const script = new FaultScript();
  const fleet = await openFleet({
    faces,
    patience: { firstByteTimeoutMs: 4_000, silenceTimeoutMs: 4_000 },
    answer: (request, face) => ({ delayMs, ...script.answer(request, face) }),
  });
  const server = await createServer({ node: fleet.node, port: 0 });
  try {
    await use({ ...fleet, url: server.url, script });
    // the server hears of a client's leaving later than the client: what is let go of in a moment is waited for
    const held = () => Object.values(fleet.node.loads()).reduce((sum, { inFlight, waiting }) => sum + inFlight + waiting, 0);
    await soon(() => held() === 0);
    assert.equal(held(), 0, 'no slot is held');
    await Promise.all(fleet.engines.map((engine) => engine.until(({ open }) => open === 0)));
  } finally {
    await server.close({ graceMs: 0 });
    await fleet.close();
  }
  await soon(() => heldResources().length <= before.length);
  assert.deepEqual(heldResources(), before);
}

async function play({ node, url, script }: FaultyFleet): Promise<readonly string[]> {
  const never = new AbortController();
  setMaxListeners(0, never.signal);
  const problems: string[] = [];
  const answered = new Set<string>();
  await inParallel(requests, 64, async (index) => {
    const request = markedRequest(index);
    const answer = await (index < overHttp ? askServer(url, request) : askNode(node, requestOf(request, fleetModel), never.signal));
    answered.add(request.mark);
    const problem = judge(request, answer, script.met.get(request.mark) ?? []);
    if (problem !== undefined) problems.push(problem);
  });
  assert.equal(answered.size, requests);
  assert.equal(getEventListeners(never.signal, 'abort').length, 0, 'nobody listens to the caller any more');
  return problems;
}

test('10,000 requests, every twentieth try with a fault: each is answered once and whole, or told why not', {
  timeout: 300_000,
}, async () => {
  const warnings: string[] = [];
  const noteWarning = ({ message }: Error) => void warnings.push(message);
  process.on('warning', noteWarning);
  await withFaultyFleet(0, async (fleet) => {
    assert.deepEqual(await play(fleet), []);
    const missing = faultModes.filter(({ name }) => !fleet.script.played.has(name)).map(({ name }) => name);
    assert.deepEqual(missing, [], 'every mode was played');
    for (const engine of fleet.engines) assert.ok(engine.counts().started > requests / 10, 'every upstream was used');
  });
  process.off('warning', noteWarning);
  assert.deepEqual(warnings, []);
});

test('clients that leave at any moment leave nothing behind', { timeout: 120_000 }, async () => {
  await withFaultyFleet(2, async ({ url }) => {
    const random = seededRandom(9);
    await inParallel(600, 48, async (index) => {
      const leaving = new AbortController();
      const timer = setTimeout(() => leaving.abort(), random() * 30);
      await hear(url, bodyOf(markedRequest(index), fleetModel), leaving.signal).catch(() => undefined);
      clearTimeout(timer);
    });
  });
});
