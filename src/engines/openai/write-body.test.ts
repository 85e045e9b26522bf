import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EnginePrompt } from '../../protocol/engine.ts';
import type { JsonObject } from '../../protocol/json.ts';
import type { OutgoingBody } from '../http/transport.ts';
import { writeTools } from './request-body.ts';
import { writeBody } from './write-body.ts';

const messages = [{ role: 'user', content: 'Hi – ł' }] as const;
const tools = [{ name: 'f', description: 'd', parameters: { type: 'object' } }];
const spaced = '[ {"content": "Hi – ł", "role": "user"} ]';
const textOfBody = (body: OutgoingBody) => (typeof body === 'string' ? body : Buffer.concat(body).toString());
const textOf = (body: JsonObject, prompt: EnginePrompt) => textOfBody(writeBody(body, prompt));

test('the text of a body says what the body does, whatever of it was written before', () => {
  const prompts: readonly EnginePrompt[] = [
    { form: 'messages', messages },
    { form: 'messages', messages, messagesJson: Buffer.from(spaced) },
    { form: 'tokens', tokens: [1] },
  ];
  const bodies: readonly JsonObject[] = [
    { model: 'm' },
    { model: 'm', messages, stream: true },
    { model: 'm', messages, tools: writeTools(tools), stop: ['x'] },
    { model: 'm', prompt: [1], tools: null },
  ];
  for (const body of bodies) for (const prompt of prompts) assert.deepEqual(JSON.parse(textOf(body, prompt)), body);
});

test("messages go in the caller's own words", () => {
  const body = { model: 'm', messages };
  assert.equal(textOf(body, { form: 'messages', messages, messagesJson: Buffer.from(spaced) }), `{"model":"m","messages":${spaced}}`);
});

test('a list of tools is written once, however many requests have it', () => {
  let written = 0;
  const parameters = { type: 'object', toJSON: () => ({ count: ++written }) } as unknown as JsonObject;
  const list = [{ name: 'f', parameters }];
  const texts = [1, 2, 3].map(() => writeBody({ model: 'm', tools: writeTools(list) }, { form: 'messages', messages }));
  assert.equal(written, 1);
  assert.equal(new Set(texts).size, 1);
});
