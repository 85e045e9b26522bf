/** The same object type with every field that may be undefined made optional. */
export type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without the fields that are undefined, for types whose fields are absent rather than undefined. */
export function given<T extends object>(object: T): Given<T> {
  const from = object as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  // by name: entries would make a list for each field of each message
  for (const name of Object.keys(from)) if (from[name] !== undefined) kept[name] = from[name];
  return kept as Given<T>;
}
