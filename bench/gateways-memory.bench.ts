import { setTimeout as sleep } from 'node:timers/promises';
import { type BodyShape, mixBodies } from './gateways-bodies.ts';
import { newTally, type Tally } from './gateways-load.ts';
import { pieces } from './gateways-measure.ts';
import { withSides } from './gateways-sides.ts';
import type { Side } from './gateways-window.ts';
import { treeCpuMicroseconds, treeResidentBytes } from './process-tree.ts';
import { figure, type Report, say } from './report.ts';

/** Requests to each gateway. */
const requests = Number(process.env.ROOKERY_BENCH_REQUESTS ?? '2000');
/** with fewer it says nothing */
const fewestForSlope = 10_000;
const callers = 64;
const pollMs = 20;
const progressMs = 10_000;
/** after the last answer */
const restMs = 3000;

const small = { bytes: 200, isStream: false };
const large = { bytes: 16 * 1024, isStream: false };
/** what is asked in turn */
const mix: readonly BodyShape[] = [
  small,
  large,
  { ...small, isStream: true },
  small,
  large,
  small,
  { ...large, isStream: true },
  small,
  large,
  small,
];

const columns = [
  'gateway',
  'idle, MB',
  'after a tenth, MB',
  'after half, MB',
  'after all, MB',
  `${restMs / 1000} s later, MB`,
  'second half, MB per 100,000',
  'CPU a request, µs',
  'answers',
  'wrong',
  'lost',
  'refused',
];

/** Memory of each gateway after many requests, and whether every one of them had its right answer. The long run: `ROOKERY_BENCH_REQUESTS=100000`. */
export default function gatewaysMemory(): Promise<Report> {
  return withSides(async (sides, missing) => {
    const rows: (string | number)[][] = [];
    for (const side of sides) {
      rows.push(await measureSide(side));
      say(rows.at(-1)?.join(' | ') ?? '');
    }
    for (const { name, reason } of missing) rows.push([name, `not run: ${reason}`, ...columns.slice(2).map(() => '-')]);
    const note = `${requests} requests to each, one gateway after another, ${callers} at once, of which a fifth are streams of ${pieces} chunks; bodies of 200 B and 16 KiB. Resident memory of all processes of the gateway. The long run is \`ROOKERY_BENCH_REQUESTS=100000 npm run bench -- gateways-memory --write\`; versions and commands stand with the table of gateways.`;
    return { title: 'Memory of gateways', note, columns, rows };
  });
}

async function measureSide({ lane, load }: Side): Promise<(string | number)[]> {
  const megabytes = () => treeResidentBytes(lane.roots) / 2 ** 20;
  const idle = megabytes();
  const startedCpu = treeCpuMicroseconds(lane.roots);
  const tally = newTally();
  load.tally = tally;
  load.start({ makeBody: mixBodies(mix), pieces }, { callers });
  const sizes = [];
  for (const share of [0.1, 0.5, 1]) {
    await untilEnded(lane.name, tally, Math.ceil(requests * share));
    sizes.push(megabytes());
  }
  await load.stop();
  const cost = (treeCpuMicroseconds(lane.roots) - startedCpu) / countEnded(tally);
  const [tenth = Number.NaN, half = Number.NaN, all = Number.NaN] = sizes;
  await sleep(restMs);
  const slope = requests < fewestForSlope ? '-' : (((all - half) / (requests / 2)) * 100_000).toFixed(1);
  const { right, wrong, lost, refused } = tally.outcomes;
  return [lane.name, ...[idle, tenth, half, all, megabytes()].map(figure), slope, figure(cost), right, wrong, lost, refused];
}

async function untilEnded(name: string, tally: Tally, count: number): Promise<void> {
  const timer = setInterval(() => say(`${name}: ${countEnded(tally)} of ${requests}`), progressMs);
  while (countEnded(tally) < count) await sleep(pollMs);
  clearInterval(timer);
}

function countEnded({ outcomes }: Tally): number {
  return outcomes.right + outcomes.wrong + outcomes.lost + outcomes.refused;
}
