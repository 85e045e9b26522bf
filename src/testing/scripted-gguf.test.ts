import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Template } from '@huggingface/jinja';
import { getLlama, type Llama, type LlamaModel, type Token } from 'node-llama-cpp';
import { type ScriptedModel, type ScriptedModelOptions, writeScriptedModel } from './scripted-gguf.ts';
import { writeWideModel } from './wide-gguf.ts';

let folder: string;
let llama: Llama;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rookery-scripted-'));
  llama = await getLlama({ build: 'never', skipDownload: true, gpu: false });
});

after(async () => {
  await llama.dispose();
  rmSync(folder, { recursive: true, force: true });
});

interface Sampled {
  readonly tokens: readonly number[];
  readonly text: string;
}

interface Run {
  readonly prompt: string;
  readonly tokensMax?: number;
  readonly temperature?: number;
}

async function withModel<T>(options: ScriptedModelOptions, use: (written: ScriptedModel, model: LlamaModel) => Promise<T>): Promise<T> {
  const written = writeScriptedModel(join(folder, 'model.gguf'), options);
  const model = await llama.loadModel({ modelPath: written.path });
  try {
    return await use(written, model);
  } finally {
    await model.dispose();
  }
}

/** What the real engine writes up to its end token. */
async function generate(model: LlamaModel, { prompt, tokensMax = 400, temperature = 0 }: Run): Promise<Sampled> {
  const context = await model.createContext({ contextSize: Math.min(1024, model.trainContextSize), sequences: 1, threads: 1 });
  const tokens: Token[] = [];
  for await (const token of context.getSequence().evaluate(model.tokenize(prompt, true), { temperature, seed: 7 })) {
    tokens.push(token);
    if (tokens.length === tokensMax) break;
  }
  await context.dispose();
  return { tokens, text: model.detokenize(tokens, true) };
}

const render = (template: string, messages: readonly object[]) => new Template(template).render({ messages, add_generation_prompt: true });

const texts = {
  'plain text': 'The quick brown fox jumps over the lazy dog. The quick brown fox jumps again.',
  'a tool call': 'Let me check. <tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>',
  'characters of several bytes': 'Grüße! 你好，世界。👩‍👩‍👧‍👦 🎉🎉🎉 naïve café → ∞',
  'repeated characters': `${'a'.repeat(300)}${'\n'.repeat(20)}`,
  'spellings of control tokens': 'It ends with <|im_end|>, it says, or with <|im_start|>.',
  'two bytes': 'ok',
};

for (const [name, text] of Object.entries(texts)) {
  test(`the real engine writes ${name} byte for byte`, async () => {
    await withModel({ scripts: text }, async ({ chatTemplate, scripts }, model) => {
      const prompt = render(chatTemplate, [{ role: 'user', content: 'Hello there, 你好' }]);
      const sampled = await generate(model, { prompt });
      assert.equal(sampled.text, text);
      assert.deepEqual(sampled.tokens, scripts[0]);
    });
  });
}

test('any prompt starts the script, at any temperature', async () => {
  await withModel({ scripts: texts['plain text'] }, async (_, model) => {
    for (const prompt of ['x', 'The quick brown', '\n', '<|im_end|>', '😀']) {
      assert.equal((await generate(model, { prompt, temperature: 1.5 })).text, texts['plain text']);
    }
  });
});

test('small pieces split characters over tokens', async () => {
  const text = '🎉 你好 é';
  await withModel({ scripts: text, pieceBytes: 2 }, async ({ scripts }, model) => {
    assert.equal((await generate(model, { prompt: 'x' })).text, text);
    assert.ok((scripts[0] ?? []).filter((token) => model.detokenize([token as Token]).includes('\ufffd')).length >= 4);
  });
});

test('an endless script begins again until it is stopped', async () => {
  await withModel({ scripts: [{ text: 'again and ', end: 'loop' }] }, async ({ scripts }, model) => {
    const perRound = scripts[0]?.length ?? 0;
    assert.equal((await generate(model, { prompt: 'x', tokensMax: perRound * 50 })).text, 'again and '.repeat(50));
  });
});

test('an empty script ends at once', async () => {
  await withModel({ scripts: '' }, async (_, model) => assert.equal((await generate(model, { prompt: 'x' })).text, ''));
});

