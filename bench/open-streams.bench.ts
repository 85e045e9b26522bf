import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from './cpu.ts';
import { Load, type LoadOptions } from './load.ts';
import { figure, type Report, say } from './report.ts';
import { pinSelf, type SideProcess, startSide } from './side-process.ts';

const streams = 2000;
const rounds = 3;
const longStreams = 200;
const longBytes = 64 * 1024;
const settleMs = 1000;
const key = 'a-key-for-the-benchmark-only';
const mark = '~';

/** Memory of a process in kilobytes, with its garbage collected. */
interface Look {
  readonly resident: number;
  readonly heap: number;
  /** on the heap and in buffers */
  readonly held: number;
}

/** What was seen of a process. */
interface Memory {
  /** after a few streams have come and gone */
  readonly idle: Look;
  /** with all streams open; one figure a round */
  readonly open: readonly Look[];
  /** after all are closed; one figure a round */
  readonly closed: readonly Look[];
  /** with streams of long requests open, before all others */
  readonly long: Look;
}

/** Memory of our server for each stream that is held open, and what becomes of it afterwards, beside a pass-through that parses nothing. */
export default async function openStreams(): Promise<Report> {
  pinSelf();
  const reply = { pieces: [`Once${mark}`, ' upon'], fault: { kind: 'hang', afterPieces: 1 } };
  const fake = await startSide({ program: 'fake-process', input: { replies: reply }, core: 1 });
  const ours = await measure('gateway-process', fake);
  const bare = await measure('relay-process', fake);
  await fake.stop();
  const row = (what: string, of: (memory: Memory) => number) => [what, figure(of(ours)), figure(of(bare)), figure(of(ours) / of(bare))];
  return {
    title: 'Memory per open stream',
    note:
      `${streams} streams, each held open after its first chunk, through the openai engine and through the bare pass-through; closed, and the same again ` +
      `${rounds - 1} times. Before them ${longStreams} of requests of ${longBytes / 1024} KiB. Resident memory of that process alone, garbage collected before each look. The runtime keeps freed memory for ` +
      'later use; a leak would show in the last row.',
    columns: ['', 'Rookery', 'bare', 'Rookery / bare'],
    rows: [
      row('idle, MB', ({ idle }) => idle.resident / 1000),
      row('each open stream, KB', ({ idle, open }) => (lookAt(open, 0).resident - idle.resident) / streams),
      row('of it on the heap, KB', ({ idle, open }) => (lookAt(open, 0).heap - idle.heap) / streams),
      row('all closed, round 1, MB', ({ closed }) => lookAt(closed, 0).resident / 1000),
      row(`all closed, round ${rounds}, MB`, ({ closed }) => lookAt(closed, -1).resident / 1000),
      row(
        `a stream of a request of ${longBytes / 1024} KiB, heap and buffers, KB`,
        ({ idle, long }) => (long.held - idle.held) / longStreams,
      ),
      row('heap idle, MB', ({ idle }) => idle.heap / 1000),
      row(`heap with all closed, round ${rounds}, MB`, ({ closed }) => lookAt(closed, -1).heap / 1000),
    ],
  };
}

function lookAt(looks: readonly Look[], index: number): Look {
  return looks.at(index) ?? { resident: Number.NaN, heap: Number.NaN, held: Number.NaN };
}

async function measure(program: 'gateway-process' | 'relay-process', fake: SideProcess): Promise<Memory> {
  const side = await startSide({ program, input: { engine: fake.url, key }, core: 0 });
  await holdStreams(side, 50);
  const idle = await memoryOf(side);
  // first of all: what many closed streams leave behind goes little by little
  const long = await holdStreams(side, longStreams, { messages: [{ role: 'user', content: 'A rook in an elm. '.repeat(longBytes / 18) }] });
  const [open, closed]: [Look[], Look[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    say(`open-streams: ${program}, round ${round + 1} of ${rounds}`);
    open.push(await holdStreams(side, streams));
    closed.push(await memoryOf(side));
  }
  await side.stop();
  return { idle, open, closed, long };
}

/** Opens the streams, gives the memory while they are open, and closes them. */
async function holdStreams(side: SideProcess, count: number, ask: LoadOptions['ask'] = { messages: [] }): Promise<Look> {
  const load = new Load({ url: side.url, key, connections: count, isStream: true, mark, marks: Number.POSITIVE_INFINITY, ask });
  load.start();
  while (load.marks < count && !load.hasFailed) await sleep(20);
  const look = await memoryOf(side);
  await load.stop();
  await load.close();
  return look;
}

async function memoryOf(side: SideProcess): Promise<Look> {
  await sleep(settleMs);
  const { heapBytes, bufferBytes } = await side.collectGarbage();
  await sleep(settleMs / 2);
  return { resident: residentBytes(side.pid) / 1000, heap: heapBytes / 1000, held: (heapBytes + bufferBytes) / 1000 };
}
