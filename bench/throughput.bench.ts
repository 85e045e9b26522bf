import { getLlama } from 'node-llama-cpp';
import { startProgram, tinyModel } from '../test/program.ts';
import { figure, median, type Report, say } from './report.ts';
import { tinyModelPath } from './tiny-model.ts';

const tokensEach = 64;
const rounds = 5;
const contextTokens = 1024;

const promptOf = (at: number) =>
  `<|im_start|>user\nTell me story number ${at} about a rook and its tower.<|im_end|>\n<|im_start|>assistant\n`;

/** Tokens a second of the server at 1, 4 and 8 parallel requests, beside llama.cpp driven directly through node-llama-cpp's own sequences. */
export default async function throughput(): Promise<Report> {
  const rows = [];
  for (const parallel of [1, 4, 8]) {
    say(`throughput: ${parallel} parallel`);
    rows.push(await compare(parallel));
  }
  return {
    title: 'Tokens per second: the server beside the engine driven directly',
    note: `SmolLM2-135M, ${tokensEach} tokens each, one thread on both sides, as many slots as requests, ${rounds} alternating rounds, medians. Bar: ratio >= 0.95.`,
    columns: ['parallel', 'server, tokens/s', 'direct, tokens/s', 'server / direct'],
    rows,
  };
}

async function compare(parallel: number): Promise<(string | number)[]> {
  const program = await startProgram(['--tiny', '--slots', String(parallel), '--context', String(contextTokens), '--threads', '1']);
  const direct = await openDirect(parallel);
  const ratios: number[] = [];
  const speeds: { server: number[]; direct: number[] } = { server: [], direct: [] };
  for (let round = -1; round < rounds; round++) {
    const server = await speedOf(parallel, (at) => askServer(program.url, at + round * parallel));
    const engine = await speedOf(parallel, (at) => direct.write(at, promptOf(at + round * parallel)));
    if (round < 0) continue;
    speeds.server.push(server);
    speeds.direct.push(engine);
    ratios.push(server / engine);
  }
  await program.stop();
  await direct.close();
  return [parallel, figure(median(speeds.server)), figure(median(speeds.direct)), figure(median(ratios))];
}

async function speedOf(parallel: number, work: (at: number) => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await Promise.all(Array.from({ length: parallel }, (_, at) => work(at)));
  return (parallel * tokensEach) / ((performance.now() - startedMs) / 1000);
}

async function askServer(url: string, at: number): Promise<void> {
  const body = JSON.stringify({
    model: tinyModel,
    prompt: promptOf(at),
    max_tokens: tokensEach,
    ignore_eos: true,
    temperature: 0,
    stream: true,
  });
  const response = await fetch(`${url}/v1/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const text = await response.text();
  if (!text.endsWith('data: [DONE]\n\n')) throw new Error(`the server answered ${text.slice(-300)}`);
}

async function openDirect(parallel: number) {
  const llama = await getLlama({ build: 'never', skipDownload: true, gpu: false, maxThreads: 1 });
  const model = await llama.loadModel({ modelPath: tinyModelPath() });
  const context = await model.createContext({ sequences: parallel, contextSize: contextTokens, batchSize: 512 + parallel, threads: 1 });
  const sequences = Array.from({ length: parallel }, () => context.getSequence());
  return {
    async write(at: number, prompt: string) {
      const sequence = sequences[at];
      if (!sequence) throw new Error(`no sequence ${at}`);
      await sequence.clearHistory();
      let written = 0;
      for await (const _ of sequence.evaluate(model.tokenize(prompt, true), { temperature: 0, yieldEogToken: true }))
        if (++written >= tokensEach) break;
    },
    async close() {
      await context.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };
}
