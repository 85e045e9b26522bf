import { copyFileSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runAsCommand } from './engine-command.mjs';
import { enginesFolder, installOnce } from './engine-folder.mjs';
import * as llamaServer from './llama-server.mjs';
import { runTool } from './run-tool.mjs';
import { findFreePort, startServer } from './start-server.mjs';

/** The release of Ollama, whose module the Go proxy has. Its runner is a llama-server, which is not in the module: ours is put where it looks. */
export const release = '0.34.0';
const nextStep = 'install Go 1.26 or later and a C compiler (`apt-get install gcc`), and run the command again.';
/** the name under which the model is served */
const servedName = 'tiny';

/** Compiles Ollama from its Go module, once (3 CPU minutes), beside the llama-server of this folder. Gives its folder. */
export async function install({ log }) {
  const runners = await llamaServer.install({ log });
  return installOnce('ollama', `${release}-b${llamaServer.build}`, async (folder) => {
    log(`Ollama ${release} is compiled from its Go module, once. It takes a few minutes.`);
    const flags = `-s -w -X github.com/ollama/ollama/version.Version=${release}`;
    const env = { ...process.env, GOBIN: join(folder, 'bin'), CGO_ENABLED: '1' };
    const title = `Compiling Ollama ${release}`;
    await runTool('go', ['install', '-ldflags', flags, `github.com/ollama/ollama@v${release}`], {
      title,
      nextStep,
      env,
      cwd: enginesFolder,
    });
    mkdirSync(join(folder, 'lib', 'ollama'), { recursive: true });
    for (const name of llamaServer.programs) symlinkSync(join(runners, name), join(folder, 'lib', 'ollama', name));
    return { source: `Go module github.com/ollama/ollama v${release}`, runners };
  });
}

/**
 * Starts Ollama on loopback with a store of its own that holds the GGUF under the name `tiny`. `contextTokens` is for each of the `slots`.
 * `template` names a file with a Go template; one that speaks of `.Tools` (tiny-tools.gotmpl) makes Ollama take tools. Without it Ollama chooses
 * one of its own by the GGUF's. Gives `{ url, version, model, stop }`.
 */
export async function start({ modelPath, port, slots = 4, contextTokens = 2048, extraArgs = [], template, log = () => {} }) {
  const folder = await install({ log });
  const ownPort = port ?? (await findFreePort());
  const home = join(folder, `home-${process.pid}`);
  mkdirSync(home, { recursive: true });
  const removeHome = () => rmSync(home, { recursive: true, force: true });
  process.once('exit', removeHome);
  const env = {
    ...llamaServer.calmThreads,
    HOME: home,
    OLLAMA_HOST: `127.0.0.1:${ownPort}`,
    OLLAMA_MODELS: join(home, 'models'),
    OLLAMA_NUM_PARALLEL: String(slots),
    OLLAMA_CONTEXT_LENGTH: String(contextTokens),
    OLLAMA_NO_CLOUD: '1',
    OLLAMA_NOPRUNE: '1',
  };
  const command = join(folder, 'bin', 'ollama');
  const url = `http://127.0.0.1:${ownPort}`;
  const name = `Ollama ${release}`;
  const server = await startServer({ name, command, args: ['serve', ...extraArgs], env, url, healthPath: '/api/version' });
  const stop = async () => {
    const code = await server.stop();
    removeHome();
    process.off('exit', removeHome);
    return code;
  };
  try {
    await create({ command, home, modelPath, template, env: { ...process.env, ...env } });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, version: `${name} (runner llama-server b${llamaServer.build})`, model: servedName, stop, output: server.output };
}

async function create({ command, home, modelPath, template, env }) {
  const file = join(home, basename(modelPath));
  try {
    linkSync(modelPath, file);
  } catch {
    // another file system
    copyFileSync(modelPath, file);
  }
  const lines = [`FROM ./${basename(modelPath)}`, ...(template === undefined ? [] : [`TEMPLATE """${readFileSync(template, 'utf8')}"""`])];
  writeFileSync(join(home, 'Modelfile'), `${lines.join('\n')}\n`);
  await runTool(command, ['create', servedName, '-f', 'Modelfile'], { title: 'Giving Ollama the model', nextStep, cwd: home, env });
}

await runAsCommand(import.meta.url, { install, start }, { template: { type: 'string' } });
