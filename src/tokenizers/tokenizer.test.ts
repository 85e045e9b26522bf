import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../protocol/error.ts';
import { bytePairJson, literal, plain, wordJson } from './small-tokenizers.test.support.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';
import { readTokenizerJson } from './tokenizer-json.ts';

const merges = [
  ['h', 'e'],
  ['l', 'l'],
  ['he', 'll'],
  ['hell', 'o'],
  ['Ġ', 'w'],
  ['Ċ', 'Ċ'],
  ['<', '|'],
] as const;
const added = [
  { content: '<|start|>' },
  { content: '<|end|>', rstrip: true },
  { content: '<|pad|>', lstrip: true },
  { content: '<think>', special: false },
  { content: '<|start|>>>', special: true },
];
const ids = { hello: 259, w: 260, newlines: 261, bar: 262, start: 263, end: 264, pad: 265, think: 266, long: 267 };

/** Ids of letters that are tokens by themselves. */
function letters(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}

describe('a byte-pair tokenizer', () => {
  let tokenizer: Tokenizer;

  before(async () => {
    const config = { bos_token: '<|start|>', eos_token: { content: '<|end|>' }, pad_token: '<|pad|>', add_bos_token: true };
    tokenizer = await createTokenizer(readTokenizerJson(bytePairJson({ merges, added }), config));
  });

  const cases: readonly (readonly [what: string, segments: ReturnType<typeof plain>, expected: readonly number[]])[] = [
    ['text is merged', plain('hello world'), [ids.hello, ids.w, ...letters('orld')]],
    ['special tokens of a template become tokens', plain('<|start|>hello<|end|>'), [ids.start, ids.hello, ids.end]],
    ['spellings in a literal segment stay text', literal('<|start|>'), [ids.bar, ...letters('start|>')]],
    ['user-defined tokens are tokens everywhere', literal('<think>'), [ids.think]],
    ['the longest of several special tokens is taken', plain('<|start|>>>'), [ids.long]],
    ['a border between plain and literal text does not show', [...plain('he'), ...literal('llo')], [ids.hello]],
    [
      'white space on both sides of a border is one run',
      [...plain('<|start|>\n'), ...literal('\nhello')],
      [ids.start, ids.newlines, ids.hello],
    ],
    ['a special token is found over the border of two plain segments', plain('<|sta', 'rt|>'), [ids.start]],
    ['none is found where a part of it is literal', [...plain('<|sta'), ...literal('rt|>')], [ids.bar, ...letters('start|>')]],
    ['an empty literal segment cuts nothing', [...plain('<|sta'), ...literal(''), ...plain('rt|>')], [ids.start]],
    ['white space after a token that strips it is dropped', plain('<|end|> \n hello'), [ids.end, ids.hello]],
    ['white space before a token that strips it is dropped', plain('hello \n<|pad|>'), [ids.hello, ids.pad]],
    ['a lone surrogate counts as U+FFFD', literal('\ud800'), letters('\ufffd')],
    ['a pair of surrogates over a border is one character', [...plain('\ud83d'), ...literal('\ude00')], letters('😀')],
    ['nothing gives nothing', plain(''), []],
  ];
  for (const [what, segments, expected] of cases) {
    test(what, () => assert.deepEqual(tokenizer.encode(segments), expected));
  }

  test('a begin-of-text token is added to a text of its own, once', () => {
    assert.deepEqual(tokenizer.encode(plain('hello'), { addSpecial: true }), [ids.start, ids.hello]);
    assert.deepEqual(tokenizer.encode(plain('<|start|>hello'), { addSpecial: true }), [ids.start, ids.hello]);
    assert.deepEqual(tokenizer.encode([], { addSpecial: true }), [ids.start]);
  });

  test('it knows its tokens', () => {
    assert.equal(tokenizer.idOf('<think>'), ids.think);
    assert.equal(tokenizer.idOf('hello'), ids.hello);
    assert.equal(tokenizer.idOf('no such token'), undefined);
    assert.deepEqual([tokenizer.bosId, tokenizer.eosId, tokenizer.paddingId], [ids.start, ids.end, ids.pad]);
    assert.deepEqual(
      [ids.start, ids.think].map((id) => tokenizer.isSpecial(id)),
      [true, false],
    );
    assert.deepEqual(
      tokenizer.specials().map(({ id }) => id),
      [ids.start, ids.end, ids.pad, ids.long],
    );
    assert.equal(tokenizer.vocabularyTokens, 268);
  });

  test('decoding gives the text, with its special tokens or without', () => {
    assert.equal(tokenizer.decode([ids.start, ids.hello, ids.end]), '<|start|>hello<|end|>');
    assert.equal(tokenizer.decode([ids.start, ids.hello, ids.end], { skipSpecial: true }), 'hello');
    assert.equal(tokenizer.decode([]), '');
    assert.equal(tokenizer.decode([99_999, ids.hello, -1]), 'hello');
  });

  test('any text comes back from its tokens, however it was cut into segments', () => {
    const text = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('<|start|>', '<think>', '\n\n', 'hello', '👨‍👩‍👧')));
    fc.assert(
      fc.property(text, fc.array(fc.nat(40)), (parts, cuts) => {
        const whole = parts.join('');
        const segments = literal(...cutAt(whole, cuts));
        assert.deepEqual(tokenizer.encode(segments), tokenizer.encode(literal(whole)));
        assert.equal(tokenizer.decode(tokenizer.encode(segments)), whole);
      }),
    );
  });

  test('no control token comes out of literal text', () => {
    const part = fc.constantFrom('<|start|>', '<|end|>', '<|', '|>', '>>', ' ', 'pad', '<think>');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const found = tokenizer.encode(literal(...parts)).filter((id) => tokenizer.isSpecial(id));
        assert.deepEqual(found, []);
      }),
    );
  });

  test('the fingerprint tells vocabularies and special tokens apart', async () => {
    const open = async (json: Parameters<typeof readTokenizerJson>[0]) =>
      (await createTokenizer(readTokenizerJson(json, undefined))).fingerprint;
    assert.match(tokenizer.fingerprint, /^[0-9a-f]{16}$/);
    assert.equal(await open(bytePairJson({ merges, added })), tokenizer.fingerprint);
    assert.notEqual(await open(bytePairJson({ merges })), tokenizer.fingerprint);
    const spoken = added.map((token) => ({ ...token, special: false }));
    assert.notEqual(await open(bytePairJson({ merges, added: spoken })), tokenizer.fingerprint);
  });
});

