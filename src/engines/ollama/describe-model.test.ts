import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeModel, type ModelSource, servedName } from './describe-model.ts';
import { findModelFile, isReadableRaw, type ModelFile } from './model-file.ts';
import { readVersion } from './version.ts';

/** As Ollama 0.34.0 showed the tiny model. */
const shown = {
  parameters:
    'stop                           "<|im_start|>"\nstop                           "<|im_end|>"\ntemperature                    0.7',
  details: { quantization_level: 'Q4_1' },
  model_info: {
    'general.architecture': 'llama',
    'general.parameter_count': 134515008,
    'llama.context_length': 8192,
    'llama.embedding_length': 576,
    'llama.vocab_size': 49152,
    'tokenizer.ggml.add_bos_token': false,
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'smollm',
    'tokenizer.ggml.tokens': null,
  },
  capabilities: ['completion', 'tools', 'thinking'],
};
const chatMl =
  '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if tools %}<tool_call>{% endif %}';
const file: ModelFile = { chatTemplate: chatMl, bos: '<|im_start|>', eos: '<|im_end|>', control: ['<|im_start|>', '<|im_end|>'] };

const describe = (source: Partial<ModelSource> = {}) =>
  describeModel({
    name: 'tiny:latest',
    sizeBytes: 98362745,
    shown,
    file: undefined,
    version: readVersion('0.34.0'),
    contextTokens: undefined,
    loadedTokens: undefined,
    ...source,
  });

test('a model that Ollama renders is described by what it shows', () => {
  assert.deepEqual(describe(), {
    model: {
      id: 'tiny',
      aliases: ['tiny:latest'],
      contextTokens: 8192,
      sizeBytes: 98362745,
      trainedContextTokens: 8192,
      vocabularyTokens: 49152,
      embeddingLength: 576,
      parameters: 134515008,
      quantisation: 'Q4_1',
      architecture: 'llama',
      specialTokens: { addsBos: false, control: [] },
      capabilities: { prompts: ['messages', 'segments'], hasTools: true, hasImages: false, topLogprobsMax: 20 },
    },
    version: { refusesLongPrompts: true, hasLogprobs: true, mostThinking: 'max' },
    thinks: true,
    stops: ['<|im_start|>', '<|im_end|>'],
  });
});

test('a model whose file is here and whose marks survive is rendered here', () => {
  const { model } = describe({ file });
  assert.deepEqual(model.capabilities?.prompts, ['segments', 'messages']);
  assert.equal(model.chatTemplate, chatMl);
  assert.deepEqual(model.specialTokens, { bos: '<|im_start|>', eos: '<|im_end|>', addsBos: false, control: file.control });
});

const unreadable: readonly (readonly [string, string, ModelFile])[] = [
  [
    'the opener of calls',
    'mistral-7b',
    { chatTemplate: '{% if tools %}[AVAILABLE_TOOLS]{% endif %}[TOOL_CALLS] [', control: ['[TOOL_CALLS]'] },
  ],
  ['a mark of the family', 'qwen3:4b', { ...file, control: [...file.control, '<tool_call>'] }],
  ['a mark of thoughts', 'anything', { ...file, chatTemplate: `${chatMl}<think>`, control: ['<think>'] }],
  ['a variant', 'anything', { ...file, templateVariants: { tool_use: '{{ tools }}[TOOL_CALLS]' }, control: ['[TOOL_CALLS]'] }],
  ['no template at all', 'anything', { control: [] }],
];

for (const [about, id, facts] of unreadable) {
  test(`Ollama renders where raw answers would lose ${about}`, () => {
    assert.equal(isReadableRaw(id, facts), false);
    const { model } = describe({ name: id, file: facts });
    assert.deepEqual(model.capabilities?.prompts, ['messages', 'segments']);
    assert.equal(model.chatTemplate, undefined);
  });
}

test('control tokens that are no marks, or that the template does not speak of, lose nothing', () => {
  assert.ok(isReadableRaw('qwen3:4b', file));
  assert.ok(isReadableRaw('anything', { ...file, control: ['<think>', '[TOOL_CALLS]', '<|im_end|>'] }));
});

test('an embedding model gets no prompt of ours', () => {
  const { model } = describe({ file, shown: { ...shown, capabilities: ['embedding'] } });
  assert.deepEqual(model.capabilities?.prompts, ['messages', 'segments']);
  assert.equal(model.capabilities?.hasTools, false);
});

