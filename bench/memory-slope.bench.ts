import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from './cpu.ts';
import { type BodyShape, mixBodies } from './gateways-bodies.ts';
import { GatewayLoad, newTally } from './gateways-load.ts';
import { TroubleLoad } from './memory-slope-trouble.ts';
import { figure, type Report, say } from './report.ts';
import { pinSelf, startSide } from './side-process.ts';

/** All requests together. The long run: `ROOKERY_BENCH_REQUESTS=1000000`. */
const requests = Number(process.env.ROOKERY_BENCH_REQUESTS ?? '20000');
const samples = 10;
const key = 'a-key-for-the-benchmark-only';
const pieces = 8;
const gapMs = 2;
const callers = 48;
const troublemakers = 4;
const pollMs = 20;
/** answers under way end before memory is looked at */
const restMs = 500;

const small = { bytes: 200, isStream: false };
const large = { bytes: 16 * 1024, isStream: false };
/** what is asked in turn by those who want an answer */
const mix: readonly BodyShape[] = [small, { ...small, isStream: true }, large, small, { ...large, isStream: true }];

interface Sample {
  readonly requests: number;
  readonly residentMb: number;
  readonly heapMb: number;
}

/** Memory of our server over many requests of all kinds, good and bad: flat where nothing is held on to. */
export default async function memorySlope(): Promise<Report> {
  pinSelf();
  const engine = await startSide({ program: 'gateways-engine-process', input: { pieces, gapMs }, core: 1 });
  const gateway = await startSide({ program: 'gateway-process', input: { engine: engine.url, key }, core: 0 });
  const load = new GatewayLoad({ url: gateway.url, headers: { authorization: `Bearer ${key}` } });
  const trouble = new TroubleLoad(gateway.url, key);
  const makeBody = mixBodies(mix);
  const found: Sample[] = [];
  for (let part = 1; part <= samples; part++) {
    load.tally = newTally();
    load.start({ makeBody, pieces }, { callers });
    trouble.start(troublemakers);
    while (load.ends + trouble.ends < (requests * part) / samples) await sleep(pollMs);
    await Promise.all([load.stop(), trouble.stop()]);
    await sleep(restMs);
    const { heapBytes } = await gateway.collectGarbage();
    found.push({ requests: load.ends + trouble.ends, residentMb: residentBytes(gateway.pid) / 2 ** 20, heapMb: heapBytes / 2 ** 20 });
    say(
      `memory-slope: ${Object.values(found.at(-1) ?? {})
        .map(figure)
        .join(' | ')}`,
    );
  }
  await load.close();
  await trouble.close();
  await Promise.all([gateway.stop(), engine.stop()]);
  if (load.fault !== undefined) throw new Error(`An answer was not right: ${load.fault}`);
  const later = found.slice(Math.floor(samples / 5));
  const slope = (of: (sample: Sample) => number) => (slopeOf(later, of) * 100_000).toFixed(2);
  return {
    title: 'Memory over many requests',
    note:
      `${load.answers} right answers (200 B and 16 KiB, two fifths streamed, with a tool) and ${trouble.ends} requests that end otherwise (${trouble.describe()}), ${callers + troublemakers} at once, to one of our processes ` +
      `with key, metrics and log. After each tenth nobody asks for a moment, garbage is collected, and the process is looked at. Slopes are least squares from the third sample on. Bar: 1 MB per 100,000.`,
    columns: ['requests', 'resident, MB', 'heap, MB'],
    rows: [
      ...found.map((sample) => [sample.requests, figure(sample.residentMb), figure(sample.heapMb)]),
      ['MB per 100,000', slope(({ residentMb }) => residentMb), slope(({ heapMb }) => heapMb)],
    ],
  };
}

/** Least squares, a request. */
function slopeOf(list: readonly Sample[], of: (sample: Sample) => number): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(list.map((sample) => sample.requests)), mean(list.map(of))];
  const over = list.reduce((sum, sample) => sum + (sample.requests - meanX) * (of(sample) - meanY), 0);
  return over / list.reduce((sum, sample) => sum + (sample.requests - meanX) ** 2, 0);
}
