import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../../protocol/json.ts';
import type { Message } from '../../protocol/message.ts';
import { findFault } from '../../testing/fake-anthropic-check.ts';
import { writeConversation } from './conversation.ts';
import { printWire } from './json-text.ts';

const content = fc.string({ maxLength: 6 });
const plain = fc.record({ role: fc.constantFrom('system' as const, 'developer' as const, 'user' as const), content });
const answer = content.map((text): readonly Message[] => [{ role: 'assistant', content: text }]);
/** Calls with their results, in any order, and with ids that small models give again and again. */
const calls = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom('call_1', 'call_2', 'f:0', 'é'), { minLength: 1 }),
    fc.option(content),
    fc.string(),
    fc.boolean(),
    content,
  )
  .map(([ids, said, argumentsJson, isReversed, resultText]): readonly Message[] => {
    const toolCalls = ids.map((id) => ({ id, name: 'f', argumentsJson }));
    const results = ids.map((toolCallId): Message => ({ role: 'tool', content: resultText, toolCallId }));
    return [{ role: 'assistant', content: said, toolCalls }, ...(isReversed ? results.reverse() : results)];
  });
const turn = fc.oneof(
  plain.map((message): readonly Message[] => [message]),
  answer,
  calls,
);
const conversation = fc
  .array(turn, { maxLength: 12 })
  .map((turns): readonly Message[] => [...turns.flat(), { role: 'user', content: 'Go on.' }]);

test('any conversation whose calls are answered is one that the API takes, and no text of it is lost', () => {
  fc.assert(
    fc.property(conversation, (messages) => {
      const written = printWire({ model: 'm', max_tokens: 1, ...writeConversation(messages, () => undefined) });
      const body = JSON.parse(written) as JsonObject & { readonly messages: readonly { readonly role: string }[] };
      assert.equal(findFault(body), undefined, written);
      assert.ok(
        body.messages.every(({ role }, index) => role !== body.messages[index - 1]?.role),
        'turns alternate',
      );
      const texts = messages.flatMap(({ content: text }) => (typeof text === 'string' && text !== '' ? [JSON.stringify(text)] : []));
      for (const text of texts) assert.ok(written.includes(`"text":${text}`));
      assert.equal(written.split('"type":"tool_use"').length, messages.flatMap(({ toolCalls = [] }) => toolCalls).length + 1);
    }),
    { numRuns: 300 },
  );
});
