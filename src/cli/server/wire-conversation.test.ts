import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LiteralJsonObject, parseLiteralJson, printLiteralJson } from '../../text/literal-json.ts';
import { toWireBody, toWireConversation } from './wire-conversation.ts';

function convert(json: string): string | undefined {
  const wire = toWireConversation(parseLiteralJson(json) as LiteralJsonObject);
  return wire && printLiteralJson(toWireBody(wire));
}

test('arguments become text with their numbers as written, and variables of the template go where the API has them', () => {
  const call = (written: string) => `{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":${written}}}]}`;
  assert.equal(
    convert(`{"messages":[${call('{"a":1.0,"b":9007199254740993,"10":[2.50]}')}],"bos_token":"<s>","tools":[],"enable_thinking":false}`),
    `{"messages":[${call('"{\\"a\\": 1.0, \\"b\\": 9007199254740993, \\"10\\": [2.50]}"')}],"tools":[],"chat_template_kwargs":{"enable_thinking":false}}`,
  );
  assert.equal(
    convert('{"messages":[{"role":"user","content":"Hi"}],"add_generation_prompt":true}'),
    '{"messages":[{"role":"user","content":"Hi"}],"add_generation_prompt":true}',
  );
});

test('what no client can say gives nothing', () => {
  const contents = ['{"a":1}', '[{"type":"image"}]', '"\\ud83d"', '5', '["text"]'];
  for (const content of contents) assert.equal(convert(`{"messages":[{"role":"user","content":${content}}]}`), undefined, content);
  assert.equal(convert('{"messages":[]}'), undefined);
  assert.notEqual(convert('{"messages":[{"role":"user","content":"\\ud83d\\ude00"}]}'), undefined);
});
