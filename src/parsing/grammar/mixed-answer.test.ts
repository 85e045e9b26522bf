import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DialectDefinition, Span } from '../../dialects/dialect.ts';
import { dialects } from '../../dialects/index.ts';
import { derive } from '../../grammars/derive.ts';
import type { Grammar } from '../../grammars/ir.ts';
import { accepts } from '../../grammars/match.ts';
import { seededRandom } from '../../grammars/random-grammars.test.support.ts';
import { sample } from '../../grammars/sample.ts';
import ebnf from '../../grammars/targets/ebnf.ts';
import gbnf from '../../grammars/targets/gbnf.ts';
import structuralTag from '../../grammars/targets/structural-tag.ts';
import { validateJson } from '../../grammars/validate/validate-json.ts';
import type { JsonValue } from '../../protocol/json.ts';
import type { Tool } from '../../protocol/message.ts';
import { compileDialect } from '../compile-dialect.ts';
import { listOf } from '../format.ts';
import { readTurn } from '../read-turn.ts';
import { spellMark } from '../take-mark.ts';
import { type CallGrammar, type CallGrammarOptions, callGrammar } from './call-grammar.ts';
import { describeMixing, isToldByOpener, type Mixing } from './mixed-answer.ts';

const tools: readonly Tool[] = [
  {
    name: 'find',
    parameters: {
      type: 'object',
      properties: { days: { type: 'integer' }, note: { type: 'string' } },
      required: ['days'],
      additionalProperties: false,
    },
  },
  { name: 'stop_all', parameters: { type: 'object', properties: {}, additionalProperties: false } },
];
const text = 'So it is: 2 < 3, a[0], <b>bold</b>, </answer>, functools.cache.\n';
const find = { name: 'find', argumentsJson: '{"days": 3, "note": "two words"}' };
const stop = { name: 'stop_all', argumentsJson: '{}' };

const all = Object.entries(dialects) as readonly (readonly [string, DialectDefinition])[];
const told = all.filter(([, dialect]) => isToldByOpener(dialect));

const made = new Map<string, CallGrammar>();

function makeMixed(dialect: DialectDefinition, options: Partial<CallGrammarOptions> = {}): CallGrammar {
  const key = `${all.findIndex(([, each]) => each === dialect)} ${JSON.stringify(options)}`;
  const written = made.get(key) ?? callGrammar({ dialect, tools, parallel: true, mode: 'mixed', ...options });
  made.set(key, written);
  return written;
}

function mix(dialect: DialectDefinition, options?: Partial<CallGrammarOptions>): Grammar {
  return makeMixed(dialect, options).grammar;
}

interface WrittenCall {
  readonly name: string;
  readonly argumentsJson: string;
}

/** A call as the model writes it; `known` are the tools that it has in mind. */
function render(dialect: DialectDefinition, call: WrittenCall, known = tools): string {
  return compileDialect(dialect).renderCalls([call], known) ?? assert.fail('the call could not be rendered');
}

/** Calls that are wrong: a name of no tool, an argument of another type. */
function renderWrong(dialect: DialectDefinition): readonly string[] {
  const note = { type: 'string' };
  const renamed = render(dialect, { ...find, name: 'found' }, [{ ...tools[0], name: 'found' }]);
  const loose: Tool = { name: 'find', parameters: { type: 'object', properties: { days: note, note } } };
  return [renamed, render(dialect, { ...find, argumentsJson: '{"days": "three", "note": "two"}' }, [loose])];
}

function describe(dialect: DialectDefinition): Mixing {
  return describeMixing(dialect, dialect.layout.kind === 'inline' ? listOf(dialect.layout.tools) : [], true);
}

/** The calls that our parser reads in an answer. */
function readCalls(dialect: DialectDefinition, written: string) {
  return readTurn(compileDialect(dialect), [written], { tools }).calls.map(({ name, argumentsJson, isKnown, state }) => {
    return { name, arguments: JSON.parse(argumentsJson) as JsonValue, isKnown, state };
  });
}

function asRead({ name, argumentsJson }: WrittenCall) {
  return { name, arguments: JSON.parse(argumentsJson) as JsonValue, isKnown: true, state: 'complete' };
}

