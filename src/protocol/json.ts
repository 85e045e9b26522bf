/** Any value that JSON text can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object, its keys in the order they were written. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
