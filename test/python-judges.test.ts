import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { dialects } from '#dist/dialects/index.js';
import type { Grammar, JsonNode, Node } from '#dist/grammars/ir.js';
import { accepts } from '#dist/grammars/match.js';
import { randomGrammar, seededRandom } from '#dist/grammars/random-grammars.test.support.js';
import { targets } from '#dist/grammars/targets/index.js';
import structuralTag from '#dist/grammars/targets/structural-tag.js';
import { compileDialect } from '#dist/parsing/compile-dialect.js';
import { callGrammar } from '#dist/parsing/grammar/call-grammar.js';
import type { JsonValue } from '#dist/protocol/json.js';
import { textsFor, tools } from './grammar-cases.ts';
import { judgesMissing, PythonJudges, type PythonQuestion } from './python-judges.ts';

type Notation = PythonQuestion['notation'];

const judges = new PythonJudges();
after(() => judges.close());
const options = { skip: judgesMissing, timeout: 240_000 };
const notations: readonly Notation[] = ['ebnf', 'structural-tag', 'lark'];

for (const notation of notations) {
  test(`${judgeOf(notation)} takes what our matcher takes, and nothing else, on random grammars (${notation})`, options, async () => {
    const random = seededRandom(31);
    const counts = { grammars: 0, accepted: 0, rejected: 0 };
    for (let run = 0; run < 300; run++) {
      const grammar = randomGrammar(random, { hasUntil: true, isRecursive: run % 2 === 0 });
      await compare({ notation, grammar, texts: textsFor(grammar, random), counts });
    }
    assert.ok(counts.grammars > 240 && counts.accepted > 600 && counts.rejected > 480, JSON.stringify(counts));
  });

  test(`${judgeOf(notation)} takes what our matcher takes of the calls of every dialect (${notation})`, options, async () => {
    const random = seededRandom(32);
    const other = seededRandom(33);
    const counts = { grammars: 0, accepted: 0, rejected: 0 };
    for (const dialect of Object.values(dialects)) {
      const thoughtful = callGrammar({ dialect, tools, reasoning: 'optional' }).grammar;
      const followed = callGrammar({ dialect, tools, trailing: 'any-text' }).grammar;
      const mixed = callGrammar({ dialect, tools, mode: 'mixed', parallel: true });
      await compare({ notation, grammar: thoughtful, texts: textsFor(thoughtful, random, 4).filter(isWithoutMinusZero), counts });
      await compare({ notation, grammar: followed, texts: textsFor(followed, random, 2).filter(isWithoutMinusZero), counts });
      if (mixed.triggers.length === 0) continue;
      await compare({ notation, grammar: mixed.grammar, texts: textsFor(mixed.grammar, other, 3).filter(isWithoutMinusZero), counts });
    }
    assert.ok(counts.grammars > 140 && counts.accepted > 450 && counts.rejected > 220, JSON.stringify(counts));
  });
}

for (const name of ['hermes', 'qwen3-coder', 'mistral', 'functiongemma', 'kimi-k2', 'lfm-2'] as const) {
  test(`${name}: in xgrammar text is free and every call in it is bound`, options, async () => {
    const dialect = dialects[name];
    const renderCall = (tool: string, days: number) => {
      const argumentsJson = JSON.stringify({ city: 'Oslo', days });
      const written = compileDialect(dialect).renderCalls([{ name: tool, argumentsJson }], [{ ...tools[0], name: tool }]);
      return written ?? assert.fail('the call could not be rendered');
    };
    const [right, renamed, mistyped] = [renderCall('get_weather', 3), renderCall('get_water', 3), renderCall('get_weather', 99)];
    const said = 'Rain? 2 < 3, {"a": [1]} and <b>more</b>.\n';
    const many = callGrammar({ dialect, tools, mode: 'mixed', parallel: true }).grammar;
    const one = callGrammar({ dialect, tools, mode: 'mixed', parallel: false }).grammar;
    const thoughtful = callGrammar({ dialect, tools, mode: 'mixed', parallel: true, reasoning: 'optional' }).grammar;
    const texts = ['', said, right, said + right, `${said}${right}\n${right}`, renamed, said + mistyped, `${right}\n${mistyped}`];
    const expected = { many: [1, 1, 1, 1, 1, 0, 0, 0], one: [1, 1, 1, 1, 0, 0, 0, 0] };
    for (const [grammar, wanted] of [
      [many, expected.many],
      [thoughtful, expected.many],
      [one, expected.one],
    ] as const) {
      const answer = await judges.ask({ notation: 'structural-tag', grammar: structuralTag.write(grammar).text, texts });
      assert.deepEqual(answer, { accepted: wanted.map((each) => each === 1) }, JSON.stringify(texts));
    }
  });
}

