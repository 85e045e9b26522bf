import { z } from 'zod';
import { failureKinds } from '../../../gateway/health/failure.ts';
import { policies } from '../../../policies/index.ts';
import { flag, list, name, section, time, whole, words } from './leaves.ts';

const policyNames = Object.keys(policies) as [keyof typeof policies];
const policyName = words(...policyNames);
const policy = z.union([policyName, z.looseObject({ name: policyName }, { error: 'a map with `name`' })], {
  error: `the name of a policy (${policyNames.join(', ')}), or a map with it as \`name\` and its options`,
});

const failureCounts = section(
  Object.fromEntries(failureKinds.map((kind) => [kind, whole(0, 1000).optional()])) as {
    readonly [Kind in (typeof failureKinds)[number]]: z.ZodOptional<z.ZodInt>;
  },
  'A count for some kinds of failures.',
);

const names = list(name, 'a list of models');

/** How targets are chosen, tried again and rested; in `routing` for all models, in a model for it alone. */
export const rulesShape = {
  policy: policy.optional().describe('How one of several targets is chosen; default least-in-flight.'),
  retries: whole(0, 100).optional().describe('Further tries after the first, before the first byte; default 2.'),
  retries_for: failureCounts.optional().describe('Further tries after some kinds of failures.'),
  retry_pause: time.optional().describe('Least pause before a further try; default 0.'),
  cooldown: time.optional().describe('Rest of a target that failed; default 5s, 0 for none. The last healthy one never rests.'),
  max_cooldown: time.optional().describe('A rest doubles up to this; default 60s.'),
  allowed_fails: whole(0, 10_000).optional().describe('Failures in a minute after which a target rests; default 3.'),
  allowed_fails_for: failureCounts.optional().describe('Allowed failures of some kinds.'),
  timeout: time.optional().describe("Longest time of a whole answer; default: no bound but the engine's."),
  stream_timeout: time.optional().describe('Longest wait for the first byte of a stream.'),
  fallbacks: names.optional().describe('Models that answer where this one cannot. Their own fallbacks are not followed.'),
  context_window_fallbacks: names.optional().describe('Models that answer where the prompt is too long.'),
  content_policy_fallbacks: names.optional().describe('Models that answer where a cloud refuses the content.'),
  max_fallbacks: whole(0, 100).optional().describe('Default 5.'),
};

/** What holds for all models. */
export const routingSchema = section(
  {
    ...rulesShape,
    tag_filtering: words('off', 'any', 'all').optional().describe("Whether a request's tags choose targets; default off."),
    queue: whole(0, 1_000_000).optional().describe('Requests that may wait for a place at one upstream; default 1024.'),
    queue_timeout: time.optional().describe('Longest wait in the queue; default 10m.'),
    probe_interval: time.optional().describe('How often engines are asked whether they are well; default 10s, 0 for never.'),
    probe_timeout: time.optional().describe('Default 5s.'),
    max_swap_wait: time.optional().describe('Longest wait for a model that must be swapped in; default 60s.'),
    serve_unlisted: flag
      .optional()
      .describe('Whether models that upstreams have but this file does not name are served; default: only where it names none.'),
  },
  'How models and engines are chosen, tried again and rested.',
);

const ruleSection = section(rulesShape, 'Rules of one model.');

/** Rules that were checked. */
export type RulesSection = z.infer<typeof ruleSection>;

/** A routing section that was checked. */
export type RoutingSection = z.infer<typeof routingSchema>;
