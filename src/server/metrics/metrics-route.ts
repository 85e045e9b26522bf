import type { TextRoute } from '../route-table.ts';
import { createExposition } from './exposition.ts';
import type { Family } from './family.ts';

/** `GET /metrics` for Prometheus. Where the server has a key it asks for it: model and upstream names are not for everyone. */
export function createMetricsRoute(families: readonly Family[]): TextRoute {
  return {
    kind: 'text',
    method: 'GET',
    path: '/metrics',
    access: 'key',
    what: 'metrics for Prometheus',
    answer: createExposition(families),
  };
}
