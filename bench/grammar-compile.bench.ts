import type { DialectDefinition } from 'rookery/dialects';
import { dialects } from 'rookery/dialects';
import type { JsonObject } from '#dist/protocol/json.js';
import type { Tool } from '#dist/protocol/message.js';
import { compileGrammar } from '#dist/translate/compile-grammar.js';
import type { GrammarJob } from '#dist/translate/grammar-job.js';
import { openGrammarCompiler } from '#dist/workers/grammar.js';
import { figure, type Report, say } from './report.ts';

const toolCount = 100;
const warmUps = 8;
const runs = 15;
const cachedRuns = 100;
const names = ['hermes', 'qwen3-coder', 'llama-3-json', 'mistral'] as const;

/** What compiling the grammar of a hundred tools costs: each time from new objects, and known. */
export default async function grammarCompile(): Promise<Report> {
  const rows: (string | number)[][] = [];
  for (const name of names) {
    for (const start of ['eager', 'regions'] as const) {
      say(`grammar-compile: ${name}, ${start}`);
      rows.push(await measure(dialects[name], name, start));
    }
  }
  return {
    title: 'Compiling the grammar of a hundred tools',
    note:
      `${toolCount} tools of three to six parameters (enums, nested objects, arrays, formats, bounds), ${Math.round(JSON.stringify(makeTools(0)).length / 1024)} KB as JSON. Compiled: on one ` +
      `thread, warm, nothing remembered, the best of ${runs} runs, as other work on the machine only adds. Ratio: to writing and reading the same tools as JSON, in the same run. Known: the compiler's answer to the ` +
      'same tools, as the same list and as an equal one.',
    columns: ['dialect', 'grammar', 'characters', 'compiled, ms', '× JSON round trip', 'known list, ms', 'known, equal list, ms'],
    rows,
  };
}

async function measure(dialect: DialectDefinition, name: string, start: 'eager' | 'regions'): Promise<(string | number)[]> {
  let characters = 0;
  const compileMs: number[] = [];
  const jsonMs: number[] = [];
  for (let run = 0; run < warmUps + runs; run++) {
    const job = makeJob(dialect, start, run);
    jsonMs.push(time(() => JSON.parse(JSON.stringify(job.calls?.tools))));
    compileMs.push(time(() => (characters = compileGrammar(job).text.length)));
  }
  const compiled = Math.min(...compileMs.slice(warmUps));
  const json = Math.min(...jsonMs.slice(warmUps));
  const known = await measureKnown(dialect, start);
  return [name, start, characters, figure(compiled), figure(compiled / json), figure(known.same), figure(known.equal)];
}

async function measureKnown(dialect: DialectDefinition, start: 'eager' | 'regions'): Promise<{ same: number; equal: number }> {
  const compiler = openGrammarCompiler({ timeLimitMs: 60_000 });
  const job = makeJob(dialect, start, 0);
  await compiler.compile(job);
  const same = await timeEach(() => compiler.compile(job));
  const equals = Array.from({ length: cachedRuns }, () => makeJob(dialect, start, 0));
  const equal = await timeEach((run) => compiler.compile(equals[run] ?? job));
  await compiler.close();
  return { same, equal };
}

/** The best of many. */
async function timeEach(work: (run: number) => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < cachedRuns; run++) {
    const begun = performance.now();
    await work(run);
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}

function time(work: () => unknown): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

function makeJob(dialect: DialectDefinition, start: 'eager' | 'regions', seed: number): GrammarJob {
  const toolChoice = start === 'eager' ? 'required' : 'auto';
  const calls = { tools: makeTools(seed), toolChoice, parallel: true, start } as const;
  return { dialect, calls, constraint: undefined, thoughts: 'none', isInHeader: false, notation: 'gbnf' };
}

const nouns = [
  'order',
  'customer',
  'invoice',
  'ticket',
  'document',
  'repository',
  'message',
  'event',
  'deployment',
  'sensor',
  'account',
  'product',
];
const verbs = ['get', 'list', 'search', 'create', 'update', 'delete', 'assign', 'export', 'sync'];

/** Tools as an agent's servers offer them; another seed gives other ones. */
function makeTools(seed: number): readonly Tool[] {
  return Array.from({ length: toolCount }, (_, index) => {
    const noun = nouns[index % nouns.length] ?? '';
    const verb = verbs[Math.floor(index / nouns.length) % verbs.length] ?? '';
    const all = listParameters(noun, seed + index);
    const keys = Array.from({ length: 3 + (index % 4) }, (_, at) => (index * 5 + at * 7) % all.length);
    const chosen = keys.flatMap((key) => all.slice(key, key + 1));
    const described = chosen.map(([key, schema]) => [
      key,
      { ...schema, description: `The ${key} of the ${noun} to ${verb}, as the user said it.` },
    ]);
    const parameters: JsonObject = {
      type: 'object',
      properties: Object.fromEntries(described) as JsonObject,
      required: chosen.slice(0, 2).map(([key]) => key),
    };
    return { name: `${verb}_${noun}`, description: `To ${verb} a ${noun} of the shop. Use it when the user asks for it.`, parameters };
  });
}

function listParameters(noun: string, seed: number): readonly (readonly [name: string, schema: JsonObject])[] {
  const point = { type: 'object', properties: { lat: { type: 'number' }, lon: { type: 'number' } }, required: ['lat', 'lon'] };
  const filter = { field: { type: 'string', enum: ['name', 'date', noun] }, value: { type: 'string' }, exact: { type: 'boolean' } };
  const address = { street: { type: 'string' }, city: { type: 'string' }, zip: { type: 'string', pattern: '^[0-9]{5}$' }, geo: point };
  const line = {
    type: 'object',
    properties: { sku: { type: 'string' }, quantity: { type: 'integer', minimum: 1 } },
    required: ['sku', 'quantity'],
  };
  return [
    ['id', { type: 'string' }],
    ['status', { type: 'string', enum: ['open', 'closed', 'pending', `${noun}_archived`, `stage_${seed}`] }],
    ['limit', { type: 'integer', minimum: 1, maximum: 100 * (1 + (seed % 5)) }],
    ['tags', { type: 'array', items: { type: 'string' }, maxItems: 10 }],
    ['filter', { type: 'object', properties: filter, required: ['field', 'value'] }],
    ['amount', { type: 'number', minimum: 0 }],
    ['dry_run', { type: 'boolean', default: false }],
    ['due', { type: 'string', format: 'date' }],
    ['address', { type: 'object', properties: address, required: ['city'] }],
    ['lines', { type: 'array', minItems: 1, items: line }],
    [`${noun}_name`, { type: 'string', minLength: 1, maxLength: 80 }],
    ['owner', { anyOf: [{ type: 'string' }, { type: 'null' }] }],
  ];
}
