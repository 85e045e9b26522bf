import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ask } from './constraint-answers.ts';
import { constraintKinds, makeConstraintRequest } from './constraint-requests.ts';
import { type Program, startProgram } from './program.ts';

const requestsEach = 10;
/** where an answer has no longest instance */
const unboundedTokens = 80;

describe('what is demanded of the real model', { skip: process.env.ROOKERY_TINY_MODEL_MISSING ?? false }, () => {
  let program: Program;

  before(async () => {
    program = await startProgram(['--tiny', '--slots', '5', '--context', '2560']);
  });

  after(async () => {
    assert.equal(await program.stop(), 0);
  });

  for (const kind of constraintKinds) {
    test(`${kind}: every answer is finished and as demanded, cold and hot, streamed and not`, async () => {
      const requests = Array.from({ length: requestsEach }, (_, at) => makeConstraintRequest(kind, at));
      const limit = (isBounded: boolean) => (isBounded ? {} : { max_tokens: unboundedTokens });
      const answers = await Promise.all(requests.map(({ bound, isBounded }) => ask(program.url, { ...bound, ...limit(isBounded) })));
      const faults = requests.flatMap((request, at) => {
        const answer = answers[at];
        assert.ok(answer);
        // without a longest instance, an answer may well be cut
        if (!request.isBounded && answer.finish === 'length') return [];
        const fault = request.findFault(answer);
        return fault === undefined ? [] : [{ wish: request.wish, fault, answer }];
      });
      assert.deepEqual(faults, []);
    });
  }
});
