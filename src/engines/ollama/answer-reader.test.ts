import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EngineRead } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { Wrapping } from './answer-format.ts';
import { AnswerReader } from './answer-reader.ts';

interface Told {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly unknown[];
  readonly end: EngineRead['end'];
}

/** Reads a body that comes in slices. */
function read(body: string, { size = Number.POSITIVE_INFINITY, wrapping = 'none' as Wrapping, lead = '' } = {}): Told {
  const reader = new AnswerReader({ wrapping, lead }, ['secret']);
  const bytes = Buffer.from(body);
  const reads: EngineRead[] = [];
  for (let from = 0; from < bytes.length; from += Math.min(size, bytes.length))
    reads.push(reader.push(bytes.subarray(from, from + size)) ?? { deltas: [] });
  const last = reader.end();
  if (last) reads.push(last);
  assert.ok(reads.slice(0, -1).every(({ end }) => end === undefined) || last === undefined);
  const deltas = reads.flatMap((each) => each.deltas);
  return {
    text: deltas.map(({ text }) => text).join(''),
    reasoning: deltas.map(({ reasoning = '' }) => reasoning).join(''),
    calls: deltas.flatMap(({ calls = [] }) => calls),
    end: reads.find(({ end }) => end)?.end,
  };
}

const lines = (...all: readonly (object | string)[]) =>
  all.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
const counts = { prompt_eval_count: 16, prompt_eval_cached_count: 15, eval_count: 3 };
const last = { response: '', done: true, done_reason: 'stop', ...counts };
const usage = { promptTokens: 16, completionTokens: 3, cachedTokens: 15 };

/** As Ollama 0.34.0 streamed it, with numbers that a JS number cannot hold put in. */
const chatBody = lines(
  '{"model":"tiny","message":{"role":"assistant","content":"","thinking":"Grüße 🎉"},"done":false}',
  '{"model":"tiny","message":{"role":"assistant","content":"\\nIch "},"done":false}',
  '{"model":"tiny","message":{"role":"assistant","content":"","tool_calls":[{"id":"call_noh5vl56","function":{"index":0,"name":"f","arguments":{"b":1.0,"10":12345678901234567890,"1":"\\u003ca\\u003e"}}},{"function":{"name":"g"}}]},"done":false}',
  '{"model":"tiny","message":{"role":"assistant","content":"","tool_calls":[{"id":"call_2","function":{"index":0,"name":"f","arguments":{}}}]},"done":false}',
  '{"model":"tiny","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":16,"prompt_eval_cached_count":15,"eval_count":3}',
);
const chatTold: Told = {
  text: '\nIch ',
  reasoning: 'Grüße 🎉',
  calls: [
    { index: 0, id: 'call_noh5vl56', name: 'f', argumentsText: '{"b":1.0,"10":12345678901234567890,"1":"<a>"}' },
    { index: 1, name: 'g', argumentsText: '{}' },
    { index: 2, id: 'call_2', name: 'f', argumentsText: '{}' },
  ],
  end: { reason: 'stop', usage },
};

test('a chat is the same however its bytes are cut', () => {
  for (const size of [Number.POSITIVE_INFINITY, 1, 2, 3, 7, 64, 200])
    assert.deepEqual(read(chatBody, { size }), chatTold, `in slices of ${size}`);
});

test('a raw answer has its text, its end and its counts, also without a last line feed', () => {
  const body = lines({ response: 'Hel' }, '', { response: 'lo', done: false }, { ...last, done_reason: 'length' });
  for (const each of [body, body.trimEnd()]) {
    assert.deepEqual(read(each, { size: 1 }), { text: 'Hello', reasoning: '', calls: [], end: { reason: 'length', usage } });
  }
  const { end } = read(lines({ response: 'x', done: true }));
  assert.deepEqual(end, { reason: 'stop', usage: { promptTokens: 0, completionTokens: 0, cachedTokens: 0 } });
});

test('what the prompt was given already leads the text', () => {
  assert.equal(read(lines({ response: '{' }, { response: '}' }, last), { lead: '</think>\n\n', size: 5 }).text, '</think>\n\n{}');
  assert.equal(read(lines(last), { lead: '</think>' }).text, '</think>');
});

