import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineEnd, EngineRead } from '../../protocol/engine.ts';
import { type ErrorCode, GatewayError } from '../../protocol/error.ts';
import { AnswerReader } from './answer-reader.ts';
import type { TurnBlock } from './turn-memory.ts';

/** A body of events, each named by its type. */
const stream = (...events: readonly { readonly type: string; readonly [key: string]: unknown }[]) =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
const start = (usage: object = { input_tokens: 5, output_tokens: 1 }) => ({
  type: 'message_start',
  message: { id: 'msg_1', content: [], usage },
});
const begin = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block });
const piece = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta });
const stop = (index: number) => ({ type: 'content_block_stop', index });
const finish = (stop_reason: string | null, more: object = {}) => ({
  type: 'message_delta',
  delta: { stop_reason, ...more },
  usage: { output_tokens: 9 },
});
const done = { type: 'message_stop' };
const say = (index: number, text: string) => [
  begin(index, { type: 'text', text: '' }),
  piece(index, { type: 'text_delta', text }),
  stop(index),
];
const call = (index: number, id: string, name: string, ...pieces: readonly string[]) => [
  begin(index, { type: 'tool_use', id, name, input: {} }),
  ...pieces.map((partial_json) => piece(index, { type: 'input_json_delta', partial_json })),
  stop(index),
];

interface Told {
  readonly text: string;
  readonly reasoning: string;
  /** id, name and arguments of each call */
  readonly calls: readonly (readonly (string | undefined)[])[];
  readonly end: EngineEnd | undefined;
  readonly turns: readonly (readonly TurnBlock[])[];
}

function open(answerTool?: string) {
  const turns: (readonly TurnBlock[])[] = [];
  const reader = new AnswerReader({ secrets: ['secret'], answerTool, onTurn: (blocks) => turns.push([...blocks]), onRequestId: () => {} });
  return { reader, turns };
}

function join(reads: readonly EngineRead[], turns: Told['turns']): Told {
  const deltas = reads.flatMap((read) => read.deltas);
  const calls: [string | undefined, string | undefined, string][] = [];
  for (const { index, id, name, argumentsText = '' } of deltas.flatMap((delta) => delta.calls ?? [])) {
    const known = (calls[index] ??= [id, name, '']);
    known[2] += argumentsText;
  }
  const text = deltas.map((delta) => delta.text).join('');
  const reasoning = deltas.map((delta) => delta.reasoning ?? '').join('');
  return { text, reasoning, calls, end: reads.findLast(({ end }) => end)?.end, turns };
}

/** Reads a body in slices of this many bytes. */
function read(body: string, slice = Number.POSITIVE_INFINITY, answerTool?: string): Told {
  const { reader, turns } = open(answerTool);
  const bytes = Buffer.from(body);
  const reads: EngineRead[] = [];
  for (let at = 0; at < bytes.length; at += slice) reads.push(...[reader.push(bytes.subarray(at, at + slice)) ?? []].flat());
  reads.push(...[reader.end() ?? []].flat());
  assert.ok(
    reads.slice(0, -1).every(({ end }) => end === undefined),
    'nothing comes after the end',
  );
  return join(reads, turns);
}

const everything = stream(
  start({ input_tokens: 5, cache_creation_input_tokens: 30, cache_read_input_tokens: 200, output_tokens: 1 }),
  begin(0, { type: 'thinking', thinking: '', signature: '' }),
  { type: 'ping' },
  piece(0, { type: 'thinking_delta', thinking: 'Grü' }),
  piece(0, { type: 'thinking_delta', thinking: 'bel' }),
  piece(0, { type: 'signature_delta', signature: 'sig' }),
  stop(0),
  begin(1, { type: 'redacted_thinking', data: 'xx' }),
  stop(1),
  ...say(2, 'Hell 🎉'),
  begin(3, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }),
  piece(3, { type: 'input_json_delta', partial_json: '{"q":1}' }),
  stop(3),
  ...call(4, 'toolu_1', 'f', '', '{"x": 1', '.0}'),
  ...call(7, 'toolu_2', 'g'),
  { type: 'kind_of_the_future', index: 4, delta: { text: 'no' } },
  finish('tool_use', { stop_sequence: null }),
  done,
);
const expected: Told = {
  text: 'Hell 🎉',
  reasoning: 'Grübel',
  calls: [
    ['toolu_1', 'f', '{"x": 1.0}'],
    ['toolu_2', 'g', ''],
  ],
  end: { reason: 'stop', usage: { promptTokens: 235, completionTokens: 9, cachedTokens: 200 } },
  turns: [],
};
const thoughts: readonly TurnBlock[] = [
  { type: 'thinking', thinking: 'Grübel', signature: 'sig' },
  { type: 'redacted_thinking', data: 'xx' },
  { type: 'text', text: 'Hell 🎉' },
  { type: 'tool_use', id: 'toolu_1' },
];

