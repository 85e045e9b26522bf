import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';

/** Checks a JSON value and gives what it means. Throws `invalid_request` with the path, what was expected and what came. */
export type Decoder<T> = (value: JsonValue, path: string) => T;

/** A refusal that names the field, what it should be and what it was. */
export function wrongValue(path: string, expected: string, value: JsonValue | undefined): GatewayError {
  return new GatewayError('invalid_request', `\`${path}\` must be ${expected}, but it is ${describe(value)}.`, { param: path });
}

/** A refusal of something that is understood and cannot be done here. */
export function unsupported(path: string, message: string): GatewayError {
  return new GatewayError('unsupported_feature', `\`${path}\` ${message}`, { param: path });
}

/** An integer in a range, both ends included. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): Decoder<number> {
  return (value, path) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw wrongValue(
      path,
      most === Number.MAX_SAFE_INTEGER ? `an integer of at least ${least}` : `an integer from ${least} to ${most}`,
      value,
    );
  };
}

/** A number in a range, both ends included unless `isOverLeast`, which shuts the lower one out. */
export function number(least: number, most: number, isOverLeast = false): Decoder<number> {
  return (value, path) => {
    if (typeof value === 'number' && value <= most && (isOverLeast ? value > least : value >= least)) return value;
    throw wrongValue(path, isOverLeast ? `a number over ${least}, up to ${most}` : `a number from ${least} to ${most}`, value);
  };
}

/** A text, its length in UTF-16 units within the range. */
export function text(leastChars = 0, mostChars: number = Number.MAX_SAFE_INTEGER): Decoder<string> {
  return (value, path) => {
    if (typeof value !== 'string') throw wrongValue(path, 'a text', value);
    if (value.length < leastChars)
      throw wrongValue(path, leastChars === 1 ? 'a text that is not empty' : `at least ${leastChars} characters`, value);
    if (value.length > mostChars) throw wrongValue(path, `at most ${mostChars} characters`, value);
    return value;
  };
}

/** `true` or `false`. */
export const flag: Decoder<boolean> = (value, path) => {
  if (typeof value === 'boolean') return value;
  throw wrongValue(path, 'true or false', value);
};

/** One of a few words. */
export function word<const Word extends string>(...words: readonly Word[]): Decoder<Word> {
  return (value, path) => {
    const found = words.find((each) => each === value);
    if (found !== undefined) return found;
    throw wrongValue(path, words.map((each) => `"${each}"`).join(' or '), value);
  };
}

/** A list whose items all decode, its length within the range. What `take` gives of an item needs no decoding, and no path is written for it. */
export function list<T>(
  item: Decoder<T>,
  least = 0,
  most: number = Number.MAX_SAFE_INTEGER,
  take: (value: JsonValue) => T | undefined = () => undefined,
): Decoder<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw wrongValue(path, 'a list', value);
    if (value.length < least) throw wrongValue(path, least === 1 ? 'a list that is not empty' : `a list of at least ${least}`, value);
    if (value.length > most) throw wrongValue(path, `a list of at most ${most}`, value);
    return value.map((each: JsonValue, index) => take(each) ?? item(each, `${path}[${index}]`));
  };
}

/** An object, taken as it is. */
export const object: Decoder<JsonObject> = (value, path) => {
  if (isObject(value)) return value;
  throw wrongValue(path, 'an object', value);
};

/** Any JSON nested no deeper than `mostLevels`, so that nothing after it can be made to run out of stack. */
export function json(mostLevels = 64): Decoder<JsonValue> {
  return (value, path) => {
    if (isDeeper(value, mostLevels))
      throw new GatewayError('invalid_request', `\`${path}\` is nested deeper than ${mostLevels} levels.`, { param: path });
    return value;
  };
}

/** An object nested no deeper than `mostLevels`. */
export function jsonObject(mostLevels = 64): Decoder<JsonObject> {
  const bounded = json(mostLevels);
  return (value, path) => object(bounded(value, path), path);
}

/** A field of an object; undefined where it is absent or null. */
export function optional<T>(from: JsonObject, name: string, decoder: Decoder<T>, path = ''): T | undefined {
  const value = field(from, name);
  return value === undefined || value === null ? undefined : decoder(value, join(path, name));
}

/** A field of an object that must be there and not null. */
export function required<T>(from: JsonObject, name: string, decoder: Decoder<T>, path = ''): T {
  const value = field(from, name);
  if (value === undefined || value === null) {
    throw new GatewayError('invalid_request', `\`${join(path, name)}\` is missing.`, { param: join(path, name) });
  }
  return decoder(value, join(path, name));
}

/** Refuses fields of a nested object that nobody here knows; null and the named ones pass. */
export function refuseOthers(from: JsonObject, known: ReadonlySet<string>, path: string): void {
  for (const name of Object.keys(from)) {
    if (known.has(name) || from[name] === null) continue;
    throw new GatewayError('unknown_parameter', `\`${join(path, name)}\` is not a field known here. Remove it, or correct its spelling.`, {
      param: join(path, name),
    });
  }
}

/** An object rather than a list, a text or anything else. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The path of a field inside another. */
export function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** The object's own field: `constructor` and its kin are not fields of every object. */
function field(from: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(from, name) ? from[name] : undefined;
}

function isDeeper(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((each) => isDeeper(each, levels - 1));
}

function describe(value: JsonValue | undefined): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return value.length <= 32 ? JSON.stringify(value) : `a text of ${value.length} characters`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
