import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openNode } from '../open-node.ts';
import { ask, hello, openPuppet, optionsOf, routeOf, says, targetOf, testRules } from '../routing.test.support.ts';
import type { RouteOptions } from './route-options.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

/** A node of these models over upstreams that have these. */
async function open(upstreams: Readonly<Record<string, readonly string[]>>, models?: readonly RouteOptions[], servesUnlisted?: boolean) {
  const puppets = Object.fromEntries(Object.entries(upstreams).map(([name, names]) => [name, openPuppet(name, names)]));
  for (const [name, puppet] of Object.entries(puppets)) {
    puppet.answer = (request, signal) => says(`${name}/${request.model}`)(request, signal);
  }
  const node = openNode(
    optionsOf(puppets, { ...(models && { models }), ...(servesUnlisted === undefined ? {} : { servesUnlisted }), rules: testRules }),
  );
  closings.push(() => node.close(0));
  await node.ready(new AbortController().signal);
  const where = async (model: string) => (await ask(node, hello({ model }))).text;
  return { node, puppets, where };
}

test('a model is found by its name, its aliases and the ids of its targets; hidden aliases are not listed', async () => {
  const aliases = [
    { name: 'bird', isHidden: false },
    { name: 'old-bird', isHidden: true },
  ];
  const models = [routeOf('rook', [targetOf('a', { id: 'rook-on-a' }), targetOf('b', { id: 'rook-on-b' })], { aliases })];
  const { node, where } = await open({ a: ['m'], b: ['m'] }, models);
  for (const name of ['rook', 'bird', 'old-bird']) assert.match(await where(name), /^[ab]\/m$/);
  for (let time = 0; time < 3; time++) assert.deepEqual([await where('rook-on-a'), await where('rook-on-b')], ['a/m', 'b/m']);
  assert.deepEqual(
    node.models().map(({ id, aliases: others }) => [id, others]),
    [
      ['rook', ['bird']],
      ['bird', ['rook']],
    ],
  );
});

test('a name without stars comes before one with them, a longer pattern before a shorter one, and stars carry over', async () => {
  const models = [
    routeOf('big/one', [targetOf('a', { model: 'exact' })]),
    routeOf('big/*', [targetOf('a', { model: 'large-*' })]),
    routeOf('*', [targetOf('b', { model: '*' })]),
  ];
  const { node, where } = await open({ a: ['exact', 'large-x'], b: ['big/zzz', 'big/one', 'y'] }, models);
  assert.deepEqual([await where('big/one'), await where('big/x'), await where('y')], ['a/exact', 'a/large-x', 'b/y']);
  await assert.rejects(where('big/zzz'), { code: 'model_not_found' });
  assert.deepEqual(
    node.models().map(({ id }) => id),
    ['big/one', 'big/x', 'y'],
  );
  assert.equal(node.findModel('big/x')?.id, 'big/x');
  assert.equal(node.findModel('big/nothing'), undefined);
});

test('a model that several upstreams list and nobody configured is balanced over them', async () => {
  const { where, node, puppets } = await open({ a: ['m', 'only-a'], b: ['m'] });
  for (let time = 0; time < 8; time++) await where('m');
  assert.deepEqual([puppets.a?.asked.length, puppets.b?.asked.length], [4, 4]);
  assert.equal(await where('only-a'), 'a/only-a');
  assert.equal(await where('only-a-alias'), 'a/only-a');
  assert.deepEqual(
    node.models().map(({ id }) => id),
    ['m', 'only-a'],
  );
  assert.equal(node.targets().length, 3);
});

test('what is configured stands before what is listed, and what is not configured is served only where that is wanted', async () => {
  const models = [routeOf('m', [targetOf('b', { model: 'other' })])];
  const upstreams = { a: ['m', 'more'], b: ['other'] };
  const closed = await open(upstreams, models);
  assert.equal(await closed.where('m'), 'b/other');
  assert.throws(() => closed.node.generate(hello({ model: 'more' }), new AbortController().signal), {
    code: 'model_not_found',
    message: "No model is called 'more' here. Served: 'm'.",
  });
  const generous = await open(upstreams, models, true);
  assert.deepEqual([await generous.where('m'), await generous.where('more')], ['b/other', 'a/more']);
});
