import type { JsonValue } from '../../protocol/json.ts';

/** JSON that is written already: numbers like `1.0` and 9007199254740993 stay as they are. */
export class JsonText {
  readonly written: string;

  constructor(written: string) {
    this.written = written;
  }
}

/** JSON with texts among it that are written already. */
export type WireJson = JsonValue | JsonText | readonly WireJson[] | WireObject;

/** A JSON object; members that are undefined are left out. */
export interface WireObject {
  readonly [key: string]: WireJson | undefined;
}

/** The JSON text of a value. */
export function printWire(value: WireJson): string {
  if (value instanceof JsonText) return value.written;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(printWire).join(',')}]`;
  let members = '';
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${printWire(member)}`;
  }
  return `{${members}}`;
}

function isList(value: object): value is readonly WireJson[] {
  return Array.isArray(value);
}