/** xgrammar reads these schemas otherwise than we do. A row that no longer holds is a reason to look at `structural-tag.ts`. */
const readOtherwise: readonly (readonly [what: string, schema: JsonValue, written: string, theirs: boolean, ours: boolean])[] = [
  ['a string with a bound has no escapes', { type: 'string', maxLength: 9 }, '"a\\n"', false, true],
  ['a string with a bound may hold control characters', { type: 'string', maxLength: 9 }, '"a\tb"', true, false],
  ['an object that says nothing of other keys has none', { type: 'object', properties: { a: {} } }, '{"b": 1}', false, true],
  ['minus zero is no integer', { type: 'array', items: { type: 'integer' } }, '[-0]', false, true],
  ['half a surrogate pair is an escape', { type: 'array', items: { type: 'string' } }, '["\\ud800"]', true, false],
  ['one blank may be any blank, or none', { type: 'array', items: { type: 'null' } }, '[\tnull,null]', true, false],
];

for (const [what, schema, written, theirs, ours] of readOtherwise) {
  test(`in xgrammar's own reading of schemas ${what}`, options, async () => {
    const format = { type: 'json_schema', json_schema: schema, style: 'json', max_whitespace_cnt: 1 };
    const answer = await judges.ask({
      notation: 'structural-tag',
      grammar: JSON.stringify({ type: 'structural_tag', format }),
      texts: [written],
    });
    assert.deepEqual(answer, { accepted: [theirs] });
    assert.equal(accepts({ root: { kind: 'json', schema, whitespace: 'one-space', notation: 'json' }, rules: new Map() }, written), ours);
  });
}

test('a grammar that is none is refused with the reason', options, async () => {
  for (const [notation, grammar, reason] of [
    ['ebnf', 'root ::= "a', /lexer error/],
    ['structural-tag', '{"type": "structural_tag", "format": {"type": "song"}}', /song/],
    ['lark', 'start : missing', /unknown name/],
  ] as const) {
    const answer = await judges.ask({ notation, grammar, texts: ['a'] });
    assert.ok('refused' in answer && reason.test(answer.refused), JSON.stringify(answer));
  }
});

/** Minus zero is left out of what is compared: xgrammar's integers have none. */
function isWithoutMinusZero(written: string): boolean {
  return !/-0(?![\d.eE])/.test(written);
}

function judgeOf(notation: Notation): string {
  return notation === 'lark' ? 'llguidance' : 'xgrammar';
}

interface Comparison {
  readonly notation: Notation;
  readonly grammar: Grammar;
  readonly texts: readonly string[];
  readonly counts: { grammars: number; accepted: number; rejected: number };
}

async function compare({ notation, grammar, texts, counts }: Comparison): Promise<void> {
  if (texts.length === 0) return;
  const { text, unenforced } = targets[notation].write(grammar);
  assert.deepEqual(unenforced, []);
  const answer = await judges.ask({ notation, grammar: text, texts });
  if (!('accepted' in answer)) assert.fail(`${answer.refused}\n${text}`);
  counts.grammars++;
  for (const [index, written] of texts.entries()) {
    const isAccepted: boolean = answer.accepted[index] === true;
    const isOurs = accepts(grammar, written);
    const isMeant = isAccepted && !isOurs && notation === 'structural-tag' && isWiderInTags(grammar, written);
    assert.ok(isAccepted === isOurs || isMeant, `${JSON.stringify(written)}: ours ${isOurs}, theirs ${isAccepted}, against\n${text}`);
    if (isAccepted) counts.accepted++;
    else counts.rejected++;
  }
}

/** Whether a text would be ours too if blanks in JSON were free and half a surrogate pair were a letter. */
function isWiderInTags({ root, rules }: Grammar, written: string): boolean {
  const loosened = { root: loosen(root), rules: new Map([...rules].map(([name, body]) => [name, loosen(body)] as const)) };
  const paired = /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/g;
  const half = /\\u[dD][89a-fA-F][0-9a-fA-F]{2}/g;
  return accepts(
    loosened,
    written
      .replace(paired, '\\u0061')
      .replace(half, '\\u0061')
      .replace(/[\t\r]/g, ' '),
  );
}

function loosen(node: Node): Node {
  switch (node.kind) {
    case 'json':
      return { ...node, whitespace: 'loose' } satisfies JsonNode;
    case 'sequence':
      return { ...node, items: node.items.map(loosen) };
    case 'choice':
      return { ...node, options: node.options.map(loosen) };
    case 'repeat':
      return { ...node, item: loosen(node.item) };
    default:
      return node;
  }
}
