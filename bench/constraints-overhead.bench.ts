import { type Answer, ask } from '../test/constraint-answers.ts';
import { situations } from '../test/constraint-schemas.ts';
import { enginePid, type Program } from '../test/program.ts';
import { requestsEach, withProgram } from './constraints-run.ts';
import { cpuMicroseconds } from './cpu.ts';
import { figure, median, type Report, say } from './report.ts';

const tokensEach = 128;
const rounds = Math.min(7, requestsEach);
const contextTokens = 1024;

/** An answer that is never over within the tokens: both sides write the same number. */
const crowd = {
  type: 'object',
  properties: {
    persons: {
      type: 'array',
      minItems: 40,
      maxItems: 40,
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', pattern: '^[A-Z][a-z]{1,11}$' },
          mood: { enum: ['calm', 'angry', 'afraid', 'glad'] },
          hunger: { type: 'integer', minimum: 0, maximum: 100 },
          thought: { type: 'string', maxLength: 60 },
        },
        required: ['name', 'mood', 'hunger', 'thought'],
        additionalProperties: false,
      },
    },
  },
  required: ['persons'],
  additionalProperties: false,
};

const bound = { response_format: { type: 'json_schema', json_schema: { name: 'crowd', schema: crowd, strict: true } } };
const free = { ignore_eos: true };

/** Tokens a second of the server with a schema's grammar beside the same without. */
export default async function overhead(): Promise<Report> {
  const rows = [];
  for (const parallel of [1, 4]) for (const temperature of [0, 1]) rows.push(await compare(parallel, temperature));
  return {
    title: 'Tokens per second with a grammar',
    note: `SmolLM2-135M, a schema of 40 persons against the same words with \`ignore_eos\`, ${tokensEach} tokens each, prompts known to the slots, ${rounds} alternating rounds, medians of the ratios; by the engine's CPU time too, which neighbours on the machine disturb less. Bar: >= 0.7.`,
    columns: ['parallel', 'temperature', 'with, tokens/s', 'without, tokens/s', 'with / without', 'by CPU time, with / without'],
    rows,
  };
}

async function compare(parallel: number, temperature: number): Promise<(string | number)[]> {
  say(`${parallel} parallel, temperature ${temperature}`);
  const found = await withProgram((program) => measureRounds(program, parallel, temperature), { slots: parallel, contextTokens });
  const middle = (read: (round: Round) => number) => figure(median(found.map(read)));
  return [
    parallel,
    temperature,
    middle((round) => round.bound.perSecond),
    middle((round) => round.free.perSecond),
    middle((round) => round.bound.perSecond / round.free.perSecond),
    middle((round) => round.bound.perCpuSecond / round.free.perCpuSecond),
  ];
}

/** Tokens by the clock, and by the engine's CPU time. */
interface Speed {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

type Round = Readonly<Record<'bound' | 'free', Speed>>;

async function measureRounds(program: Program, parallel: number, temperature: number): Promise<readonly Round[]> {
  const measureBound = () => speedOf(program, parallel, { ...bound, temperature });
  const measureFree = () => speedOf(program, parallel, { ...free, temperature });
  const found: Round[] = [];
  // the first one compiles the grammar and evaluates the prompts
  await measureBound();
  for (let round = 0; round < rounds; round++) {
    // each side is the first in every other round
    const before = round % 2 === 0 ? await measureBound() : undefined;
    const speeds = { free: await measureFree(), bound: before ?? (await measureBound()) };
    say(`  ${figure(speeds.bound.perSecond)} with, ${figure(speeds.free.perSecond)} without`);
    found.push(speeds);
  }
  return found;
}

async function speedOf(program: Program, parallel: number, more: object): Promise<Speed> {
  const bodies = Array.from({ length: parallel }, (_, at) => ({
    messages: [
      {
        role: 'user',
        content: `${situations[at]} Who is there? Answer with JSON: a list of persons, each with name, mood, hunger and thought.`,
      },
    ],
    max_tokens: tokensEach,
    seed: at,
    ...more,
  }));
  const pid = enginePid(program);
  const startedMs = performance.now();
  const startedCpu = cpuMicroseconds(pid);
  const answers = await Promise.all(bodies.map((body) => ask(program.url, body)));
  const cpuSeconds = (cpuMicroseconds(pid) - startedCpu) / 1e6;
  const seconds = (performance.now() - startedMs) / 1000;
  const tokens = answers.reduce((sum, answer) => sum + checkedTokens(answer), 0);
  return { perSecond: tokens / seconds, perCpuSecond: tokens / cpuSeconds };
}

function checkedTokens(answer: Answer): number {
  if (answer.finish === 'length' && answer.completionTokens === tokensEach) return tokensEach;
  throw new Error(`An answer was not written to its limit: ${JSON.stringify(answer)}`);
}
