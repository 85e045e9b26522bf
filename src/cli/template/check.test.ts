import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { GatewayError } from '../../protocol/error.ts';
import { goodChatml, knownBad } from '../../templates/check/known-bad.test.support.ts';
import { createStyle } from '../output.ts';
import { findPlaces } from '../places.ts';
import { type CheckFlags, checkTemplate } from './check.ts';

const folder = mkdtempSync(join(tmpdir(), 'rookery-check-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

interface Outcome {
  readonly text: string;
  readonly failure: string | undefined;
}

async function check(reference: string, flags: CheckFlags = {}): Promise<Outcome> {
  let text = '';
  const settings = {
    ...{ places: findPlaces(folder, {}), style: createStyle(false), signal: new AbortController().signal },
    write: (piece: string) => void (text += piece),
    openCutter: async () => undefined,
  };
  try {
    await checkTemplate(reference, flags, settings);
    return { text, failure: undefined };
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return { text, failure: error.code };
  }
}

test('a good template passes', async () => {
  const { text, failure } = await check(write('good.jinja', goodChatml));
  assert.equal(failure, undefined);
  assert.match(text, /✔ no fault found/);
});

for (const { name, template, fault } of knownBad) {
  test(`${name}: the check fails and names ${fault}`, async () => {
    const { text, failure } = await check(write('bad.jinja', template), { strict: true });
    assert.equal(failure, 'template_faulty');
    assert.ok(text.includes(`✖ ${fault}: `), text);
  });
}

test('a fault that servers mend is a note, and fails only a strict check', async () => {
  const bad = knownBad.find(({ fault }) => fault === 'short-ids-refused');
  const path = write('ids.jinja', bad?.template ?? '');
  const { text, failure } = await check(path);
  assert.equal(failure, undefined);
  assert.match(text, /• short-ids-refused.*\(Rookery mends it before rendering\)/);
});

test('the first difference from another template is shown, conversation by conversation', async () => {
  const other = goodChatml.replaceAll('<|im_end|>', '<|im_end|> ');
  const { text, failure } = await check(write('one.jinja', goodChatml), { against: write('other.jinja', other) });
  assert.equal(failure, 'template_faulty');
  assert.match(text, /✖ \d+ of \d+ conversations differ/);
  assert.match(text, /\n {2}plain, character \d+\n.*»⏎.*\n.*» ⏎/);
});

test('a template equals itself', async () => {
  const { text, failure } = await check(write('one.jinja', goodChatml), { against: write('same.jinja', goodChatml) });
  assert.equal(failure, undefined);
  assert.match(text, /✔ \d+ conversations, all prompts equal/);
});

test('a folder with a configuration is read, its tool template for conversations with tools', async () => {
  const model = join(folder, 'model');
  mkdirSync(model);
  const variants = [
    { name: 'default', template: '{{ messages[0].content }}' },
    { name: 'tool_use', template: goodChatml },
  ];
  writeFileSync(join(model, 'tokenizer_config.json'), JSON.stringify({ bos_token: '<s>', chat_template: variants }));
  const { text } = await check(model, { json: true });
  const told = JSON.parse(text) as { names: string[]; traits: { tools: { variable: string } } };
  assert.deepEqual([told.names, told.traits.tools.variable], [['default', 'tool_use'], 'tools']);
});

test('what is not there is named with the places that were looked at', async () => {
  const { failure } = await check('no-such-model');
  assert.equal(failure, 'unknown_model');
});
