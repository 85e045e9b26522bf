import { z } from 'zod';
import { address, flag, headers, list, section, text, written } from './leaves.ts';
import { modelsSchema } from './model.ts';
import { routingSchema } from './routing.ts';
import { hubSchema, serverSchema } from './server.ts';
import { upstreamsSchema } from './upstream.ts';

const files = z.union([text('a file'), list(text('a file'), 'a list of files', 64)], { error: 'a file, or a list of files' });

/** The whole of a `rookery.yaml`. `include` is gone when it is checked. */
export const rookerySchema = section(
  {
    include: files.optional().describe('Files read before this one, named from its folder. This file wins over them.'),
    server: serverSchema.optional(),
    hub: hubSchema.optional(),
    upstreams: upstreamsSchema.optional(),
    models: modelsSchema.optional(),
    routing: routingSchema.optional(),
    dialects: files.optional().describe('Files with tool-call formats of your own.'),
    pass_through: list(
      section(
        {
          path: written(/^\/[^\s?#]*$/, 'a path that begins with /'),
          target: address,
          headers: headers.optional(),
          forward_headers: flag.optional(),
        },
        'A path that is forwarded as it is, for callers with the key.',
      ),
      'a list of paths',
    ).optional(),
  },
  'The configuration of Rookery.',
);

/** A `rookery.yaml` that was checked. */
export type RookeryFile = z.infer<typeof rookerySchema>;
