import { agents, answerTokens, type Run, runAgents, turns } from './replicas-agents.ts';
import { type Closings, type OpenLane, openLanes, startReplicas } from './replicas-lanes.ts';
import { figure, median, type Report, say } from './report.ts';
import { endLanesOnSignal } from './side-by-side-lanes.ts';

const rounds = Number(process.env.ROOKERY_BENCH_ROUNDS ?? 3);

interface Measured {
  readonly lane: OpenLane;
  readonly runs: readonly Run[];
}

/** The same agents in front of the same two vLLM servers, through vLLM's own router and through us. */
export default async function replicas(): Promise<Report> {
  await endLanesOnSignal();
  const closings: Closings = [];
  try {
    return await measure(closings);
  } finally {
    for (const close of closings.reverse()) await close();
  }
}

async function measure(closings: Closings): Promise<Report> {
  const engines = await startReplicas(closings);
  const lanes = await openLanes(engines, closings);
  const measured: readonly (Measured & { readonly runs: Run[] })[] = lanes.map((lane) => ({ lane, runs: [] }));
  // what engines and routers do once they do before the first round
  for (const lane of lanes) await runAgents(lane, `warm ${lane.name}`);
  for (let round = 0; round < rounds; round++) {
    for (const { lane, runs } of measured) {
      const run = await runAgents(lane, `${lane.name} ${round}`);
      runs.push(run);
      say(`round ${round + 1} of ${rounds}: ${writeRow(lane, [run], run).join(' | ')}`);
    }
  }
  const [first] = measured;
  return {
    title: 'Two vLLM replicas behind a router',
    note:
      `${agents} agents of four worlds, ${turns} turns each, all at once; agents of a world share a prompt of about 500 tokens, histories grow by a sentence and an answer of ${answerTokens} tokens a turn. ` +
      `SmolLM2-135M-Instruct in bfloat16 on two ${engines[0]?.version} servers, one CPU thread each, 16 sequences at once; no run shares a prompt with another. ` +
      `${rounds} rounds, the ways in turn within each. Cached: the engines' own count of prompt tokens that they had computed before. Medians.` +
      ' Where agents stay together is not what differs: in a test of ours prefix-affinity has 4.2 worlds computed where 4 is the least, and nearly no agent moves. What is not cached is, we suppose, computed by agents of a world at the same time, which varies from run to run.',
    columns: ['through', 'policy', 'cached of prompt tokens', 'turns a minute', 'beside the first', 'failed'],
    rows: measured.map(({ lane, runs }) => writeRow(lane, runs, medianRun(first?.runs ?? []))),
  };
}

const turnsPerMinute = ({ turns: count, seconds }: Run): number => (60 * count) / seconds;
const cachedShare = ({ cachedTokens, promptTokens }: Run): number => cachedTokens / promptTokens;

function medianRun(runs: readonly Run[]): Run | undefined {
  const middle = median(runs.map(turnsPerMinute));
  return runs.find((run) => turnsPerMinute(run) === middle);
}

function writeRow({ name, policy }: OpenLane, runs: readonly Run[], baseline: Run | undefined): (string | number)[] {
  const speed = median(runs.map(turnsPerMinute));
  const share = `${(100 * median(runs.map(cachedShare))).toFixed(1)} %`;
  const failed = runs.reduce((sum, run) => sum + run.failed, 0);
  return [name, policy, share, figure(speed), figure(speed / (baseline ? turnsPerMinute(baseline) : Number.NaN)), failed];
}
