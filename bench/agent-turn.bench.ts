import { setTimeout as sleep } from 'node:timers/promises';
import { agentConversation, chatTemplate } from './agent-conversation.ts';
import type { GatewayInput } from './gateway-process.ts';
import { Load } from './load.ts';
import { figure, median, type Report, say } from './report.ts';
import { pinSelf, type SideProcess, startSide } from './side-process.ts';

const rounds = 15;
/** answers after which the runtime has compiled what is hot */
const warmAnswers = 6000;
const warmMs = 100;
/** short, and the sides in turn: a neighbour on the machine disturbs both alike */
const windowMs = 400;
const mark = '~';
const key = 'a-key-for-the-benchmark-only';
/** between the pieces of a streamed answer: an engine that is busy with many */
const pieceMs = 5;
/** of the fake engine: nothing is to wait in our queue only */
const slots = 8192;

/** A plan, how it is brought about, and what the model answers there. */
interface Way {
  readonly plan: string;
  readonly kind: NonNullable<GatewayInput['kind']>;
  readonly budget: string;
  /** of vLLM: whether it was started with a parser of calls, so that conversations are rendered first and go elsewhere */
  readonly hasToolParser?: boolean;
}

const ways: readonly Way[] = [
  { plan: 'native', kind: 'openai', budget: '<= 3' },
  { plan: 'raw-chat', kind: 'vllm', budget: '<= 3', hasToolParser: false },
  { plan: 'raw-chat, rendered first', kind: 'vllm', budget: '<= 3', hasToolParser: true },
  { plan: 'template', kind: 'llama-server', budget: 'follows the new tokens' },
];

/** A sentence, then a call in the Hermes form: 40 tokens. */
const written = [
  ...'I will look that up for you , one moment please .'.split(' ').map((word) => ` ${word}${mark}`),
  '\n<tool_call>\n{"name": "get_weather", "arguments": {"city": "',
  ...Array.from({ length: 12 }, (_, at) => `Part ${at}${mark}`),
  '", "days": 3}}\n</tool_call>',
];
const marks = written.filter((piece) => piece.endsWith(mark)).length;

/** CPU of our server for one turn of an agent, by plan, beside a pass-through that reads nothing. */
export default async function agentTurn(): Promise<Report> {
  pinSelf();
  const rows = [];
  for (const way of ways) for (const isStream of [false, true]) rows.push(await measure(way, isStream));
  return {
    title: "CPU of an agent's turn",
    note:
      `10 messages with calls and results, about 2,600 tokens, 5 tools; the answer is a sentence and a call in ${marks} pieces, ${pieceMs} ms apart where it is streamed. One of ` +
      `our processes in front of a fake engine of the kind that the plan is for, key and log on, against a bare \`node:http\` + undici pass-through of the same conversation ` +
      `to the chat route of the same kind of fake. CPU time as each process tells it, ${rounds} alternating windows each; medians, and the median of the ratios.`,
    columns: ['plan', 'engine', 'answer', 'Rookery, µs', 'bare, µs', 'Rookery / bare', 'budget'],
    rows,
  };
}

async function measure({ plan, kind, budget, hasToolParser }: Way, isStream: boolean): Promise<(string | number)[]> {
  const replies = { pieces: written, usage: { promptTokens: 2600, completionTokens: marks }, delayMs: isStream ? pieceMs : 0 };
  const told = { face: kind, replies, chatTemplate, slots };
  const fake = await startSide({ program: 'fake-process', input: { ...told, hasToolParser }, core: 1 });
  const plain = await startSide({ program: 'fake-process', input: told, core: 1 });
  const input: GatewayInput = { engine: fake.url, key, kind, ...(plan === 'native' ? {} : { dialect: 'hermes' }) };
  const gateway = await startSide({ program: 'gateway-process', input, core: 0 });
  const relay = await startSide({ program: 'relay-process', input: { engine: plain.url, key }, core: 0 });
  const sides = [gateway, relay].map((side) => openSide(side, isStream));
  const costs: number[][] = [];
  say(`agent-turn: ${plan}, ${isStream ? 'streamed' : 'whole'}, warming up`);
  for (const side of sides) await warmUp(side);
  for (let round = 0; round < rounds; round++) {
    say(`agent-turn: ${plan}, ${isStream ? 'streamed' : 'whole'}, round ${round + 1} of ${rounds}`);
    const cost = [];
    for (const side of sides) cost.push(await costInWindow(side));
    costs.push(cost);
  }
  await Promise.all(sides.map(({ load }) => load.close()));
  await Promise.all([gateway, relay, fake, plain].map((side) => side.stop()));
  const of = (at: number) => costs.map((cost) => cost[at] ?? Number.NaN);
  const ratio = median(costs.map(([ours = Number.NaN, bare = Number.NaN]) => ours / bare));
  return [plan, kind, isStream ? 'streamed' : 'whole', figure(median(of(0))), figure(median(of(1))), figure(ratio), budget];
}

interface Side {
  readonly process: SideProcess;
  readonly load: Load;
}

function openSide(process: SideProcess, isStream: boolean): Side {
  const connections = isStream ? 64 : 32;
  return { process, load: new Load({ url: process.url, key, connections, isStream, mark, marks, ask: agentConversation }) };
}

async function warmUp({ load }: Side): Promise<void> {
  load.start();
  while (load.answers < warmAnswers && !load.hasFailed) await sleep(warmMs);
  await load.stop();
}

/** Microseconds of CPU for each answer, once the load is under way. A stream that is left in the middle counts for both sides alike. */
async function costInWindow({ process, load }: Side): Promise<number> {
  load.start();
  await sleep(warmMs);
  const before = { cpu: await process.cpuMicroseconds(), marks: load.marks };
  await sleep(windowMs);
  const cost = ((await process.cpuMicroseconds()) - before.cpu) / ((load.marks - before.marks) / marks);
  await load.stop();
  return cost;
}
