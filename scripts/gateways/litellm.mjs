import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installOnce } from '../engines/engine-folder.mjs';
import { findPython, runTool } from '../engines/run-tool.mjs';
import { findFreePort, startServer } from '../engines/start-server.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const uv = 'uv==0.13.9';
const nextStep = 'read its words above and run the command again: nothing half-made was kept.';

/** The release of LiteLLM that we are compared with. 1.82.7, 1.82.8 and 1.107 were poisoned or withdrawn: never move to a release without a look at its issues. */
export const release = /^litellm\[proxy\]==(\S+)$/m.exec(readFileSync(join(here, 'litellm-requirements.in'), 'utf8'))[1];

/** Makes a Python environment with LiteLLM's proxy from PyPI, once (250 MB to fetch, 810 MB on disk). Gives its folder. Only wheels are taken, so that nothing is run while it is installed. */
export async function install({ log }) {
  return installOnce('litellm', release, async (folder) => {
    log(`LiteLLM ${release} is fetched from PyPI, once.`);
    await runTool(await findPython(11), ['-m', 'venv', join(folder, 'env')], { title: 'Making a Python environment', nextStep });
    const python = join(folder, 'env', 'bin', 'python');
    await runTool(python, ['-m', 'pip', 'install', '--quiet', uv], { title: 'Fetching uv', nextStep });
    const what = ['--no-deps', '--requirement', join(here, 'litellm-requirements.txt')];
    const how = ['--no-cache', '--system-certs', '--link-mode', 'copy', '--only-binary', ':all:', '--compile-bytecode', '--python', python];
    await runTool(join(folder, 'env', 'bin', 'uv'), ['pip', 'install', ...how, ...what], {
      title: `Fetching LiteLLM ${release} and what it needs`,
      nextStep,
    });
    return { source: `PyPI litellm[proxy] ${release}` };
  });
}

/**
 * Starts LiteLLM's proxy on loopback with a configuration file. `environment` is all it sees beside what keeps it at home: it gets nothing of the caller's own
 * environment, no home folder and no way out. Gives `{ url, version, stop, output }`; `stop()` ends it and all it started. The start takes 10 to 40 s.
 */
export async function start({ configPath, port, environment = {}, log = () => {} }) {
  const folder = await install({ log });
  const ownPort = port ?? (await findFreePort());
  const home = mkdtempSync(join(tmpdir(), 'rookery-litellm-'));
  const bin = join(folder, 'env', 'bin');
  const variables = { ...quietEnvironment(bin, home), ...environment };
  try {
    const server = await startServer({
      name: `LiteLLM ${release}`,
      // `-i`: what the caller's environment holds, keys above all, is none of its business
      command: '/usr/bin/env',
      args: [
        ...['-i', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)],
        ...[join(bin, 'litellm'), '--config', resolve(configPath), '--host', '127.0.0.1', '--port', String(ownPort)],
        ...['--telemetry', 'False'],
      ],
      cwd: dirname(resolve(configPath)),
      env: {},
      url: `http://127.0.0.1:${ownPort}`,
      healthPath: '/health/liveliness',
      readyWithinMs: 180_000,
    });
    const stop = async () => {
      const code = await server.stop();
      rmSync(home, { recursive: true, force: true });
      return code;
    };
    return { url: server.url, version: `LiteLLM ${release}`, stop, output: server.output };
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  }
}

/** No telemetry, no price list from the network, and a proxy where nobody listens for whatever would leave this machine all the same. */
function quietEnvironment(bin, home) {
  const nowhere = 'http://127.0.0.1:9';
  return {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: home,
    TMPDIR: home,
    LANG: 'C.UTF-8',
    LITELLM_TELEMETRY: 'False',
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    LITELLM_LOCAL_POLICY_TEMPLATES: 'True',
    DO_NOT_TRACK: '1',
    HF_HUB_OFFLINE: '1',
    DISABLE_ADMIN_UI: 'True',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_PROXY: '127.0.0.1,localhost',
  };
}
