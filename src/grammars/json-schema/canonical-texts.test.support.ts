import type { JsonObject, JsonValue } from '../../protocol/json.ts';

const mostTexts = 300;

/** The JSON texts of a value with the names of its objects in every order, at most three hundred; without white space. */
export function listTexts(value: JsonValue): readonly string[] {
  if (typeof value !== 'object' || value === null) return [JSON.stringify(value)];
  if (Array.isArray(value)) return combine(value.map((item: JsonValue) => listTexts(item))).map((items) => `[${items.join(',')}]`);
  const members = Object.entries(value as JsonObject).map(([name, member]) =>
    listTexts(member).map((text) => `${JSON.stringify(name)}:${text}`),
  );
  return permute(members)
    .flatMap((order) => combine(order).map((parts) => `{${parts.join(',')}}`))
    .slice(0, mostTexts);
}

function combine(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return lists.reduce<readonly (readonly string[])[]>(
    (rows, list) => rows.flatMap((row) => list.map((text) => row.concat(text))).slice(0, mostTexts),
    [[]],
  );
}

function permute<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length < 2) return [list];
  return list.flatMap((first, index) => permute(list.toSpliced(index, 1)).map((rest) => [first, ...rest])).slice(0, mostTexts);
}