test('a stream gives the same at every split: text, thoughts, calls by their own number, usage, end', () => {
  for (const slice of [Number.POSITIVE_INFINITY, 1, 2, 3, 7, 64, 501]) {
    const { turns, ...told } = read(everything, slice);
    assert.deepEqual({ ...told, turns: [] }, expected);
    assert.deepEqual(turns, [thoughts, [...thoughts, { type: 'tool_use', id: 'toolu_2' }]]);
  }
});

test('a whole answer is read by the same code, numbers as they were written', () => {
  const json = `{"id":"msg_1","content":[
    {"type":"thinking","thinking":"Grübel","signature":"sig"},{"type":"redacted_thinking","data":"xx"},{"type":"text","text":"Hell 🎉"},
    {"type":"tool_use","id":"toolu_1","name":"f","input":{"x":1.0,"n":9007199254740993}},{"type":"tool_use","id":"toolu_2","name":"g","input":{}}],
    "stop_reason":"tool_use","usage":{"input_tokens":235,"output_tokens":9,"cache_read_input_tokens":null}}`;
  const { reader, turns } = open();
  const told = join([reader.readWhole(json)], turns);
  assert.deepEqual(told.calls, [
    ['toolu_1', 'f', '{"x":1.0,"n":9007199254740993}'],
    ['toolu_2', 'g', ''],
  ]);
  assert.deepEqual([told.text, told.reasoning], [expected.text, expected.reasoning]);
  assert.deepEqual(told.end, { reason: 'stop', usage: { promptTokens: 235, completionTokens: 9, cachedTokens: 0 } });
  assert.deepEqual(turns[0], thoughts);
});