test('a tool result starts the second script through the template', async () => {
  const scripts = [{ text: 'calling the tool' }, { text: 'the tool said 21 °C', after: 'tool' }];
  await withModel({ scripts }, async ({ chatTemplate }, model) => {
    const question = { role: 'user', content: 'Weather?' };
    const answer = { role: 'assistant', content: null };
    const result = { role: 'tool', content: '{"c": 21}' };
    assert.equal((await generate(model, { prompt: render(chatTemplate, [question]) })).text, 'calling the tool');
    const second = await generate(model, { prompt: render(chatTemplate, [question, answer, result]) });
    assert.equal(second.text, 'the tool said 21 °C');
  });
});

test('markers and control tokens are written as one token at their first occurrence', async () => {
  const text = '<|plan|>Hm.<tool_call>{"a":1}</tool_call><tool_call>{"b":22}</tool_call>';
  const options = { scripts: text, controlTokens: ['<|plan|>'], markerTokens: ['<tool_call>', '</tool_call>'] };
  await withModel(options, async ({ tokenId }, model) => {
    const { text: written, tokens } = await generate(model, { prompt: 'x' });
    assert.equal(written, text);
    assert.equal(tokens[0], tokenId('<|plan|>'));
    assert.equal(tokens.filter((token) => token === tokenId('<tool_call>')).length, 1);
    assert.equal(model.detokenize(tokens as Token[], false), text.replace('<|plan|>', ''));
  });
});

test('a script may end with another control token, after which the first script begins', async () => {
  const scripts = [{ text: 'one two', end: { token: '<|stop_here|>' } }];
  await withModel({ scripts, controlTokens: ['<|stop_here|>'] }, async ({ scripts: [tokens = []] }, model) => {
    const sampled = await generate(model, { prompt: 'x', tokensMax: tokens.length * 2 + 1 });
    assert.equal(sampled.text, 'one two<|stop_here|>one two');
  });
});

test('given pieces are the tokens, and the vocabulary can be padded', async () => {
  const scripts = [{ text: 'a😀b!!', pieces: ['a\ud83d\ude00', 'b!', Buffer.from('!')].slice(0, 1).concat(['b!!']) }];
  await withModel({ scripts, vocabularyTokens: 5000, contextTokens: 512, addsBos: true }, async (written, model) => {
    assert.equal(written.scripts[0]?.length, 2);
    assert.equal(written.vocabularyTokens, 5000);
    assert.equal(model.trainContextSize, 512);
    assert.equal(model.tokens.shouldPrependBosToken, true);
    assert.equal((await generate(model, { prompt: 'x' })).text, 'a😀b!!');
  });
});

test('the file is small', async () => {
  const { path } = writeScriptedModel(join(folder, 'small.gguf'), { scripts: texts['a tool call'] });
  assert.ok(statSync(path).size < 200_000);
});

test('scripts that cannot be written are refused with the reason', () => {
  const write = (options: ScriptedModelOptions) => () => writeScriptedModel(join(folder, 'refused.gguf'), options);
  assert.throws(write({ scripts: 'x' }), /cannot be cut into pieces/);
  assert.throws(write({ scripts: 'a'.repeat(5000) }), /cannot be cut into pieces/);
  assert.throws(write({ scripts: [] }), /at least one script/);
  assert.throws(write({ scripts: [{ text: 'first' }, { text: 'second' }] }), /needs `after`/);
  assert.throws(write({ scripts: [{ text: 'first', after: 'tool' }] }), /takes no `after`/);
  assert.throws(write({ scripts: [{ text: 'first', pieces: ['fir', 's'] }] }), /do not join/);
  assert.throws(write({ scripts: [{ text: 'abab', pieces: ['ab', 'ab'] }] }), /already has a token/);
  assert.throws(write({ scripts: [{ text: 'first', end: { token: '<|no|>' } }] }), /no token/);
});

test('a wide model loads and writes something else for each seed', async () => {
  const path = join(folder, 'wide.gguf');
  writeWideModel(path, { vocabularyTokens: 20_000 });
  const model = await llama.loadModel({ modelPath: path });
  const first = await generate(model, { prompt: 'Hello', tokensMax: 20, temperature: 1 });
  assert.equal(first.tokens.length, 20);
  assert.ok(new Set(first.tokens).size > 10);
  await model.dispose();
});
