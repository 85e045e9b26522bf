import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { GatewayError } from '../protocol/error.ts';
import { type OpenNode, openNode } from './open-node.ts';
import { ask, fails, hello, openPuppet, optionsOf, type PuppetEngine, routeOf, targetOf } from './routing.test.support.ts';

const closings: (() => Promise<void>)[] = [];
after(async () => {
  for (const close of closings) await close();
});

async function open(puppets: Readonly<Record<string, PuppetEngine>>, isConfigured = true) {
  const logged: string[] = [];
  const models = isConfigured ? { models: [routeOf('m', Object.keys(puppets))] } : {};
  const node = openNode(
    optionsOf(puppets, { ...models, probes: { intervalMs: 5, timeoutMs: 1_000 }, log: (_, event) => void logged.push(event) }),
  );
  closings.push(() => node.close(0));
  await node.ready(new AbortController().signal);
  return { node, logged };
}

const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 2));
};
const statesOf = (node: OpenNode) => node.targets().map(({ health }) => health.state);
const gone = new GatewayError('engine_unavailable', 'No connection.');

test('an upstream that its probe does not reach is given nothing, and is taken back once it answers', { timeout: 20_000 }, async () => {
  const puppets = { a: openPuppet('a'), b: openPuppet('b') };
  const { node, logged } = await open(puppets);
  puppets.a.told = gone;
  await until(() => statesOf(node)[0] === 'down');
  for (let time = 0; time < 4; time++) assert.equal((await ask(node, hello())).text, 'b');
  puppets.a.told = ['m'];
  await until(() => statesOf(node)[0] === 'healthy');
  const answers = [await ask(node, hello()), await ask(node, hello())].map(({ text }) => text);
  assert.deepEqual(answers.sort(), ['a', 'b']);
  assert.deepEqual(logged, ['upstream-down', 'upstream-back']);
});

test('the last one is kept though its probe fails', { timeout: 20_000 }, async () => {
  const puppets = { a: openPuppet('a') };
  const { node } = await open(puppets);
  puppets.a.told = gone;
  await until(() => statesOf(node)[0] === 'kept');
  assert.equal((await ask(node, hello())).text, 'a');
});

test('one that comes back rests no longer', { timeout: 20_000 }, async () => {
  const puppets = { a: openPuppet('a'), b: openPuppet('b') };
  const { node } = await open(puppets);
  puppets.a.answer = fails('engine_failed');
  await until(() => {
    void ask(node, hello());
    return statesOf(node)[0] === 'resting';
  });
  puppets.a.told = gone;
  await until(() => puppets.a.told === gone && statesOf(node)[0] !== 'healthy');
  await new Promise((resolve) => setTimeout(resolve, 20));
  puppets.a.told = ['m'];
  await until(() => statesOf(node)[0] === 'healthy');
});

test('one that no longer has the model is given nothing for it, and other models that it has appear', { timeout: 20_000 }, async () => {
  const puppets = { a: openPuppet('a', ['m', 'old']), b: openPuppet('b') };
  const { node } = await open(puppets);
  puppets.a.told = ['new'];
  await until(() => statesOf(node)[0] === 'down');
  for (let time = 0; time < 4; time++) assert.equal((await ask(node, hello())).text, 'b');
});

test('an adapter that was loaded is served where it is, and gone when it was unloaded', { timeout: 20_000 }, async () => {
  const puppets = { a: openPuppet('a'), b: openPuppet('b') };
  const { node } = await open(puppets, false);
  const names = () => node.models().map(({ id }) => id);
  assert.deepEqual(names(), ['m']);
  puppets.b.told = ['m', 'm-lora'];
  await until(() => names().includes('m-lora'));
  for (let time = 0; time < 3; time++) assert.equal((await ask(node, hello({ model: 'm-lora' }))).text, 'b');
  puppets.a.told = ['m', 'm-lora'];
  await until(() => node.targets().filter(({ model }) => model === 'm-lora').length === 2);
  puppets.a.told = ['m'];
  puppets.b.told = ['m'];
  await until(() => !names().includes('m-lora'));
  assert.throws(() => node.generate(hello({ model: 'm-lora' }), new AbortController().signal), { code: 'model_not_found' });
});

test('a target whose upstream has not told its models is asked nothing while another can answer', { timeout: 20_000 }, async () => {
  const puppets = { a: openPuppet('a'), b: openPuppet('b') };
  puppets.a.told = gone;
  const node = openNode(optionsOf(puppets, { models: [routeOf('m', ['a', 'b']), routeOf('alone', [targetOf('a')])] }));
  closings.push(() => node.close(0));
  await node.ready(new AbortController().signal);
  assert.deepEqual(statesOf(node), ['down', 'healthy', 'kept']);
  assert.equal((await ask(node, hello())).text, 'b');
  assert.throws(() => node.generate(hello({ model: 'alone' }), new AbortController().signal), { code: 'engine_unavailable' });
});

test('a model that its engine lists and cannot describe is looked at once, not with every probe', { timeout: 20_000 }, async () => {
  const puppet = openPuppet('a');
  let probes = 0;
  let descriptions = 0;
  const { models } = puppet;
  puppet.models = async (signal) => {
    descriptions += 1;
    return (await models(signal)).filter(({ id }) => id !== 'odd');
  };
  puppet.probe = async () => {
    probes += 1;
    return ['m', 'odd'];
  };
  const { node } = await open({ a: puppet }, false);
  await until(() => probes >= 4);
  assert.equal(descriptions, 2);
  assert.deepEqual(
    node.models().map(({ id }) => id),
    ['m'],
  );
});
