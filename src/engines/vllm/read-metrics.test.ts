import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readMetrics } from './read-metrics.ts';

/** As vLLM 0.32.0 writes them, taken on 2026-11-21, shortened. */
const current = `# HELP vllm:num_requests_running Number of requests in model execution batches.
# TYPE vllm:num_requests_running gauge
vllm:num_requests_running{engine="0",model_name="tiny"} 2.0
# TYPE vllm:num_requests_waiting gauge
vllm:num_requests_waiting{engine="0",model_name="tiny"} 1.0
vllm:num_requests_waiting_by_reason{engine="0",model_name="tiny",reason="capacity"} 1.0
vllm:kv_cache_usage_perc{engine="0",model_name="tiny"} 0.004
vllm:prefix_cache_queries_total{engine="0",model_name="tiny"} 1490.0
vllm:prefix_cache_queries_created{engine="0",model_name="tiny"} 1.79e+09
vllm:prefix_cache_hits_total{engine="0",model_name="tiny"} 640.0
vllm:external_prefix_cache_queries_total{engine="0",model_name="tiny"} 5.0
vllm:num_preemptions_total{engine="0",model_name="tiny"} 3.0
python_gc_objects_collected_total{generation="0"} 10
`;

test('the load is read from the current names', () => {
  assert.deepEqual(readMetrics(current), {
    ...{ running: 2, waiting: 1, cacheUse: 0.004, preemptions: 3 },
    prefixTokens: { asked: 1490, found: 640 },
  });
});

test('older names and counters without _total count as well', () => {
  const older = `vllm:num_requests_running{model_name="m"} 1
vllm:num_requests_waiting{model_name="m"} 0
vllm:gpu_cache_usage_perc{model_name="m"} 0.5
vllm:gpu_prefix_cache_queries{model_name="m"} 8
vllm:gpu_prefix_cache_hits{model_name="m"} 4
vllm:num_preemptions{model_name="m"} 2`;
  assert.deepEqual(readMetrics(older), { running: 1, waiting: 0, cacheUse: 0.5, prefixTokens: { asked: 8, found: 4 }, preemptions: 2 });
});

test('where both are there the newer name is taken', () => {
  const both = 'vllm:num_requests_running 1\nvllm:gpu_cache_usage_perc 0.9\nvllm:kv_cache_usage_perc 0.1';
  assert.equal(readMetrics(both)?.cacheUse, 0.1);
});

test('engines and models are added up, and the fullest cache is told', () => {
  const text = ['0', '1']
    .flatMap((engine) => [
      `vllm:num_requests_running{engine="${engine}",model_name="a } b {"} ${engine}3`,
      `vllm:kv_cache_usage_perc{engine="${engine}",model_name="a } b {"} 0.${engine}5`,
    ])
    .join('\r\n');
  assert.deepEqual(readMetrics(text), { running: 16, waiting: 0, cacheUse: 0.15 });
});

test('what vLLM does not tell is absent', () => {
  assert.deepEqual(readMetrics('vllm:num_requests_waiting 4'), { running: 0, waiting: 4 });
  assert.deepEqual(readMetrics('vllm:num_requests_waiting NaN\nvllm:num_requests_running 1'), { running: 1, waiting: 0 });
});

test('the metrics of another program are no load', () => {
  for (const text of ['', 'sglang:num_running_reqs 3', 'xvllm:num_requests_running 3', '# vllm:num_requests_running 3']) {
    assert.equal(readMetrics(text), undefined, text);
  }
});

test('any text is read without an error', () => {
  const line = fc.tuple(fc.constantFrom('vllm:num_requests_running', 'vllm:', ''), fc.string()).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const load = readMetrics(lines.join('\n'));
      assert.ok(load === undefined || Number.isFinite(load.running));
    }),
  );
});
