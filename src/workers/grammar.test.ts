import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, describe, test } from 'node:test';
import { dialects } from '../dialects/index.ts';
import type { Constraint } from '../protocol/constraint.ts';
import { type ErrorCode, GatewayError } from '../protocol/error.ts';
import type { JsonObject, JsonValue } from '../protocol/json.ts';
import { compileGrammar } from '../translate/compile-grammar.ts';
import type { GrammarJob } from '../translate/grammar-job.ts';
import { openGrammarCompiler } from './grammar.ts';
import { jobLimits, keyOfJob } from './grammar-key.ts';

const nothing: GrammarJob = {
  dialect: undefined,
  calls: undefined,
  constraint: undefined,
  thoughts: 'none',
  isInHeader: false,
  notation: 'gbnf',
};

function bind(constraint: Constraint): GrammarJob {
  return { ...nothing, constraint };
}

function bindSchema(schema: JsonValue): GrammarJob {
  return bind({ kind: 'json-schema', schema, strict: true });
}

function call(parameters: JsonObject, count = 1): GrammarJob {
  const tools = Array.from({ length: count }, (_, index) => ({ name: `tool_${index}`, parameters }));
  return { ...nothing, dialect: dialects.hermes, calls: { tools, toolChoice: 'required', parallel: true, start: 'eager' } };
}

/** Needs a thread: formats are not small. */
function large(index = 0): GrammarJob {
  return call({ type: 'object', properties: { at: { type: 'string', format: 'date' }, [`key${index}`]: { type: 'integer' } } }, 20);
}

function name(count: number, make: (index: number) => JsonValue): JsonObject {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, make(index)]));
}

function nest(times: number, wrap: (inner: JsonObject) => JsonObject): JsonObject {
  let schema: JsonObject = {};
  for (let count = 0; count < times; count++) schema = wrap(schema);
  return schema;
}

function isError(code: ErrorCode, words: RegExp) {
  return (error: unknown) => error instanceof GatewayError && error.code === code && words.test(error.message);
}

/** The turns of the event loop until the promise is settled. */
async function countTurns(promise: Promise<unknown>): Promise<number> {
  let isSettled = false;
  const settled = promise.then(
    () => (isSettled = true),
    () => (isSettled = true),
  );
  let turns = 0;
  while (!isSettled) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    turns++;
  }
  await settled;
  return turns;
}

describe('a compiler of grammars', () => {
  const compiler = openGrammarCompiler({ timeLimitMs: 60_000 });
  after(() => compiler.close());

  test('gives what compiling gives, in place and in a thread', async () => {
    for (const [job, isSmall] of [
      [bindSchema({ type: 'object', properties: { a: { type: 'integer' } } }), true],
      [call({ type: 'object', properties: { city: { type: 'string' } } }), true],
      [bind({ kind: 'choice', options: ['yes', 'no'] }), true],
      [bind({ kind: 'regex', pattern: '[a-z]+' }), true],
      [bind({ kind: 'regex', pattern: '([a-z]{1,30} )*' }), false],
      [bind({ kind: 'grammar', grammar: 'root ::= "a"' }), false],
      [large(), false],
    ] as const) {
      assert.equal(keyOfJob(job).isSmall, isSmall);
      assert.deepEqual(await compiler.compile(job), compileGrammar(job));
    }
  });

  test('jobs that say the same are compiled once, also when a thousand ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 1000 }, () => compiler.compile(large(1))));
    assert.equal(new Set(answers).size, 1);
    assert.equal(await compiler.compile(large(1)), answers[0]);
    assert.notEqual(await compiler.compile(large(2)), answers[0]);
    assert.notEqual(await compiler.compile({ ...large(1), isInHeader: true }), answers[0]);
  });

  test('a refusal arrives as it was thrown, and again', async () => {
    for (const job of [
      bindSchema({ type: 'object', properties: { a: { $ref: '#/$defs/none' } } }),
      bindSchema({ type: 'integer', minimum: 3, maximum: 2 }),
      bind({ kind: 'regex', pattern: '(?=a)b' }),
      bind({ kind: 'grammar', grammar: 'root ::= nobody' }),
      bind({ kind: 'grammar', grammar: `root ::= ${'('.repeat(20_000)}"a"${')'.repeat(20_000)}` }),
    ]) {
      let thrown: unknown;
      try {
        compileGrammar(job);
      } catch (error) {
        thrown = error;
      }
      assert.ok(thrown instanceof GatewayError);
      const { code, message, param } = thrown;
      for (let time = 0; time < 2; time++) await assert.rejects(compiler.compile(job), { name: 'GatewayError', code, message, param });
    }
  });

  test('who leaves waits no longer; who stays gets the grammar', async () => {
    const controller = new AbortController();
    const left = compiler.compile(large(3), controller.signal);
    const stayed = compiler.compile(large(3));
    controller.abort();
    await assert.rejects(left, isError('client_closed', /given up/));
    assert.deepEqual(await stayed, compileGrammar(large(3)));
    await assert.rejects(compiler.compile(large(4), AbortSignal.abort()), isError('client_closed', /given up/));
    assert.deepEqual(await compiler.compile(large(4)), compileGrammar(large(4)));
  });
});

