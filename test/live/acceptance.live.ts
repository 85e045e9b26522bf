import { before, test } from 'node:test';
import OpenAI from 'openai';
import { abortChecks } from './abort-checks.ts';
import { chatChecks } from './chat-checks.ts';
import { conversationChecks } from './conversation-checks.ts';
import { formatChecks } from './format-checks.ts';
import { judge } from './judge.ts';
import { situation } from './situation.ts';
import { surfaceChecks } from './surface-checks.ts';
import { toolChecks } from './tool-checks.ts';

/** Longest that one check may take: an engine that hangs ends it. */
const limitMs = 180_000;
const checks = [...chatChecks, ...toolChecks, ...formatChecks, ...surfaceChecks, ...conversationChecks, ...abortChecks];

let model = '';

before(async () => {
  const client = new OpenAI({ baseURL: `${situation.url}/v1`, apiKey: 'unused', maxRetries: 0 });
  const [first] = (await client.models.list()).data;
  if (!first) throw new Error('The server lists no model.');
  model = first.id;
});

for (const check of checks.filter(({ id }) => id.includes(situation.only))) {
  test(`${situation.variant}: ${check.name}`, { timeout: limitMs }, () => judge(check, model));
}
