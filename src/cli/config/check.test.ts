import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import { readConfiguration } from '../../server/config/index.ts';
import { refuseFaulty, renderCheck, shortenPlaces } from './check.ts';

const read = async (text: string) =>
  shortenPlaces(await readConfiguration('/c/conf/rookery.yaml', { environment: {}, readFile: async () => text }), '/c');

test('a file that is right is told with what is in it, its warnings before', async () => {
  const reading = await read('upstreams: {a: {kind: vllm}, b: {kind: vllm}}\nmodels: {m: {targets: [a]}}\n');
  assert.equal(
    renderCheck('rookery.yaml', reading, {}),
    'conf/rookery.yaml:1:30: upstreams.b: no model has a target on it, so it is never used.\nrookery.yaml is right: 2 upstreams, 1 model, 1 warning.\n',
  );
  refuseFaulty(reading);
});

test('a faulty file fails with every fault, twenty at most', async () => {
  const some = await read('server: {prot: 1, prt: 2}\n');
  assert.equal(renderCheck('rookery.yaml', some, {}), '');
  assert.throws(
    () => refuseFaulty(some),
    (error) => {
      assert.ok(error instanceof GatewayError);
      assert.match(error.message, /\(2 faults\):\nconf\/rookery\.yaml:1:10: .*\nconf\/rookery\.yaml:1:19: .*`port`\?$/);
      return true;
    },
  );
  const many = await read(Array.from({ length: 30 }, (_, index) => `key-${index}: 1\n`).join(''));
  assert.throws(() => refuseFaulty(many), /\(30 faults\)[\s\S]*\nand 10 more\.$/);
});

test('programs get the same as JSON', async () => {
  const reading = await read('server: {prot: 1}\n');
  assert.deepEqual(JSON.parse(renderCheck('rookery.yaml', reading, { json: true })), {
    isUsable: false,
    files: ['/c/conf/rookery.yaml'],
    faults: [
      {
        ...{ file: 'conf/rookery.yaml', line: 1, column: 10, path: 'server.prot' },
        problem: 'this key is not known. Did you mean `port`?',
      },
    ],
    warnings: [],
  });
});
