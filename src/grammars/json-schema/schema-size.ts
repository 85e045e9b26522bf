import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';

/** What a schema may measure. Beyond it is refused, so that every walk over a schema may recurse. */
const schemaLimits = {
  /** arrays and objects in one another */
  depth: 200,
  /** values of any kind */
  parts: 50_000,
  /** characters of names and texts */
  characters: 2_000_000,
} as const;

/** Throws `invalid_request` for a schema that is deeper or larger than `schemaLimits`; stops looking there. */
export function checkSchemaSize(schema: JsonValue): void {
  const open: { readonly value: JsonValue; readonly depth: number }[] = [{ value: schema, depth: 1 }];
  let parts = 0;
  let characters = 0;
  for (let entry = open.pop(); entry; entry = open.pop()) {
    const { value, depth } = entry;
    if (++parts > schemaLimits.parts) throw refuse(`has more than ${schemaLimits.parts} parts`);
    if (typeof value === 'string') characters += value.length;
    if (typeof value === 'object' && value !== null) {
      if (depth > schemaLimits.depth) throw refuse(`nests deeper than ${schemaLimits.depth} levels`);
      const names = Object.keys(value);
      // not even listed: what is refused must cost little
      if (parts + open.length + names.length > schemaLimits.parts) throw refuse(`has more than ${schemaLimits.parts} parts`);
      for (const name of names) {
        characters += name.length;
        open.push({ value: (value as JsonObject)[name] ?? null, depth: depth + 1 });
      }
    }
    if (characters > schemaLimits.characters) throw refuse(`has more than ${schemaLimits.characters} characters`);
  }
}

function refuse(problem: string): GatewayError {
  return new GatewayError('invalid_request', `The schema can't be used: it ${problem}. Send a smaller one.`);
}
