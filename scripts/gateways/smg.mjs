import { findFreePort } from '../engines/start-server.mjs';
import { startLoggedServer } from './logged-server.mjs';
import { installPython } from './python-environment.mjs';

/** The release of Shepherd Model Gateway, which sglang-router became. It is a Rust program in a Python package. */
export const release = '1.13.0';
const packages = [
  `smg==${release}`,
  ...[
    'grpcio==1.85.1',
    'grpcio-health-checking==1.85.1',
    'protobuf==7.36.2',
    'PyYAML==6.0.3',
    'setproctitle==1.3.8',
    'typing_extensions==4.16.0',
  ],
];

/** Fetches smg from PyPI, once (150 MB on disk). Gives the path of its Python. */
export function install({ log }) {
  return installPython({ name: 'smg', version: release, packages, log });
}

/** Starts smg on loopback in front of `upstreamUrl`; callers must send `key`. Gives `{ url, version, command, stop, output }`. */
export async function start({ upstreamUrl, key, port, log = () => {} }) {
  const python = await install({ log });
  const ownPort = port ?? (await findFreePort());
  const metrics = ['--prometheus-host', '127.0.0.1', '--prometheus-port', String(await findFreePort())];
  const limits = ['--policy', 'round_robin', '--disable-tokenizer-autoload', '--log-level', 'info'];
  const server = await startLoggedServer({
    name: `smg ${release}`,
    command: python,
    args: [
      '-m',
      'smg',
      'launch',
      '--worker-urls',
      upstreamUrl,
      '--host',
      '127.0.0.1',
      '--port',
      String(ownPort),
      ...metrics,
      ...limits,
      '--api-key',
      key,
    ],
    url: `http://127.0.0.1:${ownPort}`,
    healthPath: '/readiness',
    readyWithinMs: 120_000,
  });
  const command = `python -m smg launch --worker-urls <engine> ${limits.join(' ')} --api-key <key>`;
  return { url: server.url, version: `smg ${release}`, command, stop: server.stop, output: server.output };
}
