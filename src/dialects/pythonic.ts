import { defineDialect } from './dialect.ts';

/** `[f(a='x', n=2), g()]`. Source: meta-llama/Llama-3.2-3B-Instruct, model card, zero-shot function calling; Team-ACE/ToolACE-8B. */
export default defineDialect({
  about: 'ToolACE-8B, Llama 3.2 1B and 3B, Gemma 3',
  match: [{ template: ['[func_name1(params_name1='] }],
  layout: {
    kind: 'inline',
    tools: [
      { bare: 'anywhere', first: ['['], confirm: 'known-name' },
      { bare: 'line-start', confirm: 'known-name', ends: 'turn' },
    ],
  },
  call: {
    kind: 'sequence',
    parts: [
      { slot: 'name', chars: 'dotted' },
      { slot: 'args', codec: { codec: 'kwargs', literals: 'python' } },
    ],
  },
  many: { parallel: true, how: 'list', open: '[', close: ']', separator: ', ' },
  turn: { stop: ['<|eot_id|>', '<|im_end|>'] },
  examples: [
    { written: "[f(a='x', n=2)]", calls: [{ name: 'f', arguments: { a: 'x', n: 2 }, state: 'complete' }] },
    {
      written: '[f(a=-5, b=True), g()]',
      calls: [
        { name: 'f', arguments: { a: -5, b: true } },
        { name: 'g', arguments: {} },
      ],
    },
    { written: 'Sure! [f(x=-5, ok=true)] Done.', text: 'Sure!Done.', calls: [{ name: 'f', arguments: { x: -5, ok: true } }] },
    {
      written: 'See [the page](https://x.y) and [1, 2].',
      tools: [{ name: 'f' }],
      text: 'See [the page](https://x.y) and [1, 2].',
      calls: [],
    },
    {
      written: "[f(a={'k': [1, (2, 3)]}, b=None, c=\"it's\" ' ok')]",
      calls: [{ name: 'f', arguments: { a: { k: [1, [2, 3]] }, b: null, c: "it's ok" }, state: 'complete' }],
    },
    { written: '[f(a="[g(b=1)], )")]', calls: [{ name: 'f', arguments: { a: '[g(b=1)], )' } }] },
    { written: 'f(a=1)', calls: [{ name: 'f', arguments: { a: 1 } }] },
    { written: 'f(a) is a call of f.', tools: [{ name: 'f' }], text: 'f(a) is a call of f.', calls: [] },
    { written: '[f(a=2*3, b=today)]', calls: [{ name: 'f', arguments: { a: '2*3', b: 'today' }, state: 'repaired' }] },
    { written: '[f(a="Ro', end: 'length', calls: [{ name: 'f', arguments: { a: 'Ro' }, state: 'truncated' }] },
    {
      written: '[a.b(x=1), f(y=0x1F, z=1_000)]',
      calls: [
        { name: 'a.b', arguments: { x: 1 } },
        { name: 'f', arguments: { y: 31, z: 1000 } },
      ],
    },
    { written: 'See [f] and f(x) here.', tools: [{ name: 'f' }], text: 'See [f] and f(x) here.', calls: [] },
  ],
});
