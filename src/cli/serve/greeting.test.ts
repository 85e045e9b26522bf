import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { createStyle } from '../output.ts';
import { renderCurl, renderGreeting } from './greeting.ts';

const facts = { url: 'http://127.0.0.1:4000', modelId: "o'model", contextTokens: 2048, slots: 4, isChat: true };

/** What the shell makes of a line: its words, one a line. */
async function shellWords(line: string, environment: Record<string, string> = {}): Promise<string[]> {
  const { stdout } = await promisify(execFile)('sh', ['-c', `printf '%s\\n' ${line}`], { env: { ...process.env, ...environment } });
  return stdout.trimEnd().split('\n');
}

test('the curl line holds the request in one word, whatever the model is called', async () => {
  const words = await shellWords(renderCurl(facts));
  assert.deepEqual(words.slice(0, 5), ['curl', 'http://127.0.0.1:4000/v1/chat/completions', '-H', 'Content-Type: application/json', '-d']);
  assert.equal(JSON.parse(words[5] ?? '').model, "o'model");
});

test('a model that cannot chat gets a line for a completion', () => {
  assert.match(renderCurl({ ...facts, isChat: false }), /\/v1\/completions .*"prompt":/);
});

test('the curl line names the key and the shell fills it in', async () => {
  const words = await shellWords(renderCurl({ ...facts, keyShellText: '$MY_KEY' }), { MY_KEY: 'k1' });
  assert.equal(words[5], 'Authorization: Bearer k1');
});

test('the greeting without colours has no escape codes and ends with what to do', () => {
  const text = renderGreeting(facts, createStyle(false));
  assert.doesNotMatch(text, /\u001b/);
  assert.match(text, /o'model on http:\/\/127\.0\.0\.1:4000\n[\s\S]*\ncurl /);
});
