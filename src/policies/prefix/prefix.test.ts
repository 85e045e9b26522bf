import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Message } from '../../protocol/message.ts';
import { makeContext, makeFleet, makeUpstream, requestOf, type TestUpstream } from '../load/fleet.test.support.ts';
import type { PrefixBlocks } from '../policy.ts';
import prefixAffinity from '../prefix-affinity.ts';
import { BlockTable } from './block-table.ts';
import { PrefixIndex } from './prefix-index.ts';
import { type PrefixSource, readPrefix } from './read-prefix.ts';
import { plainRequest, viewRequest } from './view-request.ts';

/** Blocks of a conversation, each made of all numbers up to it. */
function chain(numbers: readonly number[]): PrefixBlocks {
  let hash = 17;
  return Uint32Array.from(
    numbers.flatMap((number) => {
      hash = (Math.imul(hash, 31) + number + 1) >>> 0;
      return [hash, ~hash];
    }),
  );
}

const conversation = fc.array(fc.nat(3), { maxLength: 12 });

test('a table holds what was used last and never more than its capacity, as a plain list would', () => {
  const uses = fc.array(fc.nat(30), { maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer(), uses, (capacity, seed, used) => {
      const table = new BlockTable(capacity, seed);
      let expected: readonly number[] = [];
      for (const block of used) {
        // halves that many blocks share, and that fall into one bucket
        table.touch(block % 3, block);
        expected = [...expected.filter((other) => other !== block), block].slice(-capacity);
        assert.equal(table.size, expected.length);
      }
      for (let block = 0; block <= 30; block++) assert.equal(table.has(block % 3, block), expected.includes(block), `${block}`);
    }),
  );
});

test('an index knows the longest beginning that was sent, as a search through all that was sent would', () => {
  const sent = fc.array(fc.tuple(fc.constantFrom('a', 'b'), conversation), { maxLength: 12 });
  fc.assert(
    fc.property(sent, conversation, fc.nat(12), (records, asked, atLeast) => {
      const index = new PrefixIndex(5);
      for (const [upstream, numbers] of records) index.record(upstream, chain(numbers));
      for (const id of ['a', 'b']) {
        const shared = records.filter(([upstream]) => upstream === id).map(([, numbers]) => countShared(numbers, asked));
        const longest = Math.max(0, ...shared);
        assert.equal(index.countKnown(id, chain(asked), 0), longest);
        assert.equal(index.countKnown(id, chain(asked), atLeast), longest >= atLeast ? longest : 0);
      }
    }),
  );
});

function countShared(left: readonly number[], right: readonly number[]): number {
  const differs = left.findIndex((number, index) => number !== right[index]);
  return differs === -1 ? Math.min(left.length, right.length) : differs;
}

test('wherever a conversation leaves a long one that is known, the index knows where', () => {
  const index = new PrefixIndex(5);
  const numbers = Array.from({ length: 300 }, (_, at) => at);
  index.record('a', chain(numbers));
  for (let count = 0; count <= 300; count++) {
    const asked = chain([...numbers.slice(0, count), 1000, 1001]);
    assert.equal(index.countKnown('a', asked, 0), count);
    assert.equal(index.countKnown('a', asked, Math.floor(count / 3)), count);
  }
});

test('what an index knows stays a beginning, and its memory bounded, when it is full', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.array(conversation, { maxLength: 30 }), (most, records) => {
      const index = new PrefixIndex(5, most);
      for (const numbers of records) index.record('a', chain(numbers));
      assert.ok(index.size <= most);
      for (const numbers of records) {
        const blocks = chain(numbers);
        const known = index.countKnown('a', blocks, 0);
        for (let count = 1; count <= numbers.length; count++) {
          assert.equal(index.countKnown('a', blocks.slice(0, 2 * count), count), count <= known ? count : 0);
        }
      }
      const last = records.at(-1);
      if (last) assert.equal(index.countKnown('a', chain(last), 0), Math.min(most, last.length));
    }),
  );
});

test('an index that forgets an upstream knows the others still', () => {
  const index = new PrefixIndex(5);
  for (const id of ['a', 'b']) index.record(id, chain([1, 2]));
  index.forget('a');
  assert.equal(index.countKnown('a', chain([1, 2]), 0), 0);
  assert.equal(index.countKnown('b', chain([1, 2]), 0), 2);
  assert.equal(index.size, 2);
});

const long = (letter: string): string => letter.repeat(600);
const chat = (...messages: readonly Message[]): PrefixSource => ({ input: { type: 'chat', messages } });
const system: Message = { role: 'system', content: long('s') };
const question: Message = { role: 'user', content: long('q') };
const answer: Message = { role: 'assistant', content: long('a') };