describe('hostile input', () => {
  const compiler = openGrammarCompiler({ timeLimitMs: 60_000 });
  after(() => compiler.close());
  const deep = nest(5_000, (items) => ({ type: 'array', items }));
  const refused: readonly (readonly [what: string, job: GrammarJob, words: RegExp])[] = [
    ['a schema 5,000 deep', bindSchema(deep), /nests deeper than 500 levels/],
    ['a tool with a schema 5,000 deep', call(deep), /as tools nests deeper/],
    ['a schema of 10 MB', bindSchema({ enum: ['x'.repeat(10_000_000)] }), new RegExp(`at most ${jobLimits.chars} are taken`)],
    ['a schema of 50,000 parts', bindSchema({ properties: name(60_000, () => true) }), /more than 50000 parts/],
    ['a schema of 300,000 parts', bindSchema({ properties: name(300_000, () => true) }), /more than 100000 parts/],
    ['a cyclic $ref', bindSchema({ $ref: '#/$defs/a', $defs: { a: { allOf: [{ $ref: '#/$defs/a' }] } } }), /cyclic \$ref/],
    ['a pattern of a million letters', bind({ kind: 'regex', pattern: '((a{1,100}){1,100}){1,100}' }), /more than 50000 characters/],
  ];
  for (const [what, job, words] of refused) {
    test(`${what} is refused with the reason`, async () => {
      await assert.rejects(compiler.compile(job), isError('invalid_request', words));
    });
  }

  const easy: readonly (readonly [what: string, job: GrammarJob])[] = [
    ['a billion items', bindSchema({ type: 'array', items: { type: 'string', format: 'uuid' }, minItems: 1e9, maxItems: 1e9 })],
    ['a pattern that ruins matchers', bind({ kind: 'regex', pattern: '((a+)+)+$' })],
    ['a schema that names itself', bindSchema({ type: 'object', properties: { a: { $ref: '#' } } })],
  ];
  for (const [what, job] of easy) {
    test(`${what} is compiled`, async () => {
      assert.match((await compiler.compile(job)).text, /^root ::= /);
    });
  }

  const slow: readonly (readonly [what: string, job: GrammarJob])[] = [
    ['patterns that explode', bindSchema({ type: 'string', pattern: '(a|b)*a(a|b){14}', maxLength: 400 })],
    ['300 properties of a tool', call({ type: 'object', properties: name(300, (at) => ({ type: 'integer', maximum: at })) })],
  ];
  for (const [what, job] of slow) {
    test(`${what}: the event loop turns while they are compiled`, async () => {
      const answer = compiler.compile(job);
      assert.ok((await countTurns(answer)) > 5);
      assert.match((await answer).text, /^root ::= /);
    });
  }
});

test('what takes too long is refused, also the next time; another job is served by a new thread', async () => {
  const compiler = openGrammarCompiler({ timeLimitMs: 1 });
  for (let time = 0; time < 2; time++) {
    await assert.rejects(compiler.compile(large()), isError('invalid_request', /longer than 0\.001 s .*Simplify/));
  }
  await assert.rejects(compiler.compile(large(1)), isError('invalid_request', /0\.001 s/));
  await compiler.close();
});

test('what needs too much memory is refused, and the process and the compiler live', async () => {
  const compiler = openGrammarCompiler({ timeLimitMs: 60_000, memoryLimitMb: 16 });
  const hungry = bind({ kind: 'choice', options: Array.from({ length: 90_000 }, (_, index) => `${index.toString(36)} ${'x'.repeat(30)}`) });
  await assert.rejects(compiler.compile(hungry), isError('invalid_request', /more than 16 MB/));
  assert.ok((await compiler.compile(bind({ kind: 'grammar', grammar: 'root ::= "a"' }))).text.includes('"a"'));
  await compiler.close();
});

test('more than may wait are turned away, and the oldest grammars are forgotten', async () => {
  const crowded = openGrammarCompiler({ timeLimitMs: 60_000, mostWaiting: 1 });
  const answers = await Promise.allSettled([0, 1, 2, 3].map((index) => crowded.compile(large(index))));
  const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as GatewayError] : []));
  assert.deepEqual(
    refusals.map(({ code }) => code),
    ['queue_full'],
  );
  await crowded.close();

  const forgetful = openGrammarCompiler({ mostKept: 2 });
  const jobs = [1, 2, 3].map((most) => bindSchema({ type: 'array', maxItems: most }));
  const [first] = await Promise.all(jobs.map((job) => forgetful.compile(job)));
  const again = await Promise.all(jobs.map((job) => forgetful.compile(job)));
  assert.notEqual(again[0], first);
  assert.deepEqual(again[0], first);
});

test('closing refuses jobs under way and later ones', async () => {
  const compiler = openGrammarCompiler();
  const refused = [0, 1, 2].map((index) => assert.rejects(compiler.compile(large(index)), isError('shutting_down', /closed/)));
  await compiler.close();
  await Promise.all(refused);
  await assert.rejects(compiler.compile(large(9)), isError('shutting_down', /closed/));
});

test('a compiler that was used and not closed does not keep the process alive', () => {
  const code = `
    const { openGrammarCompiler } = await import(${JSON.stringify(new URL('./grammar.js', import.meta.url).href)});
    const { text } = await openGrammarCompiler({ timeLimitMs: 60000 }).compile(${JSON.stringify(bind({ kind: 'grammar', grammar: 'root ::= "a"' }))});
    process.stdout.write(text.split('\\n')[0]);`;
  const { stdout, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.deepEqual([stdout, status, stderr], ['root ::= u-root', 0, '']);
});