test('the context is what the operator says, what is loaded, what the Modelfile says, or 8192, and never more than was trained', () => {
  const parameters = 'num_ctx                        4096';
  const modelInfo = { ...shown.model_info, 'llama.context_length': 131072 };
  const long = { ...shown, model_info: modelInfo };
  const cases: readonly (readonly [number, Partial<ModelSource>])[] = [
    [1000, { contextTokens: 1000, loadedTokens: 2000, shown: { ...long, parameters } }],
    [2000, { loadedTokens: 2000, shown: { ...long, parameters } }],
    [4096, { shown: { ...long, parameters } }],
    [8192, { shown: long }],
    [8192, { contextTokens: 50_000 }],
    [8192, { shown: { ...long, model_info: {} } }],
  ];
  for (const [expected, source] of cases) assert.equal(describe(source).model.contextTokens, expected);
});

test('whether Ollama puts a begin-of-text token follows llama.cpp', () => {
  const cases: readonly (readonly [boolean, object])[] = [
    [true, { 'tokenizer.ggml.add_bos_token': true }],
    [true, { 'tokenizer.ggml.add_bos_token': false, 'tokenizer.ggml.pre': 'lfm2' }],
    [true, { 'tokenizer.ggml.add_bos_token': false, 'tokenizer.ggml.model': 'gemma4' }],
    [false, { 'tokenizer.ggml.add_bos_token': false, 'tokenizer.ggml.model': 'llama' }],
    [true, { 'tokenizer.ggml.add_bos_token': null, 'tokenizer.ggml.model': 'llama' }],
    [true, { 'tokenizer.ggml.add_bos_token': null, 'tokenizer.ggml.pre': 'llama-bpe' }],
    [false, { 'tokenizer.ggml.add_bos_token': null, 'tokenizer.ggml.pre': 'qwen2' }],
  ];
  for (const [expected, info] of cases) {
    const { model } = describe({ shown: { ...shown, model_info: { ...shown.model_info, ...info } } });
    assert.equal(model.specialTokens.addsBos, expected, JSON.stringify(info));
  }
});

test('what shows nothing is served with what is usual', () => {
  const { model, thinks, stops } = describe({ shown: { capabilities: null, model_info: 7, parameters: 7, details: null } });
  assert.deepEqual([model.id, model.contextTokens, thinks, stops], ['tiny', 8192, false, []]);
});

test('versions tell what they can', () => {
  const cases: readonly (readonly [unknown, boolean, boolean, string])[] = [
    ['0.9.6', false, false, 'high'],
    ['0.12.5', false, false, 'high'],
    ['0.12.6', true, false, 'high'],
    ['0.12.11', true, true, 'high'],
    ['0.30.0-rc1', true, true, 'max'],
    ['1.0.0', true, true, 'max'],
    ['0.0.0', true, true, 'max'],
    [undefined, true, true, 'max'],
  ];
  for (const [version, refusesLongPrompts, hasLogprobs, mostThinking] of cases) {
    assert.deepEqual(readVersion(version), { refusesLongPrompts, hasLogprobs, mostThinking }, String(version));
  }
  assert.equal(describe({ version: readVersion('0.12.10') }).model.capabilities?.topLogprobsMax, undefined);
});

test('a model file counts only under the name of its content', () => {
  const hash = 'a'.repeat(64);
  assert.equal(
    findModelFile(`# FROM tiny\n\nFROM /root/.ollama/models/blobs/sha256-${hash}\nTEMPLATE x`),
    `/root/.ollama/models/blobs/sha256-${hash}`,
  );
  assert.equal(findModelFile(`FROM C:\\Users\\A B\\blobs\\sha256-${hash}\r\n`), `C:\\Users\\A B\\blobs\\sha256-${hash}`);
  for (const other of ['FROM tiny', 'FROM /etc/passwd', `FROM /x/sha256-${hash}/y`, '']) assert.equal(findModelFile(other), undefined);
});

test('the tag latest is not part of a name', () => {
  assert.deepEqual(['tiny:latest', 'qwen3:4b', 'a/latest'].map(servedName), ['tiny', 'qwen3:4b', 'a/latest']);
});
