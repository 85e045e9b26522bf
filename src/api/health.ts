import type { ConfigurationState, Node, TargetState, UpstreamLoad } from '../gateway/node.ts';
import { encodeOpenAiError } from './encode/error.ts';
import { type AnswerRoute, type ApiAnswer, defineSurface } from './surface.ts';

/**
 * Whether the process lives and whether it can answer, for supervisors and balancers. Public, so it counts states and names
 * nobody; each upstream with its load, and the health of each model on it, are for callers with the key.
 * Source of the other names: Kubernetes (`/livez`, `/readyz`) and LiteLLM proxy (`/health/liveliness`, `/health/liveness`, `/health/readiness`).
 */
export default defineSurface({
  routes: [
    ...['/health/live', '/livez', '/health/liveliness', '/health/liveness'].map((path) => route(path, 'the process lives', live)),
    ...['/health', '/health/ready', '/readyz', '/health/readiness'].map((path) =>
      route(path, 'a model can answer (503 until then)', ready),
    ),
    {
      ...{ kind: 'answer', method: 'GET', path: '/health/upstreams', access: 'key' },
      what: 'state and load of each upstream, and the health of its models',
      answer: describeUpstreams,
    },
  ],
  encodeError: encodeOpenAiError,
  examples: [],
});

function route(path: string, what: string, answer: AnswerRoute['answer']): AnswerRoute {
  return { kind: 'answer', method: 'GET', path, access: 'public', what, answer };
}

function live(): ApiAnswer {
  return { body: { status: 'ok' } };
}

function ready(_call: unknown, node: Node): ApiAnswer {
  const states = Object.entries(node.states());
  const count = (status: string) => states.filter(([, state]) => state.status === status).length;
  const upstreams = { ready: count('ready'), starting: count('starting'), down: count('down') };
  const file = node.configuration();
  const told = { upstreams, ...(file && { configuration: file.refusal === undefined ? 'current' : 'refused' }) };
  if (states.some(([, state]) => state.status === 'ready')) return { body: { status: 'ok', ...told } };
  const isStarting = states.length === 0 || states.some(([, state]) => state.status === 'starting');
  return { status: 503, body: { status: isStarting ? 'starting' : 'down', ...told } };
}

function describeUpstreams(_call: unknown, node: Node): ApiAnswer {
  const loads = node.loads();
  const targets = node.targets();
  const describe = (name: string, status: string): object => ({
    status,
    ...loadToWire(loads[name]),
    models: Object.fromEntries(
      targets.filter(({ upstream }) => upstream === name).map(({ model, health }) => [model, healthToWire(health)]),
    ),
  });
  const upstreams = Object.entries(node.states()).map(([name, { status }]) => [name, describe(name, status)]);
  return { body: { upstreams: Object.fromEntries(upstreams), ...fileToWire(node.configuration()) } };
}

/** Whether the operator's file is the one in use, and why not. */
function fileToWire(file: ConfigurationState | undefined): object {
  if (!file) return {};
  const { loadedMs, refusal } = file;
  return { configuration: { loaded_at: new Date(loadedMs).toISOString(), ...(refusal === undefined ? {} : { refused: refusal }) } };
}

function loadToWire(load: UpstreamLoad | undefined): object {
  return load ? { in_flight: load.inFlight, waiting: load.waiting, slots: load.slots } : {};
}

function healthToWire({ state, restsForMs }: TargetState['health']): object {
  return restsForMs > 0 ? { state, rests_for_ms: Math.ceil(restsForMs) } : { state };
}
