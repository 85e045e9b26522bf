import { cpuSecondsOfChildren } from './process-tree.ts';
import { say } from './report.ts';
import { askStreamed, type TimedAnswer } from './side-by-side-ask.ts';
import { type Conversation, makeConversation } from './side-by-side-conversations.ts';
import { type Lane, type OpenLane, warmUp } from './side-by-side-lanes.ts';
import { judge, type Verdict } from './side-by-side-verdict.ts';

/** A conversation that was held. */
export interface Held {
  readonly conversation: Conversation;
  readonly answer: TimedAnswer;
  readonly verdict: Verdict;
}

/** What a lane did with its conversations. */
export interface Measured {
  readonly name: string;
  readonly parallel: number;
  /** engine and version; '' where it did not start */
  readonly version: string;
  readonly held: readonly Held[];
  readonly seconds: number;
  /** of the engine and, where there is one, our server */
  readonly cpuSeconds: number;
  /** why there is nothing */
  readonly fault?: string;
}

const progressMs = 5_000;
const shownFaults = 3;

/** Starts a lane, holds the first `count` conversations, so many at once, and ends what it started. */
export async function measureLane(lane: Lane, parallel: number, count: number): Promise<Measured> {
  const { name } = lane;
  say(`${name}, ${parallel} at once`);
  const open = await lane.open(parallel).catch((error: unknown) => {
    if (lane.isOptional) return error instanceof Error ? error : new Error(String(error));
    throw error;
  });
  if (open instanceof Error) {
    say(`✖ ${name}: ${open.message}`);
    return { name, parallel, version: '', held: [], seconds: 0, cpuSeconds: 0, fault: open.message };
  }
  try {
    await warmUp(open);
    const startedMs = performance.now();
    const startedCpu = cpuSecondsOfChildren();
    const held = await holdAll(open, name, { parallel, count });
    const seconds = (performance.now() - startedMs) / 1000;
    const cpuSeconds = cpuSecondsOfChildren() - startedCpu;
    tellFaults(name, held);
    return { name, parallel, version: open.version, held, seconds, cpuSeconds };
  } finally {
    await open.stop();
  }
}

async function holdAll(
  lane: OpenLane,
  name: string,
  { parallel, count }: { readonly parallel: number; readonly count: number },
): Promise<readonly Held[]> {
  const held: Held[] = [];
  let next = 0;
  let done = 0;
  const timer = setInterval(() => say(`${name}, ${parallel} at once: ${done} of ${count}`), progressMs);
  const caller = async () => {
    while (next < count) {
      const at = next++;
      const conversation = makeConversation(at);
      const answer = await askStreamed(lane, conversation);
      held[at] = { conversation, answer, verdict: judge(conversation, answer) };
      done++;
    }
  };
  await Promise.all(Array.from({ length: parallel }, caller)).finally(() => clearInterval(timer));
  return held;
}

/** Shows the first answers that were wrong, lost or errors: the table only counts them. */
function tellFaults(name: string, held: readonly Held[]): void {
  const faults = held.filter(({ verdict }) => verdict === 'wrong' || verdict === 'lost' || verdict === 'error');
  for (const { verdict, conversation, answer } of faults.slice(0, shownFaults)) {
    const { text, calls, finish, error, completionTokens } = answer;
    say(`${name}: ${verdict} (${conversation.toolChoice}): ${JSON.stringify({ text, calls, finish, error, completionTokens })}`);
  }
}