function cutAt(text: string, lengths: readonly number[]): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const length of lengths) {
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return [...pieces, text.slice(at)];
}

describe('a tokenizer of words', () => {
  let tokenizer: Tokenizer;
  const bytesFrom = 1;
  const letterA = 258;

  before(async () => {
    const pairs = [
      ['\u2581', 'h'],
      ['\u2581h', 'i'],
    ] as const;
    tokenizer = await createTokenizer(readTokenizerJson(wordJson({ merges: pairs, added: [{ content: '<s>' }] }), undefined));
  });

  test('the space that it puts in front of a text is not in the text that comes back', () => {
    const hi = 285;
    assert.deepEqual(tokenizer.encode(plain('hi')), [hi]);
    assert.equal(tokenizer.decode([hi]), 'hi');
    assert.equal(tokenizer.decode([hi, hi]), 'hi hi');
    assert.deepEqual(tokenizer.encode(plain('hi<s>hi')), [hi, 286, hi]);
  });

  test('what it has no token for becomes bytes, and bytes become text', () => {
    const encoded = tokenizer.encode(plain('é'));
    assert.deepEqual(encoded, [257, bytesFrom + 0xc3, bytesFrom + 0xa9]);
    assert.equal(tokenizer.decode(encoded), 'é');
  });

  test('spellings of byte tokens in a text stay text', () => {
    const encoded = tokenizer.encode(literal('<0x41>'));
    assert.ok(!encoded.includes(bytesFrom + 0x41));
    assert.equal(tokenizer.decode(encoded), '<0x41>');
    assert.equal(tokenizer.decode([letterA]), 'a');
  });
});

test('a vocabulary whose merges spell a control token gives its letters instead', async () => {
  const pairs = [
    ['<', 's'],
    ['<s', '>'],
  ] as const;
  const json = bytePairJson({
    merges: pairs,
    added: [{ content: '<s>', id: 257 }],
    more: { pre_tokenizer: { type: 'ByteLevel', use_regex: false } },
  });
  const tokenizer = await createTokenizer(readTokenizerJson(json, undefined));
  assert.deepEqual(tokenizer.encode(literal('<s>')), letters('<s>'));
  assert.deepEqual(tokenizer.encode(plain('<s>')), [257]);
});

test('a word that is a token as a whole is taken whole where merges are ignored, but not a control token', async () => {
  const more = { pre_tokenizer: { type: 'ByteLevel', use_regex: false } };
  const added = [{ content: '<s>' }, { content: 'abc', special: false }];
  const json = bytePairJson({ merges: [['a', 'b']], added, more, model: { ignore_merges: true } });
  const tokenizer = await createTokenizer(readTokenizerJson(json, undefined));
  assert.deepEqual(tokenizer.encode(literal('<s>')), letters('<s>'));
  assert.deepEqual(tokenizer.encode(literal('ab')), [256]);
});

test('kinds of tokenizers that are not known are refused with the next step', async () => {
  const strange = [
    bytePairJson({ more: { pre_tokenizer: { type: 'Psychic' } } }),
    bytePairJson({ more: { decoder: { type: 'WordPiece', prefix: '##' } } }),
  ];
  for (const json of strange) {
    await assert.rejects(
      createTokenizer(readTokenizerJson(json, undefined)),
      (error) => error instanceof GatewayError && error.code === 'unsupported_feature' && /instead\.$/.test(error.message),
    );
  }
});
