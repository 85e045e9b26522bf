import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startFakeEngine } from 'rookery/testing';
import { mainPath, post, tinyModel } from '../test/program.ts';
import { figure, median, type Report, say } from './report.ts';

const rounds = 5;
const key = 'a-key-for-the-benchmark-only';
const gatewayPath = fileURLToPath(new URL('./gateway-process.js', import.meta.url));
const bareServer = `const s = require('node:http').createServer((_, r) => r.end('{}')); s.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + s.address().port))`;

/** Milliseconds from the start of the process. */
interface Times {
  /** the first answer of any kind */
  readonly listening: number;
  readonly ready?: number;
  readonly chat?: number;
}

/** Time from starting the program to its first answers, with and without a model, beside the smallest server that Node can run. */
export default async function startUp(): Promise<Report> {
  const fake = await startFakeEngine();
  const gateway = [gatewayPath, JSON.stringify({ engine: fake.origin, key })];
  const serve = [mainPath, 'serve', '--port', '0', '--tiny', '--log', 'off'];
  const times: Record<'bare' | 'remote' | 'tiny', Times[]> = { bare: [], remote: [], tiny: [] };
  for (let round = -1; round < rounds; round++) {
    say(`start-up: ${round < 0 ? 'warming the disk' : `round ${round + 1} of ${rounds}`}`);
    const bare = await timeStart(['-e', bareServer], false);
    const remote = await timeStart(gateway, false);
    const tiny = await timeStart(serve, true);
    if (round < 0) continue;
    times.bare.push(bare);
    times.remote.push(remote);
    times.tiny.push(tiny);
  }
  await fake.close();
  return {
    title: 'Start-up',
    note:
      `From the start of the process to the first answer of \`/health/live\`, the first 200 of \`/health/ready\` and the end of the first chat answer (8 tokens); ` +
      `medians of ${rounds}. Budget: without the embedded engine listening within 400 ms.`,
    columns: ['started', 'listening, ms', 'ready, ms', 'first chat answer, ms', 'listening / bare'],
    rows: [
      toRow('`node -e`, a bare http server', times.bare, times.bare),
      toRow('our server with the openai engine', times.remote, times.bare),
      toRow('`rookery serve --tiny`', times.tiny, times.bare),
    ],
  };
}

function toRow(name: string, times: readonly Times[], bare: readonly Times[]): (string | number)[] {
  const middle = (of: keyof Times) => figure(median(times.map((each) => each[of] ?? Number.NaN)));
  const ratio = median(times.map(({ listening }, at) => listening / (bare[at]?.listening ?? Number.NaN)));
  return [name, middle('listening'), middle('ready'), middle('chat'), figure(ratio)];
}

async function timeStart(args: readonly string[], hasModel: boolean): Promise<Times> {
  const startedMs = performance.now();
  const since = () => performance.now() - startedMs;
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  try {
    const url = await findAddress(child);
    await (await fetch(`${url}/health/live`)).text();
    const listening = since();
    if (!hasModel) return { listening };
    while ((await fetch(`${url}/health/ready`)).status !== 200) await sleep(5);
    const ready = since();
    await askOnce(url);
    return { listening, ready, chat: since() };
  } finally {
    child.kill();
    await ended;
  }
}

/** The address, as soon as the program prints it; output and errors are both read. */
function findAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const read = (text: string) => {
      printed += text;
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
      if (url) resolve(url);
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${printed}`)));
  });
}

async function askOnce(url: string): Promise<void> {
  const body = { model: tinyModel, messages: [{ role: 'user', content: 'Say hello.' }], max_tokens: 8 };
  const response = await post(`${url}/v1/chat/completions`, body);
  if (response.status !== 200) throw new Error(`the first chat was answered ${response.status}: ${await response.text()}`);
  await response.json();
}
