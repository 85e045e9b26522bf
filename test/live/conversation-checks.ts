import assert from 'node:assert/strict';
import type { Check } from './check.ts';
import { listShapes } from './event-shapes.ts';
import { checkDemandedCalls, toolQuestion, tools } from './tools.ts';

const frame = 'id,object,created,model,choices,usage';
const choice = 'index,delta,logprobs,finish_reason';
const opening = `${frame} / ${choice}: role,content,refusal`;
const usage = `${frame}: usage(prompt_tokens,completion_tokens,total_tokens)`;

/** What a stream with one call looks like on every engine. */
export const callShapes = [
  opening,
  `${frame} / ${choice}: call 0 (index,id,type,function; name,arguments)`,
  `${frame} / ${choice}: call 0 (index,function; arguments)`,
  `${frame} / ${choice}:  finish`,
  usage,
];

/** What a stream of text looks like on every engine. */
export const textShapes = [opening, `${frame} / ${choice}: content`, `${frame} / ${choice}:  finish`, usage];

/** The conversation that is the same on every engine: a question, a call, its result, an answer; all streamed. */
export const conversationChecks: readonly Check[] = [
  {
    id: 'conversation',
    name: 'a conversation with two tools has the same order and shapes of events on every engine',
    run: async (talk) => {
      const called = await talk.askStreamed({
        ...{ messages: toolQuestion, tools, tool_choice: 'required', parallel_tool_calls: false, max_tokens: 48 },
      });
      checkDemandedCalls(called.first);
      assert.deepEqual(listShapes(called.chunks), callShapes);
      const calls = called.first.calls.map(({ id, name, argumentsJson }) => ({
        ...{ id, type: 'function', function: { name, arguments: argumentsJson } },
      }));
      const results = calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: '{"sky": "sunny"}' }));
      const messages = [...toolQuestion, { role: 'assistant', content: null, tool_calls: calls }, ...results];
      const answered = await talk.askStreamed({ messages, tools, tool_choice: 'none' });
      assert.deepEqual(listShapes(answered.chunks), textShapes);
      assert.ok(answered.usage.prompt_tokens > 0 && ['stop', 'length'].includes(answered.first.finish));
    },
  },
];
