import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWideModel } from 'rookery/testing';
import embedded, { type EmbeddedEngine } from '#dist/engines/embedded.js';
import type { EngineRequest } from '#dist/protocol/engine.js';
import type { Sampling } from '#dist/protocol/request.js';
import { figure, type Report, say } from './report.ts';
import { tinyModelPath } from './tiny-model.ts';

const tokensEach = 64;
const signal = new AbortController().signal;
const grammar = 'root ::= [a-zA-Z ,.]+';

interface Way {
  readonly name: string;
  readonly sampling: Sampling;
  readonly more?: Partial<EngineRequest>;
}

const ways: readonly Way[] = [
  { name: 'greedy', sampling: { temperature: 0 } },
  { name: 'temperature 1, our top_k of 200', sampling: { temperature: 1, seed: 1 } },
  { name: 'temperature 1, all candidates', sampling: { temperature: 1, topK: 0, seed: 1 } },
  { name: 'greedy with a grammar', sampling: { temperature: 0 }, more: { grammar: { notation: 'gbnf', text: grammar } } },
  { name: 'greedy with 5 logprobs', sampling: { temperature: 0 }, more: { topLogprobs: 5 } },
];

/** What drawing a token costs beside evaluating it, on a real model and on one with a vocabulary of 152k and hardly a body. */
export default async function sampling(): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-bench-'));
  const wide = join(folder, 'wide.gguf');
  writeWideModel(wide, { vocabularyTokens: 151_936 });
  const rows = [...(await measure('SmolLM2-135M (49k)', tinyModelPath())), ...(await measure('generated (152k, no body)', wide))];
  rmSync(folder, { recursive: true });
  return {
    title: 'Sampling, per token',
    note:
      `One slot, one thread, ${tokensEach} tokens a row, the step loop's own clock. Share = drawing / (evaluating + drawing). Where it is over a tenth: for each ` +
      'token the addon of node-llama-cpp copies the logits of the whole vocabulary into candidates, and without a top_k, or for logprobs, sorts all of them. ' +
      'A partial sort of the wanted few in the addon, or sampling inside the llama.cpp graph, would mend it. The model without a body shows the worst case.',
    columns: ['model', 'sampling', 'evaluate, ms', 'draw, ms', 'share'],
    rows,
  };
}

async function measure(name: string, modelPath: string): Promise<(string | number)[][]> {
  const options = {
    modelPath,
    modelId: 'm',
    slots: 1,
    contextTokens: 1024,
    threads: 1,
    gpu: 'off',
    enginePackage: 'node-llama-cpp',
  } as const;
  const engine = embedded.open(options, { log: () => undefined }) as EmbeddedEngine;
  await engine.models();
  const rows = [];
  for (const way of ways) {
    say(`sampling: ${name}, ${way.name}`);
    await write(engine, way, 4);
    const before = await engine.counters();
    await write(engine, way, tokensEach);
    const after = await engine.counters();
    const tokens = after.writtenTokens - before.writtenTokens;
    const [evaluate, draw] = [(after.decodeMs - before.decodeMs) / tokens, (after.sampleMs - before.sampleMs) / tokens];
    rows.push([name, way.name, figure(evaluate), figure(draw), `${Math.round((100 * draw) / (evaluate + draw))} %`]);
  }
  await engine.close();
  return rows;
}

async function write(engine: EmbeddedEngine, way: Way, maxTokens: number): Promise<void> {
  const request: EngineRequest = {
    id: 'bench',
    model: 'm',
    prompt: { form: 'segments', segments: [{ text: 'Once upon a time', isLiteral: false }], isRendered: false },
    sampling: way.sampling,
    maxTokens,
    stop: [],
    stopTokenIds: [],
    ignoreEos: true,
    isStreamed: true,
    keptSpecialTokens: [],
    unknownFields: {},
    ...way.more,
  };
  for await (const _ of engine.stream(request, signal));
}
