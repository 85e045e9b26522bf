import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { countsOf } from './chat-checks.ts';
import type { Check } from './check.ts';
import type { Body, Reply, Talk } from './talk.ts';
import { callsOf, checkCall, checkDemandedCalls, checkFreeAnswer, strictTools, toolQuestion, tools } from './tools.ts';

const wished = { messages: toolQuestion, tools, max_tokens: 48 };
const named = { type: 'function', function: { name: 'get_time' } };
const weatherNote = {
  type: 'object',
  properties: { sky: { enum: ['sunny', 'cloudy'] } },
  required: ['sky'],
  additionalProperties: false,
};

/** Two tools, offered and demanded in every way. */
export const toolChecks: readonly Check[] = [
  {
    id: 'tools.auto',
    name: 'tools that may be called: text, or valid calls; the stream is the same as the whole',
    run: async (talk) => {
      const { whole } = await askBoth(talk, wished);
      checkFreeAnswer(whole.first);
    },
  },
  {
    id: 'tools.auto-unbound',
    name: 'with constrain_tool_calls false the model writes as it likes, and what is read is text or calls',
    run: async (talk) => {
      const { whole } = await askBoth(talk, { ...wished, constrain_tool_calls: false });
      checkFreeAnswer(whole.first, true);
    },
  },
  {
    id: 'tools.strict',
    name: 'strict tools that may be called: text, or valid calls',
    run: async (talk) => {
      const { whole } = await askBoth(talk, { ...wished, tools: strictTools });
      checkFreeAnswer(whole.first);
    },
  },
  {
    id: 'tools.required',
    name: 'a demanded call is made and valid; the stream is the same as the whole',
    run: async (talk) => {
      const { whole, streamed } = await askBoth(talk, { ...wished, tool_choice: 'required', parallel_tool_calls: false });
      for (const { first } of [whole, streamed]) checkDemandedCalls(first);
    },
  },
  {
    id: 'tools.named',
    name: 'a call of a named tool is made and valid; the stream is the same as the whole',
    run: async (talk) => {
      const { whole, streamed } = await askBoth(talk, { ...wished, tool_choice: named, parallel_tool_calls: false });
      for (const { first } of [whole, streamed]) {
        checkDemandedCalls(first);
        assert.ok(first.calls.every(({ name }) => name === 'get_time'));
      }
    },
  },
  {
    id: 'tools.none',
    name: 'tool_choice none gives text and no call',
    run: async (talk) => {
      const { whole } = await askBoth(talk, { ...wished, tool_choice: 'none', max_tokens: 24 });
      assert.deepEqual(whole.first.calls, []);
      assert.ok(whole.first.text.length > 0);
    },
  },
  {
    id: 'tools.one',
    name: 'parallel_tool_calls false gives one call at most, where calls are free and where one is demanded',
    run: async (talk) => {
      for (const choice of ['required', 'auto']) {
        const { first } = await talk.ask({ ...wished, tool_choice: choice, parallel_tool_calls: false });
        assert.ok(first.calls.length <= 1, `${first.calls.length} calls with tool_choice ${choice}`);
        assert.ok(first.calls.length === 1 || choice === 'auto');
      }
    },
  },
  {
    id: 'tools.several',
    name: 'several calls that are demanded are all valid; one that the limit cuts is JSON all the same',
    run: async (talk) => {
      const { first } = await talk.ask({ ...wished, tool_choice: 'required', max_tokens: 96 });
      assert.ok(first.calls.length > 0);
      const complete = first.finish === 'length' ? first.calls.slice(0, -1) : first.calls;
      for (const call of complete) checkCall(call);
      for (const { argumentsJson } of first.calls) JSON.parse(argumentsJson);
    },
  },
  {
    id: 'tools.with-format',
    name: 'tools beside a response_format: a valid call, or text that keeps to the schema',
    run: async (talk) => {
      const format = { type: 'json_schema', json_schema: { name: 'note', schema: weatherNote, strict: true } };
      const { first } = await talk.ask({ ...wished, response_format: format });
      if (first.calls.length > 0) checkFreeAnswer(first);
      else assert.match(first.text, /^\s*\{\s*"sky"\s*:\s*"(sunny|cloudy)"\s*\}\s*$/);
    },
  },
];

/**
 * The same request whole and streamed; texts, calls, ends and counts are the same. Where they are not, the whole one is asked again: a prompt that an engine
 * had not seen is computed in other pieces than one it remembers, and the last bits of its numbers differ.
 */
async function askBoth(talk: Talk, body: Body): Promise<{ readonly whole: Reply; readonly streamed: Reply }> {
  // an answer of one call is ended when the call is: how many tokens the engine is ahead by then is chance
  const counts = body.parallel_tool_calls === false ? 1 : 2;
  const told = ({ first, usage }: Reply) => [first.text, callsOf(first), first.finish, countsOf(usage).slice(0, counts)];
  const cold = await talk.ask(body);
  const streamed = await talk.askStreamed(body);
  const whole = isDeepStrictEqual(told(cold), told(streamed)) ? cold : await talk.ask(body);
  assert.deepEqual(told(streamed), told(whole));
  return { whole, streamed };
}
