import { given } from '../../../api/decode/given.ts';
import type { Configuration, PassThrough } from '../configuration.ts';
import type { Reading } from '../reading.ts';
import { checkShape } from '../schema/check-shape.ts';
import { type RookeryFile, rookerySchema } from '../schema/rookery-file.ts';
import { checkReferences } from './check-references.ts';
import { makeModels } from './make-models.ts';
import { makeRouting } from './make-routing.ts';
import { makeHub, makeServer } from './make-server.ts';
import { makeUpstreams, readHeaders } from './make-upstreams.ts';
import type { ReadDialects } from './read-dialects.ts';

/** The configuration that a `rookery.yaml` says. It may only be used where the reading has no faults; undefined where none could be made. */
export async function makeConfiguration(reading: Reading): Promise<Configuration | undefined> {
  const file = checkShape(rookerySchema, reading.located, reading.faults);
  if (file === undefined) return undefined;
  const routing = makeRouting(file.routing);
  // compiling dialects is loaded only where there are some
  const { dialects, isWhole } = file.dialects === undefined ? noDialects : await readOwn(reading, file.dialects);
  const upstreams = await makeUpstreams(reading, file.upstreams);
  const models = await makeModels(reading, file.models, routing.rules);
  const servesUnlisted = file.routing?.serve_unlisted ?? reading.writtenNames.models.length === 0;
  checkReferences(reading, { upstreams, models, dialects: isWhole ? dialects : 'faulty', servesUnlisted });
  return {
    form: 'rookery',
    server: await makeServer(reading, file.server),
    hub: await makeHub(reading, file.hub),
    ...{ upstreams, models, servesUnlisted, routing },
    ...given({ dialects }),
    passThrough: await makePassThrough(reading, file.pass_through),
  };
}

const noDialects: ReadDialects = { isWhole: true };

async function readOwn(reading: Reading, files: NonNullable<RookeryFile['dialects']>): Promise<ReadDialects> {
  const { readDialects } = await import('./read-dialects.ts');
  return readDialects(reading, files);
}

async function makePassThrough(reading: Reading, sections: RookeryFile['pass_through'] = []): Promise<readonly PassThrough[]> {
  return Promise.all(
    sections.map(async ({ path, target, headers, forward_headers }, index) => ({
      ...{ path, target, forwardsHeaders: forward_headers ?? false },
      headers: await readHeaders(reading, headers, ['pass_through', index, 'headers']),
    })),
  );
}
