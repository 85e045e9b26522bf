import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttemptReport, TurnReport } from '../../gateway/node.ts';
import type { ErrorCode } from '../../protocol/error.ts';
import type { GenerateEvent } from '../../protocol/event.ts';
import { scriptedReport } from '../scripted-node.test.support.ts';
import { createExposition } from './exposition.ts';
import { GenerationMeter } from './generation-meter.ts';
import { createInstruments } from './instruments.ts';
import { readExposition, type Scrape } from './read-exposition.test.support.ts';

const labels = { model: 'm', upstream: 'u' };
const text: GenerateEvent = { type: 'text-delta', text: 'x' };
const usage = (promptTokens: number, completionTokens: number): GenerateEvent => ({
  type: 'usage',
  usage: { promptTokens, completionTokens, cachedTokens: 2 },
});
const finish: GenerateEvent = { type: 'finish', reason: 'stop' };

interface Told {
  readonly reports?: readonly Partial<TurnReport>[];
  readonly isStreamed?: boolean;
  readonly code?: ErrorCode;
  /** moment in milliseconds, choice, events */
  readonly batches: readonly (readonly [number, number, readonly GenerateEvent[]])[];
}

/** Meters what is told; the first report holds before the first batch, the last one from then on. The request arrived at 1,000. */
async function meterOf(told: Told): Promise<{ scrape: Scrape; fields: Readonly<Record<string, unknown>> }> {
  const instruments = createInstruments();
  let clockMs = 1000;
  const meter = new GenerationMeter({ instruments, startedMs: clockMs, nowMs: () => clockMs });
  const answered: AttemptReport = { upstream: 'u', outcome: 'answered', queuedMs: 30 };
  const reports = (told.reports ?? [{}]).map((each) => ({ ...scriptedReport, asked: 'm', model: 'm', attempts: [answered], ...each }));
  let report = reports[0] ?? scriptedReport;
  const turn = {
    get report() {
      return report;
    },
    plan: '',
    batches: (async function* () {})(),
    whole: async () => [],
  };
  meter.begin(turn, told.isStreamed ?? true);
  report = reports.at(-1) ?? report;
  for (const [atMs, choice, events] of told.batches) {
    clockMs = atMs;
    meter.note({ choice, events });
  }
  clockMs += 5000;
  meter.end(told.code);
  const { text: written } = await createExposition(instruments.families)();
  const said = Object.entries(meter.fields('m')).filter(([, value]) => value !== undefined);
  return { scrape: readExposition(written), fields: Object.fromEntries(said) };
}

const sumAndCount = (scrape: Scrape, name: string): readonly number[] => [
  scrape.value(`${name}_sum`, labels),
  scrape.value(`${name}_count`, labels),
];

function assertClose(actual: readonly number[], expected: readonly number[]): void {
  for (const [index, value] of expected.entries())
    assert.ok(Math.abs((actual[index] ?? Infinity) - value) < 1e-9, `${actual} is not ${expected}`);
}

test('a stream gives TTFT, ITL, TPOT and E2EL as vLLM defines them', async () => {
  const { scrape, fields } = await meterOf({
    batches: [
      [1100, 0, []],
      [1200, 0, [text]],
      [1300, 0, [text]],
      [1600, 0, [text, finish]],
      [1900, 0, [usage(5, 11)]],
    ],
  });
  assertClose(sumAndCount(scrape, 'rookery_time_to_first_token_seconds'), [0.2, 1]);
  assertClose(sumAndCount(scrape, 'rookery_inter_token_latency_seconds'), [0.4, 2]);
  assertClose(sumAndCount(scrape, 'rookery_request_time_per_output_token_seconds'), [0.04, 1]);
  assertClose(sumAndCount(scrape, 'rookery_e2e_request_latency_seconds'), [0.6, 1]);
  assertClose(sumAndCount(scrape, 'rookery_request_queue_time_seconds'), [0.03, 1]);
  assert.deepEqual(
    ['prompt_tokens', 'prompt_tokens_cached', 'generation_tokens'].map((name) => scrape.value(`rookery_${name}_total`, labels)),
    [5, 2, 11],
  );
  assert.deepEqual(fields, {
    ...{ mode: 'text', upstream: 'u', attempts: 1, queuedMs: 30, ttftMs: 200 },
    ...{ promptTokens: 5, completionTokens: 11, cachedTokens: 2, finish: 'stop' },
  });
});

test('gaps are those of one choice, and tokens are shared out among the choices', async () => {
  const { scrape } = await meterOf({
    batches: [
      [1100, 0, [text]],
      [1150, 1, [text]],
      [1300, 0, [text, finish]],
      [1350, 1, [text, finish]],
      [1350, 0, [usage(5, 12)]],
    ],
  });
  assertClose(sumAndCount(scrape, 'rookery_inter_token_latency_seconds'), [0.4, 2]);
  assertClose(sumAndCount(scrape, 'rookery_request_time_per_output_token_seconds'), [0.05, 1]);
  assert.equal(scrape.value('rookery_request_success_total', { ...labels, finished_reason: 'stop' }), 2);
});

test('an answer that is not streamed has E2EL and no TTFT, ITL or TPOT', async () => {
  const { scrape, fields } = await meterOf({ isStreamed: false, batches: [[1400, 0, [text, finish, usage(5, 3)]]] });
  assertClose(sumAndCount(scrape, 'rookery_e2e_request_latency_seconds'), [0.4, 1]);
  for (const name of ['time_to_first_token', 'inter_token_latency', 'request_time_per_output_token'])
    assert.equal(scrape.value(`rookery_${name}_seconds_count`, labels), 0);
  assert.equal('ttftMs' in fields, false);
});

