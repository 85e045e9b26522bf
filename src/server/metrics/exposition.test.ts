import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createCounter, createGauge, createReadGauge } from './count.ts';
import { createExposition } from './exposition.ts';
import { createHistogram } from './histogram.ts';
import { readExposition } from './read-exposition.test.support.ts';

const scrape = async (...families: Parameters<typeof createExposition>[0]) => readExposition((await createExposition(families)()).text);

test('counters, gauges and histograms are read back by a strict reader, with the metrics of the process', async () => {
  const counter = createCounter({ name: 'a_total', help: 'Counts "a"\\b\nc.', labelNames: ['model', 'code'] });
  const gauge = createGauge({ name: 'b', help: 'A gauge.', labelNames: [] });
  const histogram = createHistogram({ name: 'c_seconds', help: 'A histogram.', labelNames: ['model'] }, [0.1, 1]);
  const read = createReadGauge({ name: 'd', help: 'Read.', labelNames: ['upstream'] }, () => [{ labels: ['u'], value: 4 }]);
  counter.of('m', 'ok').value += 3;
  counter.of('ok', 'm').value += 1;
  gauge.of().value -= 2;
  for (const value of [0.1, 0.11, 7]) histogram.of('m').observe(value);
  const found = await scrape(counter, gauge, histogram, read);
  assert.deepEqual(
    [found.value('a_total', { model: 'm', code: 'ok' }), found.value('a_total', { model: 'ok', code: 'm' }), found.value('b')],
    [3, 1, -2],
  );
  assert.deepEqual(
    ['0.1', '1', '+Inf'].map((le) => found.value('c_seconds_bucket', { model: 'm', le })),
    [1, 2, 3],
  );
  assert.equal(found.value('d', { upstream: 'u' }), 4);
  assert.ok(found.value('process_resident_memory_bytes') > 0);
  assert.ok(found.types.has('nodejs_eventloop_lag_p99_seconds') && found.types.has('nodejs_heap_size_used_bytes'));
});

test('a label value is read back as it was, whatever it holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.stringMatching(/^[\\"\n{},= a-zé🐦]{0,12}$/u), { maxLength: 5 }), async (models) => {
      const gauge = createGauge({ name: 'rookery_test', help: 'A gauge.', labelNames: ['model'] });
      for (const [index, model] of models.entries()) gauge.of(model).value = index + 1;
      const found = await scrape(gauge);
      for (const model of models) assert.equal(found.value('rookery_test', { model }), models.lastIndexOf(model) + 1);
    }),
    { numRuns: 30 },
  );
});

test('a histogram counts every value in the buckets that Prometheus would', () => {
  const bounds = [0.5, 1, 2, 40];
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true })), (values) => {
      const histogram = createHistogram({ name: 'h', help: 'H.', labelNames: [] }, bounds);
      const distribution = histogram.of();
      for (const value of values) distribution.observe(value);
      const samples = histogram.samples();
      const atMost = (bound: number) => values.filter((value) => value <= bound).length;
      assert.deepEqual(
        samples.filter(({ suffix }) => suffix === '_bucket').map(({ value }) => value),
        [...bounds.map(atMost), values.length],
      );
      assert.equal(
        samples.find(({ suffix }) => suffix === '_sum')?.value,
        values.reduce((sum, value) => sum + value, 0),
      );
    }),
  );
});

test('the same label values give the same number, and others another', () => {
  const counter = createCounter({ name: 'a_total', help: 'A.', labelNames: ['x', 'y'] });
  assert.equal(counter.of('1', '2'), counter.of('1', '2'));
  assert.notEqual(counter.of('1', '2'), counter.of('12', ''));
});
