import type { ConfigurationState, Node } from '../../gateway/node.ts';
import { createReadGauge } from './count.ts';
import type { Family } from './family.ts';

const states = ['healthy', 'kept', 'resting', 'trial', 'down'] as const;

/** What a node tells of its upstreams, read at each scrape. `node` gives the one that answers now. */
export function createNodeFamilies(node: () => Node): readonly Family[] {
  const loadOf = (part: 'inFlight' | 'waiting' | 'slots') => () =>
    Object.entries(node().loads()).map(([upstream, load]) => ({ labels: [upstream] as const, value: load[part] }));
  const ofFile = (read: (state: ConfigurationState) => number) => () => {
    const state = node().configuration();
    return state ? [{ labels: [] as const, value: read(state) }] : [];
  };
  return [
    createReadGauge(
      {
        name: 'rookery_config_last_reload_successful',
        help: 'Whether the configuration file, as it is now, is the one in use.',
        labelNames: [],
      },
      ofFile(({ refusal }) => (refusal === undefined ? 1 : 0)),
    ),
    createReadGauge(
      {
        name: 'rookery_config_last_reload_success_timestamp_seconds',
        help: 'When the configuration file was last taken, seconds since 1970.',
        labelNames: [],
      },
      ofFile(({ loadedMs }) => loadedMs / 1000),
    ),
    createReadGauge({ name: 'rookery_upstream_up', help: 'Whether an upstream is ready to answer.', labelNames: ['upstream'] }, () =>
      Object.entries(node().states()).map(([upstream, { status }]) => ({ labels: [upstream], value: status === 'ready' ? 1 : 0 })),
    ),
    createReadGauge(
      { name: 'rookery_upstream_in_flight', help: 'Requests that an upstream works on now.', labelNames: ['upstream'] },
      loadOf('inFlight'),
    ),
    createReadGauge(
      { name: 'rookery_upstream_waiting', help: 'Requests that wait here for an upstream.', labelNames: ['upstream'] },
      loadOf('waiting'),
    ),
    createReadGauge(
      { name: 'rookery_upstream_slots', help: 'Requests that an upstream works on at once.', labelNames: ['upstream'] },
      loadOf('slots'),
    ),
    createReadGauge(
      {
        name: 'rookery_target_state',
        help: 'The health of a model on an upstream: 1 for the state it is in (healthy, kept, resting, trial, down), 0 for the others.',
        labelNames: ['model', 'upstream', 'state'],
      },
      () =>
        node()
          .targets()
          .flatMap(({ model, upstream, health }) =>
            states.map((state) => ({ labels: [model, upstream, state] as const, value: health.state === state ? 1 : 0 })),
          ),
    ),
  ];
}
