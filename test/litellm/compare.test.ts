import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '#dist/protocol/json.js';
import { compare } from './compare.ts';
import type { Sight } from './observation.ts';
import type { Difference, Scene } from './scene.ts';

const why = 'it is so';

function sees(status: number, body: JsonObject = {}, starts = true): Sight {
  const sent = [{ to: 'gpu:8000', path: '/v1/chat/completions', key: 'none', headers: {}, body }];
  return { of: 'scene', starts, observations: [{ step: 'a chat', sent, got: { status } }] };
}

function scene(...differences: readonly Difference[]): Scene {
  return { name: 'scene', what: 'a scene', engines: {}, files: {}, steps: [], differences };
}

function problemsOf(
  litellm: Sight,
  ours: Sight,
  differences: readonly Difference[],
  common: readonly Difference[] = [],
): readonly string[] {
  return compare(scene(...differences), { litellm, ours, common }).problems;
}

test('two gateways that do the same have no problem', () => {
  assert.deepEqual(problemsOf(sees(200, { a: [1, { b: null }] }), sees(200, { a: [1, { b: null }] }), []), []);
});

test('a difference that nobody decided is a problem, and told with both sides', () => {
  assert.deepEqual(problemsOf(sees(400), sees(404), []), ['a chat: got.status: LiteLLM 400, ours 404']);
  assert.deepEqual(problemsOf(sees(200), sees(200, { stream: false }), []), [
    'a chat: sent.0.body: LiteLLM {}, ours has nothing',
    'a chat: sent.0.body.stream: LiteLLM has nothing, ours false',
  ]);
});

test('a decided difference is none, and a decision that is no longer needed is a problem', () => {
  const decided = [{ at: ['got.status'], why }];
  assert.deepEqual(problemsOf(sees(400), sees(404), decided), []);
  assert.deepEqual(problemsOf(sees(400), sees(400), decided), ['got.status: a difference that is listed is not there any more (it is so)']);
});

test('each pattern and each step of a decision has to be met', () => {
  const decided = { at: ['got.status', 'sent.*.key'], steps: ['a chat', 'another'], why };
  assert.deepEqual(problemsOf(sees(400), sees(404), [decided]), [
    'sent.*.key: a difference that is listed is not there any more (it is so)',
    'another: a difference that is listed is not there any more (it is so)',
  ]);
});

test('a decision covers what lies below its place, and nothing beside it', () => {
  const differing = [sees(200, { options: { a: 1 }, other: 1 }), sees(200, { options: { a: 2 }, other: 2 })] as const;
  assert.deepEqual(problemsOf(...differing, [{ at: ['sent.*.body.options'], why }]), ['a chat: sent.0.body.other: LiteLLM 1, ours 2']);
  assert.deepEqual(problemsOf(...differing, [{ at: ['sent.*.body'], why }]), []);
  assert.equal(problemsOf(...differing, [{ at: ['sent.*.bod'], why }]).length, 3);
});

test('a decision that says what each side does holds for that only', () => {
  const decided = [{ at: ['got.status'], litellm: 400, ours: 404, why }];
  assert.deepEqual(problemsOf(sees(400), sees(404), decided), []);
  // each time the undecided difference and the decision that is not needed
  for (const [litellm, ours] of [
    [400, 422],
    [500, 404],
  ] as const) {
    assert.equal(problemsOf(sees(litellm), sees(ours), decided).length, 2);
  }
});

test('what holds for all scenes is told when it was met, and no problem when it was not', () => {
  const common: readonly Difference[] = [
    { at: ['got.status'], why },
    { at: ['got.body'], why },
  ];
  const comparison = compare(scene(), { litellm: sees(400), ours: sees(404), common });
  assert.deepEqual([comparison.problems, [...comparison.met]], [[], [common[0]]]);
});

test('a file that only one of them starts with is a difference of its own', () => {
  const start: Difference = { steps: ['start'], at: ['starts'], litellm: false, ours: true, why };
  assert.deepEqual(problemsOf(sees(200, {}, false), sees(200), []), ['start: starts: LiteLLM false, ours true']);
  assert.deepEqual(problemsOf(sees(200, {}, false), sees(200), [start]), []);
});

test('where only one side has an answer, its error is what is told', () => {
  const answers = (got: JsonObject): Sight => ({ of: 'scene', starts: true, observations: [{ step: 'a chat', sent: [], got }] });
  const [answered, refused] = [
    answers({ status: 200, body: { choices: [1, 2] } }),
    answers({ status: 400, body: { error: { code: 'x' } } }),
  ];
  assert.deepEqual(problemsOf(answered, refused, []), [
    'a chat: got.status: LiteLLM 200, ours 400',
    'a chat: got.body.error.code: LiteLLM has nothing, ours "x"',
  ]);
});

test('requests of which one side has more are one difference', () => {
  const twice: Sight = {
    of: 'scene',
    starts: true,
    observations: sees(200).observations.map((each) => ({ ...each, sent: [...each.sent, ...each.sent] })),
  };
  assert.deepEqual(problemsOf(twice, sees(200), []), ['a chat: sent.count: LiteLLM 2, ours 1']);
});

test('a recording of a scene that has changed since is a problem', () => {
  assert.deepEqual(problemsOf({ ...sees(200), of: 'older' }, sees(200), []), ['the scene has changed since LiteLLM was recorded']);
});