/** Blocks that two conversations begin with together. */
function countEqual(left: PrefixBlocks, right: PrefixBlocks): number {
  return countShared([...left], [...right]) / 2;
}

test('a turn more adds blocks and changes none', () => {
  const message = fc.record({ role: fc.constantFrom<Message['role']>('user', 'assistant'), content: fc.string({ maxLength: 900 }) });
  fc.assert(
    fc.property(fc.array(message), fc.array(message), (before, added) => {
      const earlier = readPrefix('m', chat(...before));
      const later = readPrefix('m', chat(...before, ...added));
      assert.equal(countEqual(earlier, later), earlier.length / 2);
    }),
  );
});

const tool = { name: 'f', description: long('d'), parameters: { type: 'object' } } as const;

const differences: readonly { readonly what: string; readonly model?: string; readonly source: PrefixSource; readonly shared: number }[] = [
  { what: 'the same conversation', source: chat(system, question), shared: 4 },
  { what: 'another question', source: chat(system, { ...question, content: long('r') }), shared: 2 },
  { what: 'another model', model: 'n', source: chat(system, question), shared: 0 },
  { what: 'another role', source: chat({ ...system, role: 'user' }, question), shared: 0 },
  { what: 'tools', source: { ...chat(system, question), tools: [tool] }, shared: 0 },
  { what: 'an answer between', source: chat(system, answer, question), shared: 2 },
  { what: 'content in parts', source: chat({ ...system, content: [{ type: 'text', text: long('s') }] }, question), shared: 4 },
  { what: 'a text as it is', source: { input: { type: 'prompts', prompts: [long('s')], echo: false } }, shared: 0 },
];

for (const { what, model = 'm', source, shared } of differences) {
  test(`of two conversations, one with ${what}, ${shared} blocks are equal`, () => {
    const blocks = readPrefix('m', chat(system, question));
    assert.equal(blocks.length / 2, 4);
    assert.equal(countEqual(blocks, readPrefix(model, source)), shared);
  });
}

const changes: readonly { readonly what: string; readonly first: Message; readonly second: Message }[] = [
  { what: 'name', first: { ...system, name: 'a' }, second: { ...system, name: 'b' } },
  {
    what: "call's arguments",
    first: { ...answer, toolCalls: [{ id: '1', name: 'f', argumentsJson: '{"a":1}' }] },
    second: { ...answer, toolCalls: [{ id: '1', name: 'f', argumentsJson: '{"a":2}' }] },
  },
  { what: 'thought', first: { ...answer, reasoning: 'x' }, second: { ...answer, reasoning: 'y' } },
  {
    what: 'picture',
    first: { role: 'user', content: [{ type: 'image', url: 'data:,a' }] },
    second: { role: 'user', content: [{ type: 'image', url: 'data:,b' }] },
  },
];

for (const { what, first, second } of changes) {
  test(`another ${what} makes another conversation`, () => {
    const lastOf = (message: Message) => readPrefix('m', chat(message, question)).slice(-2);
    assert.notDeepEqual(lastOf(first), lastOf(second));
    assert.deepEqual(lastOf(first), lastOf(first));
  });
}

test('token ids are hashed as they are, and a conversation without end up to a bound', () => {
  const tokens = Array.from({ length: 1000 }, (_, index) => index);
  const ids = (prompt: readonly number[]): PrefixSource => ({ input: { type: 'prompts', prompts: [prompt], echo: false } });
  const blocks = readPrefix('m', ids(tokens));
  assert.equal(blocks.length / 2, 7);
  assert.equal(countEqual(blocks, readPrefix('m', ids([...tokens.slice(0, 500), ...tokens]))), 3);
  assert.equal(readPrefix('m', chat({ role: 'user', content: 'x'.repeat(1_000_000) })).length, 2048);
});

test('a request is hashed once, and not before a policy asks', () => {
  let reads = 0;
  const { input } = chat(question);
  const request = {
    agent: { agent: 'a-1' },
    get input() {
      reads += 1;
      return input;
    },
  };
  const view = viewRequest('m', request);
  assert.equal(view.session, 'a-1');
  assert.equal(reads, 0);
  assert.equal(view.prefix(), view.prefix());
  assert.equal(reads, 1);
  assert.equal(plainRequest.prefix().length, 0);
});

/** A policy whose upstreams were sent these conversations. */
function openPolicy(fleet: readonly TestUpstream[], sent: Readonly<Record<string, readonly number[]>>, options = {}) {
  const context = makeContext();
  const policy = prefixAffinity.open(options, context);
  for (const upstream of fleet) policy.noteSent?.(upstream, requestOf(undefined, sent[upstream.id]));
  return (blocks: readonly number[]) => policy.choose(fleet, requestOf(undefined, blocks))?.id;
}

