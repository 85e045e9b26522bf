import { type LiteralJson, LiteralNumber } from '../text/literal-json.ts';
import { typeError } from './errors.ts';
import { type HashKey, PyDict, PyFloat, PyObject, toInteger, type Value } from './values.ts';

/** The Python value that `json.loads` gives for this JSON: `1.0` is a float, long integers keep every digit. Python values are left as they are. */
export function fromJson(json: LiteralJson | Value): Value {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(fromJson);
  if (json instanceof LiteralNumber) return readNumber(json);
  if (json instanceof PyObject) return json;
  const entries = new Map<HashKey, Value>();
  for (const [key, value] of json as ReadonlyMap<string, LiteralJson>) entries.set(key, fromJson(value));
  return new PyDict(entries);
}

/** Python's own limit. */
const mostDigits = 4300;

function readNumber(number: LiteralNumber): Value {
  if (!number.isInteger) return new PyFloat(Number(number.written));
  const value = Number(number.written);
  // `+ 0` makes the integer `-0` a 0
  if (Number.isSafeInteger(value)) return value + 0;
  if (number.written.length > mostDigits + 1) throw typeError(`Exceeds the limit (${mostDigits} digits) for integer string conversion`);
  return toInteger(BigInt(number.written));
}
