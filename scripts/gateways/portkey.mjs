import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from '../engines/engine-folder.mjs';
import { findFreePort } from '../engines/start-server.mjs';
import { runNpm } from '../steps/npm.mjs';
import { showProgress } from '../steps/progress.mjs';
import { StepFailure } from '../steps/step-failure.mjs';
import { startLoggedServer } from './logged-server.mjs';

/** The release of Portkey's gateway, and the day up to which npm takes what it needs: its own package pins nothing. */
export const release = '1.15.2';
const day = '2026-11-01';
/** With the newer ones that npm would take every stream is answered 500. Source: Portkey-AI/gateway issue 1389, tried: 1.14.2 still fails, 1.13.8 does not. */
const honoServer = '1.13.8';
const nextStep = 'check that npm can reach its registry (`npm ping`) and run the command again: nothing half-made was kept.';

/** Fetches Portkey's gateway from npm, once (25 MB on disk); no script of any package is run. Gives its folder. */
export async function install({ log }) {
  return installOnce('portkey', `${release}-${honoServer}`, async (folder) => {
    log(`Portkey ${release} is fetched from npm, once.`);
    const wanted = { private: true, dependencies: { '@portkey-ai/gateway': release }, overrides: { '@hono/node-server': honoServer } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(wanted));
    const how = ['--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--before', day];
    const { code, output } = await showProgress(`Fetching Portkey ${release}`, () => runNpm(['install', ...how]));
    if (code !== 0) throw new StepFailure(`npm ended with code ${code}`, nextStep, output.trim().split('\n').slice(-30).join('\n'));
    return { source: `npm @portkey-ai/gateway ${release}, @hono/node-server ${honoServer}, the rest as of ${day}` };
  });
}

/**
 * Starts Portkey's gateway on loopback. It knows no upstream and no key of its own: `headers` lead each request to `upstreamUrl`.
 * Gives `{ url, version, command, headers, stop, output }`.
 */
export async function start({ upstreamUrl, port, log = () => {} }) {
  const folder = await install({ log });
  const ownPort = port ?? (await findFreePort());
  const program = join(folder, 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js');
  const server = await startLoggedServer({
    name: `Portkey ${release}`,
    command: process.execPath,
    args: [program, `--port=${ownPort}`, '--headless'],
    env: { NODE_ENV: 'production' },
    url: `http://127.0.0.1:${ownPort}`,
    healthPath: '/',
    readyWithinMs: 60_000,
  });
  const headers = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstreamUrl}/v1` };
  const command = `NODE_ENV=production node @portkey-ai/gateway/build/start-server.js --port=<port> --headless, led by its headers`;
  return {
    url: server.url,
    version: `Portkey ${release} with @hono/node-server ${honoServer}`,
    command,
    headers,
    stop: server.stop,
    output: server.output,
  };
}
