import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../protocol/error.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';
import { bytePairJson } from './small-tokenizers.test.support.ts';
import { readTokenizerJson } from './tokenizer-json.ts';

const added = [{ content: '<s>' }, { content: '</s>' }];
const [begin, end] = [256, 257];
const item = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
const text = { Sequence: { id: 'A', type_id: 0 } };
const known = { '<s>': { id: '<s>', ids: [begin] }, '</s>': { id: '</s>', ids: [end] } };
const template = (single: readonly JsonValue[]) => ({ type: 'TemplateProcessing', single, special_tokens: known });

describe('what goes around a text of its own', () => {
  const names = { bos_token: '<s>', eos_token: '</s>' };
  const cases: readonly (readonly [
    what: string,
    processor: JsonValue,
    config: JsonObject,
    before: readonly number[],
    after: readonly number[],
  ])[] = [
    ['is nothing by default', null, names, [], []],
    ['is what the post-processor adds', template([item('<s>'), text, item('</s>')]), {}, [begin], [end]],
    [
      'is found in a sequence of post-processors',
      { type: 'Sequence', processors: [{ type: 'ByteLevel' }, template([item('<s>'), text])] },
      {},
      [begin],
      [],
    ],
    ['is what BERT and RoBERTa add', { type: 'RobertaProcessing', cls: ['<s>', begin], sep: ['</s>', end] }, {}, [begin], [end]],
    ['is what the configuration adds', null, { ...names, add_bos_token: true, add_eos_token: true }, [begin], [end]],
    ['is without what the configuration takes away', template([item('<s>'), text]), { ...names, add_bos_token: false }, [], []],
    ['is not added twice', template([item('<s>'), text]), { ...names, add_bos_token: true }, [begin], []],
  ];
  for (const [what, processor, config, before, after] of cases) {
    test(what, () => {
      const data = readTokenizerJson(bytePairJson({ added, more: { post_processor: processor } }), config);
      assert.deepEqual([data.before, data.after], [before, after]);
    });
  }
});

test('tokens that look special are control tokens, whatever the file says', () => {
  const contents = ['<|fim_prefix|>', '<｜User｜>', '<unused7>', '<pad>', '<think>', '<|odd'];
  const data = readTokenizerJson(bytePairJson({ added: contents.map((content) => ({ content, special: false })) }), undefined);
  assert.deepEqual(
    data.added.map(({ kind }) => kind),
    ['control', 'control', 'control', 'control', 'user-defined', 'user-defined'],
  );
});

test('merges are read in both forms', () => {
  const pairs = bytePairJson({ merges: [['a', 'b']] });
  const model = pairs.model as JsonObject;
  const lines: JsonObject = { ...pairs, model: { ...model, merges: ['a b'] } };
  assert.deepEqual(readTokenizerJson(lines, undefined).text.merges, [['a', 'b']]);
  assert.deepEqual(readTokenizerJson(lines, undefined), readTokenizerJson(pairs, undefined));
});

test('what is no tokenizer.json is refused, saying why', () => {
  const wrong: readonly (readonly [JsonValue, RegExp])[] = [
    [[], /not an object/],
    [{ version: '1.0' }, /`model`/],
    [{ ...bytePairJson(), added_tokens: [{ id: 'x', content: 'y' }] }, /`id`/],
    [{ ...bytePairJson(), model: { type: 'BPE', vocab: {}, merges: ['ab'] } }, /merge/],
  ];
  for (const [json, words] of wrong) {
    assert.throws(
      () => readTokenizerJson(json, undefined),
      (error) => error instanceof GatewayError && error.code === 'model_file_invalid' && words.test(error.message),
    );
  }
});
