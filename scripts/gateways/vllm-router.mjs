import { findFreePort } from '../engines/start-server.mjs';
import { startLoggedServer } from './logged-server.mjs';
import { installPython } from './python-environment.mjs';

/** The release of vLLM's router. It is a Rust program in a Python package; what else is listed it only imports. */
export const release = '0.1.17';
const packages = [
  `vllm-router==${release}`,
  ...['aiohappyeyeballs==2.7.1', 'aiohttp==3.14.5', 'aiosignal==1.4.0', 'annotated-doc==0.0.7', 'annotated-types==0.8.0', 'anyio==4.16.0'],
  ...['attrs==26.1.0', 'certifi==2026.10.18', 'charset-normalizer==3.5.2', 'click==8.5.1', 'fastapi==0.165.0', 'frozenlist==1.8.0'],
  ...[
    'h11==0.16.0',
    'idna==3.20',
    'multidict==7.2.1',
    'opentelemetry-api==1.45.2',
    'orjson==3.13.0',
    'propcache==0.5.4',
    'pydantic==2.14.3',
  ],
  ...['pydantic_core==2.50.4', 'requests==2.34.2', 'setproctitle==1.3.8', 'starlette==1.10.0', 'typing-inspection==0.4.5'],
  ...['typing_extensions==4.16.0', 'urllib3==2.8.0', 'uvicorn==0.54.0', 'yarl==1.25.1'],
];

/** Fetches vllm-router from PyPI, once (130 MB on disk). Gives the path of its Python. */
export function install({ log }) {
  return installPython({ name: 'vllm-router', version: release, packages, log });
}

/**
 * Starts vllm-router on loopback in front of `upstreamUrl`, or of several `upstreamUrls`. It asks callers for no key. Gives `{ url, version, command, stop, output }`.
 */
export async function start({ upstreamUrl, upstreamUrls = [upstreamUrl], policy = 'round_robin', port, log = () => {} }) {
  const python = await install({ log });
  const ownPort = port ?? (await findFreePort());
  const metrics = ['--prometheus-port', String(await findFreePort())];
  const limits = ['--max-concurrent-requests', '8192', '--log-level', 'info'];
  const flags = [
    '--worker-urls',
    ...upstreamUrls,
    '--policy',
    policy,
    '--host',
    '127.0.0.1',
    '--port',
    String(ownPort),
    ...metrics,
    ...limits,
  ];
  const server = await startLoggedServer({
    name: `vllm-router ${release}`,
    command: python,
    args: ['-m', 'vllm_router.launch_router', ...flags],
    url: `http://127.0.0.1:${ownPort}`,
    healthPath: '/health',
    readyWithinMs: 120_000,
  });
  const command = `python -m vllm_router.launch_router --worker-urls <engine> --policy ${policy} ${limits.join(' ')}`;
  return { url: server.url, version: `vllm-router ${release}`, command, stop: server.stop, output: server.output };
}
