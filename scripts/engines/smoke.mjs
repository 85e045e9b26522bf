// `node scripts/engines/smoke.mjs [name …]`: starts each engine with the tiny model, asks it two questions and prints a table. `--installed` leaves
// out those that would have to be fetched or compiled first.
import { endChildrenOnSignal } from '../steps/children.mjs';
import { showProgress } from '../steps/progress.mjs';
import { reportFailure, StepFailure } from '../steps/step-failure.mjs';
import { findModel } from './engine-command.mjs';
import { isInstalled } from './engine-folder.mjs';
import * as llamaServer from './llama-server.mjs';
import * as ollama from './ollama.mjs';
import * as vllm from './vllm.mjs';

const engines = {
  'llama-server': { start: llamaServer.start, isHere: () => isInstalled('llama-server', llamaServer.build) },
  ollama: { start: ollama.start, isHere: () => isInstalled('ollama', `${ollama.release}-b${llamaServer.build}`) },
  vllm: { start: vllm.start, isHere: () => isInstalled('vllm', vllm.release) },
};
const question = [
  { role: 'system', content: 'You are a helpful assistant.' },
  { role: 'user', content: 'What is the capital of France? Answer in one sentence.' },
];
const story = [{ role: 'user', content: 'Tell me a long story about a lighthouse.' }];

endChildrenOnSignal();
try {
  const words = process.argv.slice(2);
  const names = chooseEngines(words);
  const rows = [];
  for (const name of names) rows.push(await tryEngine(name));
  process.stdout.write(`${formatTable(rows)}\n`);
  if (rows.some(({ isRight }) => !isRight)) throw new StepFailure('An engine did not answer as it should', 'read the table above.');
} catch (error) {
  reportFailure(error);
}

function chooseEngines(words) {
  const asked = words.filter((word) => word !== '--installed');
  const unknown = asked.find((word) => !Object.hasOwn(engines, word));
  if (unknown !== undefined) throw new StepFailure(`No engine is called ${unknown}`, `choose from ${Object.keys(engines).join(', ')}.`);
  const names = asked.length > 0 ? asked : Object.keys(engines);
  const kept = words.includes('--installed') ? names.filter((name) => engines[name].isHere()) : names;
  for (const name of names) if (!kept.includes(name)) process.stderr.write(`skipped: ${name} is not installed\n`);
  return kept;
}

async function tryEngine(name) {
  const engine = await engines[name].start({
    modelPath: findModel(),
    slots: 4,
    contextTokens: 1024,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    return await showProgress(`Asking ${name}`, async () => {
      const complete = await ask(engine, question, 24);
      const streamed = await askStreamed(engine, question, 24);
      const long = await askStreamed(engine, story, 96);
      const isRight = complete.includes('Paris') && streamed.text === complete;
      return { version: engine.version, isRight, answer: complete, ttftMs: long.ttftMs, tokensPerSecond: long.tokensPerSecond };
    });
  } finally {
    await engine.stop();
  }
}

async function ask(engine, messages, maxTokens) {
  const response = await post(engine, messages, { max_tokens: maxTokens });
  return (await response.json()).choices[0].message.content;
}

/** The text, the time to the first of it, and the rate of the tokens after it by the engine's own count. */
async function askStreamed(engine, messages, maxTokens) {
  const startMs = performance.now();
  const response = await post(engine, messages, { max_tokens: maxTokens, stream: true, stream_options: { include_usage: true } });
  const state = { text: '', firstMs: undefined, tokens: 0 };
  for await (const event of readEvents(response.body)) {
    const piece = event.choices[0]?.delta?.content ?? '';
    if (piece !== '') state.firstMs ??= performance.now();
    state.text += piece;
    state.tokens = event.usage?.completion_tokens ?? state.tokens;
  }
  const seconds = (performance.now() - state.firstMs) / 1000;
  return { text: state.text, ttftMs: state.firstMs - startMs, tokensPerSecond: (state.tokens - 1) / seconds };
}

async function post(engine, messages, more) {
  const response = await fetch(`${engine.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: engine.model, messages, temperature: 0, seed: 1, ...more }),
    signal: AbortSignal.timeout(300_000),
  });
  if (!response.ok) throw new Error(`${engine.version} answered ${response.status}: ${await response.text()}`);
  return response;
}

async function* readEvents(body) {
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (line.startsWith('data: {')) yield JSON.parse(line.slice('data: '.length));
    }
  }
}

function formatTable(rows) {
  const head = '| engine | right | TTFT ms | tokens/s | answer |\n|---|---|---|---|---|';
  const lines = rows.map(({ version, isRight, ttftMs, tokensPerSecond, answer }) => {
    const cells = [version, isRight ? 'yes' : 'NO', ttftMs.toFixed(0), tokensPerSecond.toFixed(1), answer.replaceAll('\n', ' ')];
    return `| ${cells.join(' | ')} |`;
  });
  return [head, ...lines].join('\n');
}
