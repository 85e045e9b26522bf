import { share } from './constraints-run.ts';
import { figure, median } from './report.ts';
import type { Held, Measured } from './side-by-side-measure.ts';
import type { Verdict } from './side-by-side-verdict.ts';

/** Columns of the table. */
export const columns = [
  '',
  'at once',
  'answers',
  'correct: required',
  'correct: auto',
  'right tool',
  'wrong',
  'lost',
  'none',
  'errors',
  'prompt tokens',
  'TTFT, ms',
  'tokens/s',
  '× llama-server',
  'with prompts, tokens/s',
  '× llama-server',
  'by CPU time, × llama-server',
];

/** A row of the table; speeds also as ratios to the `baseline` of the same number at once. */
export function writeRow(measured: Measured, baseline: Measured | undefined): readonly (string | number)[] {
  const { name, parallel, held, fault } = measured;
  if (fault !== undefined) return [name, parallel, `did not start: ${fault}`, ...columns.slice(3).map(() => '-')];
  const count = (verdict: Verdict) => held.filter((each) => each.verdict === verdict).length;
  const own = readSpeeds(measured);
  const other = baseline && readSpeeds(baseline);
  return [
    ...[name, parallel, held.length, shareCorrect(held, 'required'), shareCorrect(held, 'auto')],
    share(held.filter((each) => each.verdict === 'correct' && isRightTool(each)).length, held.length),
    ...[count('wrong'), count('lost'), count('none'), count('error')],
    figure(median(held.flatMap(({ answer }) => (answer.promptTokens > 0 ? [answer.promptTokens] : [])))),
    figure(median(held.flatMap(({ answer }) => answer.firstMs ?? []))),
    ...[figure(own.written), figure(own.written / (other?.written ?? Number.NaN))],
    ...[figure(own.all), figure(own.all / (other?.all ?? Number.NaN))],
    figure(own.allByCpu / (other?.allByCpu ?? Number.NaN)),
  ];
}

/** Which plan our server met the conversations by, for each engine behind it. */
export function describePlans(measured: readonly Measured[]): string {
  const versions = new Set(measured.flatMap(({ version }) => (version === '' ? [] : [version])));
  const plans = new Set(
    measured.flatMap(({ name, held }) => held.flatMap(({ answer: { plan } }) => (plan === undefined ? [] : [`${name}: \`${plan}\``]))),
  );
  return `Versions: ${[...versions].join(', ')}. Plans: ${[...plans].join(', ')}.`;
}

function shareCorrect(held: readonly Held[], choice: 'auto' | 'required'): string {
  const those = held.filter(({ conversation }) => conversation.toolChoice === choice);
  return share(those.filter(({ verdict }) => verdict === 'correct').length, those.length);
}

function isRightTool({ conversation, answer }: Held): boolean {
  return answer.calls[0]?.name === conversation.rightTool;
}

interface Speeds {
  /** tokens of the answers a second */
  readonly written: number;
  /** those with the prompts' */
  readonly all: number;
  /** the same for each second of CPU time, which neighbours on the machine disturb less */
  readonly allByCpu: number;
}

function readSpeeds({ held, seconds, cpuSeconds }: Measured): Speeds {
  const sum = (read: (each: Held) => number) => held.reduce((total, each) => total + read(each), 0);
  const written = sum(({ answer }) => answer.completionTokens);
  const all = written + sum(({ answer }) => answer.promptTokens);
  return { written: written / seconds, all: all / seconds, allByCpu: all / cpuSeconds };
}