test('the upstream that knows the longest beginning is taken, and of equals the least loaded', () => {
  const fleet = [makeUpstream('a', { inFlight: 1 }), makeUpstream('b', { inFlight: 2 }), makeUpstream('c')];
  const next = openPolicy(fleet, { a: [1, 2], b: [1, 2, 3], c: [7] });
  assert.equal(next([1, 2, 3, 4]), 'b');
  assert.equal(next([1, 2, 5]), 'a');
  assert.equal(next([9]), 'c');
  assert.equal(next([]), 'c');
});

test('a beginning that is too small a share of the conversation counts for nothing', () => {
  const fleet = [makeUpstream('a', { inFlight: 1 }), makeUpstream('b')];
  const sent = { a: [1] };
  assert.equal(openPolicy(fleet, sent, { match: 0.5 })([1, 2, 3]), 'b');
  assert.equal(openPolicy(fleet, sent, { match: 0.3 })([1, 2, 3]), 'a');
});

test('an upstream with more than its share is passed over, whatever it knows', () => {
  const fleet = [makeUpstream('a', { inFlight: 6 }), makeUpstream('b', { inFlight: 5 }), makeUpstream('c', { inFlight: 5 })];
  const sent = { a: [1, 2], b: [1] };
  const next = openPolicy(fleet, sent);
  assert.equal(next([1, 2]), 'a');
  (fleet[0] as TestUpstream).inFlight = 12;
  assert.equal(next([1, 2]), 'b');
});

test('no upstream ever gets more than its bound, though all requests begin alike', () => {
  const finishing = fc.array(fc.nat(7), { minLength: 1, maxLength: 150 });
  fc.assert(
    fc.property(finishing, fc.integer({ min: 2, max: 8 }), (finished, count) => {
      const fleet = makeFleet(count);
      const policy = prefixAffinity.open({}, makeContext());
      for (const index of finished) {
        const request = requestOf(undefined, [1, 2, index]);
        const chosen = policy.choose(fleet, request);
        assert.ok(chosen);
        policy.noteSent?.(chosen, request);
        chosen.inFlight += 1;
        const total = fleet.reduce((sum, { inFlight }) => sum + inFlight, 0);
        assert.ok(chosen.inFlight <= Math.max(4, Math.ceil((1.25 * total) / count)), `${chosen.inFlight} of ${total}`);
        const done = fleet[index];
        if (index < 2 && done && done.inFlight > 0) done.inFlight -= 1;
      }
    }),
  );
});

test('agents of four worlds on two upstreams: nearly each world is computed once, and nearly no agent moves, in whatever order answers come', () => {
  const [runs, agents, turns] = [40, 16, 4];
  const counts = { computed: 0, moves: 0 };
  const order = fc.array(fc.nat(), { minLength: agents * turns, maxLength: agents * turns });
  for (const draws of fc.sample(order, { numRuns: runs, seed: 11 })) {
    const fleet = makeFleet(2);
    const policy = prefixAffinity.open({}, makeContext());
    const worldsAt = fleet.map(() => new Set<number>());
    const lives = Array.from({ length: agents }, (_, agent) => ({
      agent,
      blocks: [agent % 4, 9, 9, 9, 9, 9, 9, 9],
      at: undefined as number | undefined,
    }));
    const ask = (life: (typeof lives)[number]) => {
      life.blocks.push(100 + life.agent);
      const request = requestOf(undefined, [...chain(life.blocks)]);
      const chosen = policy.choose(fleet, request);
      assert.ok(chosen);
      policy.noteSent?.(chosen, request);
      chosen.inFlight += 1;
      const at = fleet.indexOf(chosen);
      if (life.at !== undefined && life.at !== at) counts.moves += 1;
      life.at = at;
      worldsAt[at]?.add(life.agent % 4);
    };
    const asking = lives.map((life) => ({ life, left: turns }));
    for (const { life } of asking) ask(life);
    for (const draw of draws) {
      const under = asking.filter(({ left }) => left > 0);
      const next = under[draw % Math.max(1, under.length)];
      if (!next) break;
      (fleet[next.life.at ?? 0] as TestUpstream).inFlight -= 1;
      next.left -= 1;
      if (next.left > 0) ask(next.life);
    }
    counts.computed += worldsAt.reduce((sum, { size }) => sum + size, 0);
  }
  assert.ok(counts.computed <= 5 * runs, `${counts.computed} worlds in ${runs} runs`);
  assert.ok(counts.moves <= 2 * runs, `${counts.moves} moves in ${runs} runs`);
});
