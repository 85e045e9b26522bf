import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeReply } from 'rookery/testing';
import { cpuMicroseconds } from './cpu.ts';
import { Load } from './load.ts';
import { figure, median, type Report, say } from './report.ts';
import { pinSelf, type SideProcess, startSide } from './side-process.ts';

const rounds = 5;
/** how long the runtime takes to compile what is hot, under full load */
const compileMs = 3500;
const mark = '~';
const key = 'a-key-for-the-benchmark-only';

/** One kind of traffic. */
interface Traffic {
  readonly name: string;
  readonly reply: FakeReply;
  readonly connections: number;
  readonly isStream: boolean;
  /** what the cost is divided by */
  readonly unit: 'answers' | 'marks';
  readonly budget: string;
  readonly warmMs: number;
  readonly windowMs: number;
}

const piecesOf = (count: number) => Array.from({ length: count }, (_, at) => ` piece${at % 10}${mark}`);

const whole = { connections: 64, isStream: false, unit: 'answers', budget: '3', warmMs: 150, windowMs: 700 } as const;
const stream = { connections: 50, isStream: true, unit: 'marks', budget: '2' } as const;

const traffics: readonly Traffic[] = [
  { name: 'buffered request, 8 tokens', reply: { pieces: piecesOf(8) }, ...whole },
  { name: 'buffered request, 128 tokens', reply: { pieces: piecesOf(128) }, ...whole },
  { name: 'streamed chunk, one every 10 ms', reply: { pieces: piecesOf(300), delayMs: 10 }, ...stream, warmMs: 300, windowMs: 1000 },
  { name: 'streamed chunk, in bursts of 256', reply: { pieces: piecesOf(256) }, ...stream, warmMs: 150, windowMs: 700 },
];

/** CPU of our server for each buffered request and each streamed chunk, beside a pass-through that parses nothing and beside the engine alone. */
export default async function proxyCpu(): Promise<Report> {
  pinSelf();
  const rows = [];
  for (const traffic of traffics) rows.push(await measureTraffic(traffic));
  return {
    title: 'CPU per request and per chunk',
    note:
      `The openai engine in front of a fake engine, key and log on, HTTP on both sides, against a bare \`node:http\` + undici pass-through and the ` +
      `fake engine called directly. CPU of that process alone (/proc), ${rounds} alternating windows each; medians, and the median of the ratios. ` +
      'Where it is over: a buffered request is decoded, planned, queued, logged and written anew, with no single part over a tenth (GC 6 %, the two socket writes 22 %); in bursts the pass-through copies 256 events as one piece of bytes, and we read every one.',
    columns: ['of each', 'Rookery, µs', 'bare, µs', 'raw engine, µs', 'Rookery / bare', 'budget', 'Rookery / raw engine'],
    rows,
  };
}

async function measureTraffic(traffic: Traffic): Promise<(string | number)[]> {
  const fake = await startSide({ program: 'fake-process', input: { replies: traffic.reply }, core: 1 });
  const input = { engine: fake.url, key };
  const gateway = await startSide({ program: 'gateway-process', input, core: 0 });
  const relay = await startSide({ program: 'relay-process', input, core: 0 });
  const sides = [gateway, relay, fake].map((side) => openSide(side, traffic));
  const costs: number[][] = [];
  for (let round = -1; round < rounds; round++) {
    say(`proxy-cpu: ${traffic.name}, ${round < 0 ? 'warming up' : `round ${round + 1} of ${rounds}`}`);
    const cost = [];
    for (const side of sides) cost.push(await costInWindow(side, { ...traffic, warmMs: round < 0 ? compileMs : traffic.warmMs }));
    if (round >= 0) costs.push(cost);
  }
  await Promise.all(sides.map(({ load }) => load.close()));
  await Promise.all([gateway, relay, fake].map((side) => side.stop()));
  return toRow(traffic, costs);
}

interface Side {
  readonly pid: number;
  readonly load: Load;
}

function openSide({ pid, url }: SideProcess, { connections, isStream, reply }: Traffic): Side {
  return { pid, load: new Load({ url, key, connections, isStream, mark, marks: reply.pieces?.length ?? 0 }) };
}

/** Microseconds of CPU for each unit, once the load is under way. */
async function costInWindow({ pid, load }: Side, { unit, warmMs, windowMs }: Traffic): Promise<number> {
  load.start();
  await sleep(warmMs);
  const before = { cpu: cpuMicroseconds(pid), units: load[unit] };
  await sleep(windowMs);
  const cost = (cpuMicroseconds(pid) - before.cpu) / (load[unit] - before.units);
  await load.stop();
  return cost;
}

function toRow({ name, budget }: Traffic, costs: readonly (readonly number[])[]): (string | number)[] {
  const ours = costs.map(([gateway = Number.NaN]) => gateway);
  const relay = costs.map(([, bare = Number.NaN]) => bare);
  const raw = costs.map(([, , engine = Number.NaN]) => engine);
  const ratio = (others: readonly number[]) => figure(median(ours.map((cost, at) => cost / (others[at] ?? Number.NaN))));
  return [name, figure(median(ours)), figure(median(relay)), figure(median(raw)), ratio(relay), `<= ${budget}`, ratio(raw)];
}
