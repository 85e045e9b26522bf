import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { type TestContext, test } from 'node:test';
import type { FakeEngine } from 'rookery/testing';
import { type FaceCase, faceCases } from '../fault-scene.ts';
import { until } from '../program.ts';
import { type Fleet, fleetModel, openFleet } from './fleet.ts';
import {
  askNode,
  findFault,
  inParallel,
  type MarkedAnswer,
  type MarkedRequest,
  markedRequest,
  readMark,
  replyTo,
  requestOf,
} from './marks.ts';

const openai = faceCases[0] as FaceCase;
const never = new AbortController().signal;
setMaxListeners(0, never);

/** A fleet of engines that answer well and take a moment for it. */
async function openSlowFleet(t: TestContext, size: number, retries: number): Promise<Fleet> {
  const fleet = await openFleet({
    faces: Array.from({ length: size }, () => openai),
    rules: { retries, allowedFails: 1 },
    answer: (request) => {
      const mark = readMark(request);
      if (mark === undefined) return {};
      return { delayMs: 2, ...replyTo(mark, markedRequest(Number(mark.slice('mark-'.length))).wish, true) };
    },
  });
  t.after(() => fleet.close());
  return fleet;
}

interface Load {
  /** what no retry could save: its stream had begun */
  readonly cut: readonly MarkedAnswer[];
  readonly problems: readonly string[];
  readonly asked: number;
}

/** Asks and asks while something is done to the fleet, and looks at each answer. At no time may every upstream be at rest. */
async function loadDuring(fleet: Fleet, act: (moreAnswers: (count: number) => Promise<void>) => Promise<void>): Promise<Load> {
  const cut: MarkedAnswer[] = [];
  const problems: string[] = [];
  let asked = 0;
  let answered = 0;
  let isOver = false;
  const look = (request: MarkedRequest, answer: MarkedAnswer): void => {
    answered += 1;
    if (answer.error?.code === 'engine_failed' && answer.hasBegun && request.isStreamed) cut.push(answer);
    else problems.push(...[findFault(request, answer)].filter((problem) => problem !== undefined));
    const states = statesOf(fleet);
    if (!states.some((state) => state === 'healthy' || state === 'kept')) problems.push(`all rest: ${states}`);
  };
  const asking = inParallel(24, 24, async () => {
    while (!isOver) {
      const request = markedRequest(asked++);
      look(request, await askNode(fleet.node, requestOf(request, fleetModel), never));
    }
  });
  const moreAnswers = (count: number) => {
    const enough = answered + count;
    return until(() => answered >= enough);
  };
  await act(moreAnswers).finally(() => {
    isOver = true;
  });
  await asking;
  return { cut, problems, asked };
}

const statesOf = ({ node }: Fleet) => node.targets().map(({ health }) => health.state);

test('upstreams that are killed and restarted in turn under load fail no request that a retry can save', {
  timeout: 120_000,
}, async (t) => {
  const fleet = await openSlowFleet(t, 2, 2);
  const rested: boolean[] = [];
  const load = await loadDuring(fleet, async (moreAnswers) => {
    for (const at of [0, 1, 0, 1]) {
      const engine = fleet.engines[at] as FakeEngine;
      await moreAnswers(100);
      await engine.refuseConnections();
      await until(() => statesOf(fleet)[at] !== 'healthy');
      await moreAnswers(100);
      rested.push(statesOf(fleet)[at] !== 'healthy');
      await engine.acceptConnections();
      const { started } = engine.counts();
      await until(() => statesOf(fleet)[at] === 'healthy');
      await engine.until((counts) => counts.started > started + 20);
    }
  });
  assert.deepEqual(load.problems, []);
  assert.deepEqual(rested, [true, true, true, true], 'nothing is sent to one that is gone');
  assert.ok(load.asked > 800);
  // at each kill, at most those that it worked on
  assert.ok(load.cut.length <= 4 * 24, `${load.cut.length} were cut`);
  for (const event of ['upstream-down', 'upstream-back']) assert.ok(fleet.logged.includes(event), event);
});

test('the only upstream, killed and restarted under load, is waited for and never rests', { timeout: 120_000 }, async (t) => {
  const fleet = await openSlowFleet(t, 1, 6);
  const [engine] = fleet.engines as [FakeEngine];
  const load = await loadDuring(fleet, async (moreAnswers) => {
    for (let time = 0; time < 3; time++) {
      await moreAnswers(100);
      await engine.refuseConnections();
      await engine.acceptConnections();
    }
  });
  assert.deepEqual(load.problems, []);
  assert.ok(load.asked > 300);
  assert.deepEqual(statesOf(fleet), ['healthy']);
});

test('a stream that is cut has its error as its last word, and its beginning', { timeout: 60_000 }, async (t) => {
  const fleet = await openSlowFleet(t, 1, 2);
  const [engine] = fleet.engines as [FakeEngine];
  engine.setReplies((request) => ({ ...replyTo(String(readMark(request)), 'chat', true), fault: { kind: 'hang', afterPieces: 1 } }));
  const call = askNode(fleet.node, requestOf(markedRequest(2), fleetModel), never);
  await engine.until(({ open }) => open === 1);
  await until(() => Object.values(fleet.node.loads()).every(({ inFlight }) => inFlight === 1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await engine.refuseConnections();
  const { text, finish, error } = await call;
  assert.deepEqual([text, finish, error?.code], ['mark-000002 says: ', undefined, 'engine_failed']);
  await engine.acceptConnections();
});
