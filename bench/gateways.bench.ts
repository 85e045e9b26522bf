import { requestsEach } from './constraints-run.ts';
import { bareName } from './gateways-lanes.ts';
import { measureTraffic, pieces, type Traffic } from './gateways-measure.ts';
import { columns, writeRow } from './gateways-rows.ts';
import { gapMs, type Missing, withSides } from './gateways-sides.ts';
import type { Side } from './gateways-window.ts';
import { figure, type Report, say } from './report.ts';

/** windows are as long as is written for this number of ROOKERY_BENCH_REQUESTS, and in proportion for others */
const usualRequests = 200;
const scale = Math.min(5, requestsEach / usualRequests);

/** most is compiled in the first of each kind */
const sizes = [
  { bytes: 200, name: '200 B', buffered: 64, streamed: 64, warmAnswers: 10_000 },
  { bytes: 16 * 1024, name: '16 KiB', buffered: 64, streamed: 64, warmAnswers: 2000 },
  { bytes: 256 * 1024, name: '256 KiB', buffered: 16, streamed: 32, warmAnswers: 500 },
];

const traffics: readonly Traffic[] = [
  ...sizes.map(({ name, buffered, ...more }) => ({ ...more, name: `whole answer, ${name}`, isStream: false, callers: buffered })),
  ...sizes.map(({ name, streamed, warmAnswers, ...more }) => ({
    ...more,
    name: `streamed chunk, ${name}`,
    isStream: true,
    callers: streamed,
    warmAnswers: warmAnswers / 5,
  })),
];

/** Our server and the gateways that users know, before one engine that answers at once: CPU, latency, memory, and whether every answer is the right one. */
export default function gateways(): Promise<Report> {
  return withSides(async (sides, missing) => {
    const rows: (readonly (string | number)[])[] = [];
    const rates: string[] = [];
    for (const traffic of traffics) {
      const { measured, commonPerSecond } = await measureTraffic(sides, traffic, { scale, tell: (text) => say(`gateways: ${text}`) });
      const bare = measured.find(({ lane }) => lane.name === bareName);
      const found = measured.map((each) => writeRow(traffic, each, bare));
      rows.push(...found);
      rates.push(`${traffic.name} ${figure(commonPerSecond)}/s`);
      // a run takes long: what it has found is seen if it does not come to its end
      for (const row of found) say(row.join(' | '));
    }
    for (const { name, reason } of missing) rows.push(['all', name, `not run: ${reason}`, ...columns.slice(3).map(() => '-')]);
    tellFaults(sides);
    return { title: 'Gateways side by side', note: writeNote(sides, missing, rates), columns, rows };
  });
}

/** The table only counts the answers that were not right. */
function tellFaults(sides: readonly Side[]): void {
  for (const { lane, load } of sides) if (load.fault !== undefined) say(`${lane.name}, its first fault: ${load.fault}`);
}

function writeNote(sides: readonly Side[], missing: readonly Missing[], rates: readonly string[]): string {
  const versions = sides.map(({ lane }) => `- ${lane.name}: ${lane.version}; ${lane.does}. \`${lane.command}\``);
  const absent = missing.map(({ name, reason }) => `- ${name}: **not run**: ${reason}`);
  return [`${situation} ${reading} Common rates: ${rates.join(', ')}.`, '', ...versions, ...absent].join('\n');
}

const situation = `Chat requests with a tool, ${pieces} pieces an answer, of streams one every ${gapMs} ms. Each request has a mark of its own; an answer is right with that mark, all pieces and a proper end. Gateways run on the first core, one worker each; an engine that only copies the mark and the generator on the second. All run at once and are asked in turn, each round with another one first. Full load: 64 at once (with 256 KiB 16, of streams 32), each caller asking again when answered. 8 % and 50 %: at a fixed rate, of what that gateway itself could do; common: at half of what the slowest one could.`;

const reading =
  'CPU is that of the gateway with all its processes, for each answer or each chunk of a stream, its part of the request included; the kernel counts in steps of 10 ms, which the figures at 8 % show; ratios are medians over the rounds. Latency is to the end of an answer, of a stream to its first chunk, from when it was asked. Where core 2 is full and core 1 is not, answers/s and the latency at full load are those of engine and generator. Bars: at most 3 × bare for an answer, 2 × for a chunk. Refused: any status but 200.';
