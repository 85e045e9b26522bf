import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import { type Check, Unmet } from './check.ts';
import type { Body, Talk } from './talk.ts';

const schema = {
  type: 'object',
  properties: { city: { enum: ['Paris', 'Rome', 'Oslo'] }, days: { type: 'integer', minimum: 1, maximum: 7 } },
  required: ['city', 'days'],
  additionalProperties: false,
};
const validate = new Ajv().compile(schema);
const question = [{ role: 'user', content: 'Which city shall I visit, and for how many days?' }];
const answerTag = {
  type: 'structural_tag',
  format: { type: 'tag', begin: '<answer>', content: { type: 'json_schema', json_schema: { const: true } }, end: '</answer>' },
};

/** What an answer can be bound to. */
export const formatChecks: readonly Check[] = [
  {
    id: 'format.json-object',
    name: 'response_format json_object gives an object, or the beginning of one that the limit cut',
    run: async (talk) => {
      const { first } = await talk.ask({ messages: question, response_format: { type: 'json_object' }, max_tokens: 64 });
      if (first.finish === 'length') assert.match(first.text, /^\s*\{/);
      else assert.equal(typeof JSON.parse(first.text), 'object');
    },
  },
  {
    id: 'format.json-schema',
    name: 'response_format json_schema gives a valid value, the same streamed and whole',
    run: (talk) =>
      askFor(talk, { response_format: { type: 'json_schema', json_schema: { name: 'stay', schema, strict: true } } }, (text) => {
        assert.ok(validate(JSON.parse(text)), text);
      }),
  },
  {
    id: 'format.regex',
    name: 'structured_outputs regex gives a text that matches',
    run: (talk) =>
      askFor(talk, { structured_outputs: { regex: '[a-c]{3}-[0-9]{2}' } }, (text) => assert.match(text, /^[a-c]{3}-[0-9]{2}$/)),
  },
  {
    id: 'format.choice',
    name: 'structured_outputs choice gives one of the choices',
    run: (talk) => askFor(talk, { structured_outputs: { choice: ['rook', 'crow'] } }, (text) => assert.match(text, /^(rook|crow)$/)),
  },
  {
    id: 'format.grammar',
    name: 'structured_outputs grammar gives a sentence of the grammar',
    run: (talk) =>
      askFor(talk, { structured_outputs: { grammar: 'root ::= bird " is " [b] "lack"\nbird ::= "rook" | "crow"' } }, (text) => {
        assert.match(text, /^(rook|crow) is black$/);
      }),
  },
  {
    id: 'format.structural-tag',
    name: 'structured_outputs structural_tag gives the tag with its content',
    run: (talk) =>
      askFor(talk, { structured_outputs: { structural_tag: answerTag } }, (text) => assert.equal(text, '<answer>true</answer>')),
  },
  {
    id: 'format.completion',
    name: 'a raw completion is bound too',
    run: async (talk) => {
      const { choices } = await talk.complete({ prompt: 'The bird is a', structured_outputs: { choice: ['rook', 'crow'] } });
      assert.match(choices[0]?.text ?? '', /^(rook|crow)$/);
    },
  },
];

async function askFor(talk: Talk, wished: Body, check: (text: string) => void): Promise<void> {
  const body = { messages: question, max_tokens: 48, ...wished };
  const [whole, streamed] = [await talk.ask(body), await talk.askStreamed(body)];
  for (const { first } of [whole, streamed]) {
    if (first.finish === 'length') throw new Unmet(`the limit cut '${first.text}'`);
    check(first.text);
  }
  assert.equal(streamed.first.text, whole.first.text);
}