test('log probabilities come with their alternatives, bytes where a token is no whole text', () => {
  const reader = new AnswerReader({ wrapping: 'none', lead: '' }, []);
  const logprobs = [
    { token: 'Hi', logprob: -0.5, bytes: [72, 105], top_logprobs: [{ token: 'Hi', logprob: -0.5, bytes: [72, 105] }] },
    { token: '\ufffd', logprob: -1, bytes: [240, 159] },
  ];
  const told = reader.push(Buffer.from(lines({ response: 'Hi', logprobs })));
  assert.deepEqual(told?.deltas, [
    {
      text: 'Hi',
      logprobs: [
        { token: -1, text: 'Hi', logprob: -0.5, top: [{ token: -1, text: 'Hi', logprob: -0.5 }] },
        { token: -1, text: '\ufffd', logprob: -1, bytes: [240, 159], top: [] },
      ],
    },
  ]);
});

const faults: readonly (readonly [string, string, string, RegExp])[] = [
  ['no JSON', '{"response":"a"}\n<html>\n', 'engine_failed', /not a JSON object/],
  ['a list', '[]\n', 'engine_failed', /not a JSON object/],
  ['an error', lines({ response: 'a' }, { error: 'out of memory, secret' }), 'engine_failed', /out of memory, \[key\]/],
  [
    "the runner's error in an error",
    lines({ error: '{"error":{"code":400,"message":"request (1610 tokens) exceeds it","type":"exceed_context_size_error"}}' }),
    'context_length_exceeded',
    /reported: request \(1610 tokens\) exceeds it/,
  ],
  ['an early end', lines({ response: 'a' }), 'engine_failed', /in the middle/],
  ['nothing', '', 'engine_failed', /in the middle/],
  ['a load', lines({ response: '', done: true, done_reason: 'load' }), 'engine_failed', /a load of the model/],
  ['an endless line', 'x'.repeat(9 * 2 ** 20), 'engine_failed', /more than 8388608 bytes/],
];

for (const [about, body, code, words] of faults) {
  test(`${about} is ${code}`, () => {
    assert.throws(
      () => read(body),
      (error) => error instanceof GatewayError && error.code === code && words.test(error.message),
    );
  });
}

test('a whole answer is one read, and an error where it is none', () => {
  const reader = () => new AnswerReader({ wrapping: 'none', lead: '' }, []);
  assert.deepEqual(reader().readWhole(JSON.stringify({ ...last, response: 'Hi' })), {
    deltas: [{ text: 'Hi' }],
    end: { reason: 'stop', usage },
  });
  assert.throws(() => reader().readWhole('{"response":"Hi"}'), GatewayError);
});

const wrapped: readonly (readonly [string, Wrapping, string, string])[] = [
  ['a choice', 'json-string', '"a\\"b\\\\c\\n\\ud83c\\udf89é"', 'a"b\\c\n🎉é'],
  ['a choice with blanks around it', 'json-string', ' \n"a" \n', 'a'],
  ['a choice that is cut', 'json-string', '"abc', 'abc'],
  ['a pattern', 'quotes', '"a"b\\c"', 'a"b\\c'],
  ['a pattern that ends with a quote', 'quotes', '"a" "" \n', 'a" "'],
  ['a pattern that is cut', 'quotes', '"abc ', 'abc '],
  ['an empty text in quotes', 'quotes', '""', ''],
  ['text without quotes', 'quotes', '  no quotes"', '  no quotes"'],
  ['blanks alone', 'json-string', ' \n', ' \n'],
];

for (const [about, wrapping, written, bare] of wrapped) {
  test(`${about} is given bare, in any pieces`, () => {
    for (let at = 0; at <= written.length; at++) {
      const body = lines({ response: written.slice(0, at) }, { response: written.slice(at) }, last);
      assert.equal(read(body, { wrapping, size: 11 }).text, bare);
    }
  });
}

test('any text in quotes is given back, in any pieces', () => {
  const pieces = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }), { maxLength: 8 });
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('"', '\\', ' ', 'a', '\n', 'é', '🎉') }), pieces, (text, cuts) => {
      for (const wrapping of ['quotes', 'json-string'] as const) {
        const written = wrapping === 'quotes' ? `"${text}"` : JSON.stringify(text);
        const parts: string[] = [];
        let from = 0;
        for (const cut of cuts) {
          parts.push(written.slice(from, from + cut.length));
          from += cut.length;
        }
        const body = lines(...[...parts, written.slice(from)].map((response) => ({ response })), last);
        assert.equal(read(body, { wrapping }).text, text);
      }
    }),
  );
});
