import type { Node } from '../gateway/node.ts';
import { encodeOpenAiError } from './encode/error.ts';
import { type AnswerRoute, type ApiAnswer, defineSurface } from './surface.ts';

/**
 * Whether the process lives and whether it can answer, for supervisors and balancers. Public, so it tells states and no reasons.
 * Source of the other names: Kubernetes (`/livez`, `/readyz`) and LiteLLM proxy (`/health/liveliness`, `/health/liveness`, `/health/readiness`).
 */
export default defineSurface({
  routes: [
    ...['/health/live', '/livez', '/health/liveliness', '/health/liveness'].map((path) => route(path, 'the process lives', live)),
    ...['/health', '/health/ready', '/readyz', '/health/readiness'].map((path) =>
      route(path, 'a model can answer (503 until then)', ready),
    ),
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
  const upstreams = Object.fromEntries(states.map(([name, state]) => [name, state.status]));
  if (states.some(([, state]) => state.status === 'ready')) return { body: { status: 'ok', upstreams } };
  const isStarting = states.length === 0 || states.some(([, state]) => state.status === 'starting');
  return { status: 503, body: { status: isStarting ? 'starting' : 'down', upstreams } };
}
