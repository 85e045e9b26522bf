import { request } from 'node:http';
import { type FakeFault, startFakeEngine } from 'rookery/testing';
import { chatTemplate } from './agent-conversation.ts';
import type { GatewayInput } from './gateway-process.ts';
import { figure, type Report, say } from './report.ts';
import { type SideProcess, startSide } from './side-process.ts';

const rounds = 200;
const key = 'a-key-for-the-benchmark-only';
const body = { model: 'fake-model', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 64 };

/** When the client leaves. */
interface Leaving {
  readonly name: string;
  readonly fault: FakeFault;
  readonly isStream: boolean;
}

const leavings: readonly Leaving[] = [
  { name: 'before the first byte', fault: { kind: 'hang-before-headers' }, isStream: true },
  { name: 'in the middle of a stream', fault: { kind: 'hang', afterPieces: 1 }, isStream: true },
  { name: 'while it waits for a whole answer', fault: { kind: 'hang-before-headers' }, isStream: false },
];
const kinds = ['openai', 'vllm', 'ollama', 'llama-server', 'anthropic'] as const;

/** How long after a client has left the engine feels it, through us and through a bare pass-through. */
export default async function cancel(): Promise<Report> {
  const rows: (string | number)[][] = [];
  for (const kind of kinds) rows.push(...(await measureKind(kind)));
  return {
    title: 'A client that leaves',
    note: `Time from the client's closed connection to the closed connection at a fake engine of that kind, ${rounds} clients one after another, in milliseconds; through us, and through a bare pass-through of the same request. Aim: p99 within 50 ms.`,
    columns: ['engine', 'the client leaves', 'Rookery, p50', 'Rookery, p99', 'bare, p50', 'bare, p99'],
    rows,
  };
}

async function measureKind(kind: (typeof kinds)[number]): Promise<(string | number)[][]> {
  const fake = await startFakeEngine({ face: kind, hasToolParser: false, chatTemplate });
  const input: GatewayInput = { engine: fake.origin, key, kind };
  const gateway = await startSide({ program: 'gateway-process', input, core: 0 });
  const plain = await startFakeEngine();
  const relay = await startSide({ program: 'relay-process', input: { engine: plain.origin, key }, core: 0 });
  const rows: (string | number)[][] = [];
  for (const { name, fault, isStream } of leavings) {
    say(`cancel: ${kind}, ${name}`);
    for (const engine of [fake, plain]) engine.setReplies({ pieces: ['one ', 'two'], fault });
    const ours = await measureAll(gateway, fake, isStream);
    const bare = await measureAll(relay, plain, isStream);
    rows.push([kind, name, ...ours.map(figure), ...bare.map(figure)]);
  }
  await Promise.all([gateway.stop(), relay.stop(), fake.close(), plain.close()]);
  return rows;
}

type Fake = Awaited<ReturnType<typeof startFakeEngine>>;

/** The middle and the 99th of a hundred. */
async function measureAll(side: SideProcess, fake: Fake, isStream: boolean): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await measureOne(side, fake, isStream));
  times.sort((left, right) => left - right);
  return [0.5, 0.99].map((share) => times[Math.floor(times.length * share)] ?? Number.NaN);
}

async function measureOne({ url }: SideProcess, fake: Fake, isStream: boolean): Promise<number> {
  const { started, aborted } = fake.counts();
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const client = request(`${url}/v1/chat/completions`, { method: 'POST', headers });
  client.on('error', () => {
    // it has left: that is what is measured
  });
  const firstByte = new Promise<void>((resolve) => client.on('response', (response) => response.once('data', () => resolve())));
  client.end(JSON.stringify({ ...body, stream: isStream }));
  await fake.until((counts) => counts.started > started);
  if (isStream && (await hasBegun(firstByte))) await firstByte;
  const leftMs = performance.now();
  client.destroy();
  await fake.until((counts) => counts.aborted > aborted);
  return performance.now() - leftMs;
}

/** Streams that hang in the middle have shown a piece soon; those that never answer have not. */
function hasBegun(firstByte: Promise<void>): Promise<boolean> {
  return Promise.race([firstByte.then(() => true), new Promise<boolean>((resolve) => setTimeout(resolve, 20, false))]);
}
