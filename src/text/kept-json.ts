const texts = new WeakMap<object, string>();

/** The JSON text of what many requests share: written once, and kept as long as the value itself. It must not change. */
export function keptJson(value: object): string {
  let text = texts.get(value);
  if (text === undefined) texts.set(value, (text = JSON.stringify(value)));
  return text;
}