const reasons: readonly (readonly [written: string | null, reason: EngineEnd['reason']])[] = [
  ['end_turn', 'stop'],
  ['tool_use', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['pause_turn', 'length'],
  ['refusal', 'content_filter'],
  ['of_the_future', 'stop'],
  [null, 'stop'],
];

test('each stop reason has its meaning, and a stop sequence is told', () => {
  for (const [written, reason] of reasons) assert.equal(read(stream(start(), ...say(0, 'x'), finish(written), done)).end?.reason, reason);
  const { end } = read(stream(start(), ...say(0, 'x'), finish('stop_sequence', { stop_sequence: 'END' }), done));
  assert.deepEqual([end?.reason, end?.stop], ['stop', 'END']);
});

test('a second message_start changes nothing', () => {
  const { text, end, calls } = read(
    stream(start(), ...say(0, 'one'), start(), ...say(1, ' two'), ...call(2, 'a', 'f', '{}'), finish('tool_use'), done),
  );
  assert.deepEqual([text, calls.length, end?.usage.promptTokens], ['one two', 1, 5]);
});

test('usage is accepted on any event, also after the stop reason, and nulls take nothing away', () => {
  const late = { type: 'message_delta', delta: {}, usage: { input_tokens: 8, output_tokens: 4, cache_read_input_tokens: 2 } };
  const nulls = { type: 'ping', usage: { input_tokens: null, output_tokens: null } };
  const { end } = read(stream(start(), ...say(0, 'x'), finish('max_tokens'), late, nulls, done));
  assert.deepEqual(end, { reason: 'length', usage: { promptTokens: 10, completionTokens: 4, cachedTokens: 2 } });
});

test('the input of the answer tool is the text, other calls stay calls', () => {
  const body = stream(
    start(),
    ...call(0, 'a', 'answer', '{"x":', ' 1.0}'),
    ...call(1, 'b', 'f', '{}'),
    ...call(2, 'c', 'answer', '{"y":2}'),
    finish('tool_use'),
    done,
  );
  const { text, calls } = read(body, 3, 'answer');
  assert.deepEqual([text, calls], ['{"x": 1.0}', [['b', 'f', '{}']]]);
  assert.equal(read(stream(start(), ...call(0, 'a', 'answer'), finish('tool_use'), done), 3, 'answer').text, '{}');
  const { reader, turns } = open('answer');
  const whole = reader.readWhole('{"content":[{"type":"tool_use","id":"a","name":"answer","input":{"x":1.0}}],"stop_reason":"tool_use"}');
  assert.equal(join([whole], turns).text, '{"x":1.0}');
});

test('a call that nests deeper than can be read is a fault of the engine', () => {
  const deep = `${'['.repeat(2000)}${']'.repeat(2000)}`;
  const json = `{"content":[{"type":"tool_use","id":"a","name":"f","input":{"x":${deep}}}],"stop_reason":"tool_use"}`;
  assert.throws(() => open().reader.readWhole(json), isError('engine_failed', /arguments cannot be read/));
});

test('an input that comes with the beginning of its block is not doubled', () => {
  const begun = begin(0, { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } });
  const { calls } = read(
    stream(start(), begun, piece(0, { type: 'input_json_delta', partial_json: '{"x":1}' }), stop(0), finish('tool_use'), done),
  );
  assert.deepEqual(calls, [['a', 'f', '{"x":1}']]);
});

test('a missing message_stop and a missing stop reason are forgiven, but not both', () => {
  assert.equal(read(stream(start(), ...say(0, 'x'), finish('max_tokens'))).end?.reason, 'length');
  assert.equal(read(stream(start(), ...say(0, 'x'), done)).end?.reason, 'stop');
  assert.throws(() => read(stream(start(), ...say(0, 'x'))), isError('engine_failed', /in the middle/));
});

const isError = (code: ErrorCode, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof GatewayError, String(error));
  assert.deepEqual([error.code, words.test(error.message)], [code, true], error.message);
  return !error.message.includes('secret');
};

const errors: readonly (readonly [type: string, code: ErrorCode, message?: string])[] = [
  ['overloaded_error', 'engine_unavailable'],
  ['rate_limit_error', 'engine_unavailable'],
  ['timeout_error', 'engine_unavailable'],
  ['api_error', 'engine_failed'],
  ['invalid_request_error', 'context_length_exceeded', 'prompt is too long: 9 tokens > 8 maximum; secret'],
];

test('an error inside of an answer is told by its type, without the key', () => {
  for (const [type, code, message = 'Sorry, secret'] of errors) {
    const error = { type: 'error', error: { type, message } };
    assert.throws(() => read(stream(start(), ...say(0, 'x'), error)), isError(code, /Sorry|too long/));
    assert.throws(() => open().reader.readWhole(JSON.stringify(error)), isError(code, /Sorry|too long/));
  }
});

test('what is no answer of this API is refused', () => {
  for (const body of ['data: {"choices":[{\n\n', 'data: 7\n\n', 'data: null\n\n'])
    assert.throws(() => read(body), isError('engine_failed', /not a JSON object/));
  for (const body of ['<html>', '7', '{"choices":[]}', '{"content":7}'])
    assert.throws(() => open().reader.readWhole(body), isError('engine_failed', /not/));
});

test('events with nulls and missing fields are passed over', () => {
  const odd = stream(
    { type: 'content_block_start' },
    { type: 'content_block_delta', index: 5, delta: { text: 'x' } },
    { type: 'content_block_delta', index: 0, delta: null },
  );
  assert.equal(
    read(
      odd + stream({ type: 'message_delta', delta: null }, begin(0, { type: 'text', text: 'at once' }), stop(0), finish('end_turn'), done),
    ).text,
    'at once',
  );
});