for (const [name, dialect] of told) {
  test(`${name}: text, and text with calls in it, is allowed and read with the same calls`, () => {
    const grammar = mix(dialect);
    const [first, second] = [render(dialect, find), render(dialect, stop)];
    const answers = [
      ['', []],
      [text, []],
      [first, [find]],
      [text + first, [find]],
      [`${text}${second}\n${first}`, [stop, find]],
      [`${second}\n${text}${first}\n${text}`, [stop, find]],
    ] as const;
    for (const [written, calls] of describe(dialect).isEndless ? answers.slice(0, -1) : answers) {
      assert.ok(accepts(grammar, written), written);
      assert.deepEqual(readCalls(dialect, written), calls.map(asRead), written);
    }
  });

  test(`${name}: a name that is no tool's and an argument of another type are refused`, () => {
    const grammar = mix(dialect);
    for (const written of renderWrong(dialect)) {
      for (const answer of [written, text + written, `${render(dialect, find)}\n${written}`])
        assert.equal(accepts(grammar, answer), false, answer);
    }
  });

  test(`${name}: no other opener of the format gets past the text`, () => {
    const grammar = mix(dialect);
    const { beginnings } = describe(dialect);
    for (const beginning of beginnings) {
      for (const answer of [beginning, `${text}${beginning}`, `${beginning} no call`])
        assert.equal(accepts(grammar, answer), false, answer);
    }
    assert.ok(beginnings.length > 0);
  });

  test(`${name}: where one call is wanted the answer ends behind it`, () => {
    const one = mix(dialect, { parallel: false });
    const named = mix(dialect, { toolChoice: { name: 'find' } });
    const written = render(dialect, find);
    for (const grammar of [one, named]) {
      assert.ok(accepts(grammar, text) && accepts(grammar, text + written));
      for (const behind of [written, `\n${written}`, ` ${text}`]) assert.equal(accepts(grammar, text + written + behind), false, behind);
    }
    assert.deepEqual(
      [one, named].map((grammar) => accepts(grammar, render(dialect, stop))),
      [true, false],
    );
  });

  test(`${name}: behind its opener the rest of the region is bound, and what follows is as free as before`, () => {
    const { grammar, triggers } = makeMixed(dialect);
    const [trigger = ''] = triggers;
    const rest = derive(grammar, trigger) ?? assert.fail('no answer begins with the opener');
    const behind = (written: string) => written.slice(written.indexOf(trigger) + trigger.length);
    const written = render(dialect, find);
    assert.ok(accepts(rest, behind(written)));
    assert.ok(accepts(rest, `${behind(written)}\n${describe(dialect).isEndless ? '' : text}${render(dialect, stop)}`));
    for (const wrong of renderWrong(dialect)) assert.equal(accepts(rest, behind(wrong)), false);
    assert.ok(gbnf.write(rest).text.length > 0);
  });

  test(`${name}: every notation takes it, and what it allows is read as known calls with valid arguments`, () => {
    const grammar = mix(dialect);
    for (const target of [structuralTag, ebnf, gbnf]) assert.deepEqual(target.write(grammar).unenforced, []);
    const random = seededRandom(7);
    let read = 0;
    for (let run = 0; run < 6; run++) {
      const written = sample(grammar, random, { maxChars: 200, maxRepeat: 2 });
      for (const call of readCalls(dialect, written)) {
        assert.ok(call.isKnown && call.state === 'complete', written);
        const tool = tools.find((candidate) => candidate.name === call.name);
        assert.deepEqual(validateJson(tool?.parameters ?? false, call.arguments), [], written);
        read++;
      }
    }
    assert.ok(read > 0);
  });
}

for (const [name, dialect] of told) {
  const [block] = dialect.layout.kind === 'inline' ? listOf<Span>(dialect.layout.reasoning) : [];
  if (!block) continue;
  test(`${name}: thoughts stand before text and calls`, () => {
    const thoughts = `I may call find, or write text.${spellMark(block.close)}`;
    const call = render(dialect, find);
    const open = mix(dialect, { reasoning: 'open' });
    const optional = mix(dialect, { reasoning: 'optional' });
    const opened = block.opened === 'always' ? thoughts : spellMark(block.open) + thoughts;
    for (const behind of ['', text, call, text + call]) {
      assert.ok(accepts(open, thoughts + behind), behind);
      assert.ok(accepts(optional, opened + behind), behind);
    }
    assert.equal(accepts(optional, text + call), block.opened !== 'always');
    assert.deepEqual(readCalls(dialect, opened + call), [asRead(find)]);
  });
}

test('formats without an opener, and framed ones, are bound by nothing and have no trigger', () => {
  const others = all.filter(([, dialect]) => !isToldByOpener(dialect));
  assert.deepEqual(
    others.map(([name]) => name),
    [
      'arch-function-chat',
      'envelope',
      'functionary-3-2',
      'hammer',
      'harmony',
      'inkling',
      'llama-3-json',
      'muse-glimmer',
      'pythonic',
      'xlam',
    ],
  );
  for (const [, dialect] of others) {
    const { grammar, triggers, unenforced } = callGrammar({ dialect, tools, mode: 'mixed' });
    assert.deepEqual([triggers, unenforced, accepts(grammar, text)], [[], [], true]);
  }
});

test('a call whose opener the model leaves out is bound where its format has such models', () => {
  const dialect = dialects['qwen3-coder'];
  const grammar = mix(dialect);
  const bare = render(dialect, find).replace('<tool_call>\n', '');
  assert.ok(accepts(grammar, text + bare));
  assert.deepEqual(readCalls(dialect, text + bare), [asRead(find)]);
  assert.equal(accepts(grammar, bare.replace('3', 'three')), false);
  assert.equal(accepts(mix(dialects.hermes), render(dialects.hermes, find).replace('<tool_call>\n', '')), true, 'JSON is text');
});

test('an opener that is an ordinary word stays one', () => {
  for (const dialect of [dialects['firefunction-2'], dialects['phi-4-mini']]) {
    const grammar = mix(dialect);
    assert.ok(accepts(grammar, 'The module functools has functools.cache.'));
    assert.equal(accepts(grammar, 'functools [1]'), false);
  }
});
