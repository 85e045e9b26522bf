import { requestsEach } from './constraints-run.ts';
import { openKept } from './kept-results.ts';
import { type Report, say } from './report.ts';
import { endLanesOnSignal, type Lane, listLanes } from './side-by-side-lanes.ts';
import { type Measured, measureLane } from './side-by-side-measure.ts';
import { columns, describePlans, writeRow } from './side-by-side-rows.ts';
import { maxTokens } from './side-by-side-wires.ts';

/** Conversations at once; as many places in each engine. */
const parallels = [1, 8, 32];
/** where all conversations are held; elsewhere a quarter of them */
const mainParallel = 8;

/** The same conversations with tools on the same model, by each engine's own API, through us, and on the embedded engine. */
export default async function sideBySide(): Promise<Report> {
  await endLanesOnSignal();
  const hasVllm = process.env.ROOKERY_BENCH_VLLM === '1';
  const lanes = listLanes({ hasVllm });
  const rows = [];
  const measured: Measured[] = [];
  for (const [round, parallel] of parallels.entries()) {
    const found = await measureRound(lanes, round, parallel);
    const baseline = found[0];
    rows.push(...found.map((each) => writeRow(each, baseline)));
    measured.push(...found);
  }
  return {
    title: 'Side by side: calls and speed of engines, directly and through us',
    note: `${situation} ${judgement} ${speeds} ${hasVllm ? vllmNote : vllmMissing} ${describePlans(measured)}`,
    columns,
    rows,
  };
}

/** One lane after another, beginning with another one each round; results in the order of the lanes. */
async function measureRound(lanes: readonly Lane[], round: number, parallel: number): Promise<readonly Measured[]> {
  const count = parallel === mainParallel ? requestsEach : Math.max(parallel, Math.ceil(requestsEach / 4));
  const found = new Map<Lane, Measured>();
  const first = (2 * round) % lanes.length;
  for (const lane of [...lanes.slice(first), ...lanes.slice(0, first)]) {
    const kept = await openKept<Measured>(`${lane.name} ${parallel} at once, ${count}`);
    const measured = kept.results[0] ?? (await measureLane(lane, parallel, count));
    if (kept.results.length === 0) await kept.keep(0, measured);
    found.set(lane, measured);
    // a run takes an hour: what it has found is seen if it does not come to its end
    say(writeRow(measured, found.get(lanes[0] as Lane)).join(' | '));
  }
  return lanes.map((lane) => found.get(lane) as Measured);
}

const situation = `SmolLM2-135M-Instruct, Q4_1, ${requestsEach} streamed conversations at 8 at once and a quarter of them at 1 and 32 (there at least 32): three to five tools with enums, bounds and nested objects, one or two calls behind them, temperature 0, one seed, \`max_tokens\` ${maxTokens}, half with \`tool_choice: auto\`, half \`required\` (which Ollama's own API does not have), the same Hermes template everywhere. Engines are started afresh for each row, with as many places as there are conversations at once, 2 threads, and waiting threads that sleep; those of the embedded engine can only turn, which costs much where others use the cores, so its default (one thread less than cores) has rows too.`;

const judgement =
  'Correct: a known name, and arguments that ajv accepts. Right tool: the call is to the tool that was asked for. Wrong: an unknown name or arguments against the schema. Lost: a call that the limit cut, that was left in the text or vanished, or none where one was required. None: no call under `auto`. Errors: the caller was told that there is no answer; through us `output_invalid` where the finished answer is not as demanded.';

const speeds =
  'TTFT: to the first text or piece of a call, median. Tokens/s: those of the answers by the time of the row; a lane that writes less behind the same prompts seems slower by it, so the prompts are counted too in the columns after it, by the clock and by the CPU time of the engine and of our server, which neighbours on the machine disturb less. Bar for the embedded engine: 0.9 of llama-server. The lanes ran one after another on a noisy machine, beginning with another one at each number at once: differences under a quarter say nothing. Ollama does not tell how many requests it works on at once, and without a setting we send it two; its own API writes the schemas without bounds and white space, hence its shorter prompts.';

const vllmNote = 'vLLM: bfloat16 weights made of the same GGUF, all tools `strict`; through us its parsers are off.';
const vllmMissing = 'vLLM was left out: `ROOKERY_BENCH_VLLM=1` adds it.';
