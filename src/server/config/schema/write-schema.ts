import { z } from 'zod';
import type { JsonObject } from '../../../protocol/json.ts';
import { rookerySchema } from './rookery-file.ts';

/** The JSON schema of a `rookery.yaml`, for editors: they name keys and show what each is for. Draft 7, which all of them know. */
export function writeSchema(): JsonObject {
  const { $schema, ...schema } = z.toJSONSchema(rookerySchema, { target: 'draft-7' }) as { readonly $schema: string } & JsonObject;
  return { $schema, title: 'rookery.yaml', ...schema };
}