test('an answer of one token has no TPOT, and one of none ends when it ends', async () => {
  const one = await meterOf({ batches: [[1400, 0, [text, finish, usage(5, 1)]]] });
  assert.equal(one.scrape.value('rookery_request_time_per_output_token_seconds_count', labels), 0);
  const none = await meterOf({ batches: [[1400, 0, [finish, usage(5, 0)]]] });
  assertClose(sumAndCount(none.scrape, 'rookery_e2e_request_latency_seconds'), [5.4, 1]);
});

test('what fails after the first piece is counted with its code and has no E2EL', async () => {
  const { scrape } = await meterOf({ code: 'engine_failed', batches: [[1100, 0, [text]]] });
  assert.equal(scrape.value('rookery_requests_total', { ...labels, code: 'engine_failed' }), 1);
  assert.equal(scrape.value('rookery_e2e_request_latency_seconds_count', labels), 0);
  assert.equal(scrape.value('rookery_time_to_first_token_seconds_count', labels), 1);
});

test('tool calls, issues and faults are counted by outcome', async () => {
  const call = (index: number, state: 'complete' | 'repaired' | 'truncated'): readonly GenerateEvent[] => [
    { type: 'tool-call-start', index, name: 'chosen-by-a-client', isKnown: true },
    { type: 'tool-call-delta', index, text: '{}' },
    { type: 'tool-call-end', index, state, fixes: [] },
  ];
  const { scrape, fields } = await meterOf({
    reports: [{ mode: 'raw-chat', faults: { repairing: 1, given: 2, refused: 0 } }],
    batches: [
      [1100, 0, [...call(0, 'complete'), ...call(1, 'repaired')]],
      [1200, 0, [...call(2, 'complete'), { type: 'issue', code: 'orphan-markup', offset: 1, length: 2 }]],
      [1300, 0, [{ type: 'finish', reason: 'tool_calls' }, usage(5, 30)]],
    ],
  });
  assert.equal(scrape.value('rookery_tool_calls_total', { ...labels, outcome: 'complete' }), 2);
  assert.equal(scrape.value('rookery_tool_calls_total', { ...labels, outcome: 'repaired' }), 1);
  assert.equal(scrape.value('rookery_parse_issues_total', { ...labels, issue: 'orphan-markup' }), 1);
  assert.equal(scrape.value('rookery_answer_faults_total', { ...labels, outcome: 'given' }), 2);
  assert.equal(scrape.value('rookery_plans_total', { model: 'm', mode: 'raw-chat' }), 1);
  assert.deepEqual([fields.toolCalls, fields.finish, fields.mode], [3, 'tool_calls', 'raw-chat']);
});

test('a fallback counts for the model that answers, and every attempt for its upstream', async () => {
  const failed: AttemptReport = { upstream: 'dead', outcome: 'failed', code: 'engine_unavailable', queuedMs: 10 };
  const attempts: readonly AttemptReport[] = [failed, { upstream: 'u', outcome: 'answered', queuedMs: 40 }];
  const { scrape, fields } = await meterOf({
    reports: [
      { model: 'm', attempts: [] },
      { model: 'spare', attempts },
    ],
    batches: [[1100, 0, [text, finish, usage(5, 1)]]],
  });
  const spare = { model: 'spare', upstream: 'u' };
  assert.equal(scrape.value('rookery_requests_total', { ...spare, code: 'ok' }), 1);
  assert.equal(scrape.value('rookery_fallbacks_total', { model: 'm', fallback: 'spare' }), 1);
  assert.equal(scrape.value('rookery_attempts_total', { upstream: 'dead', outcome: 'failed', code: 'engine_unavailable' }), 1);
  assert.equal(scrape.value('rookery_attempts_total', { upstream: 'u', outcome: 'answered', code: '' }), 1);
  assertClose([scrape.value('rookery_request_queue_time_seconds_sum', spare)], [0.05]);
  assert.equal(scrape.value('rookery_requests_in_flight', { model: 'm' }), 0);
  assert.deepEqual(
    [fields.answeredBy, fields.fallback, fields.attempts, fields.failed, fields.queuedMs],
    ['spare', true, 2, ['dead: engine_unavailable'], 50],
  );
});

test('an attempt that nobody waits for any more has been left', async () => {
  const { scrape } = await meterOf({
    code: 'client_closed',
    reports: [{ attempts: [{ upstream: 'u', outcome: 'running', queuedMs: 0 }] }],
    batches: [],
  });
  assert.equal(scrape.value('rookery_attempts_total', { upstream: 'u', outcome: 'left', code: '' }), 1);
});

test('what the node refused is counted under the name it serves, if any, and says nothing in the log', () => {
  const instruments = createInstruments();
  const open = () => new GenerationMeter({ instruments, startedMs: 0, nowMs: () => 1 });
  const undecoded = open();
  undecoded.end('invalid_request');
  const full = open();
  full.refuse('m');
  full.end('queue_full');
  assert.equal(instruments.counts.requests.of('', '', 'invalid_request').value, 1);
  assert.equal(instruments.counts.requests.of('m', '', 'queue_full').value, 1);
  assert.deepEqual([undecoded.fields('any'), full.fields('any')], [{}, {}]);
});
