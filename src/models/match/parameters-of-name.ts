/** `7B`, `0.5b`, `135M`, `8x7B`; not the `A3B` of a mixture's active part, nor `4bit` */
const size = /(?<![a-z0-9.])(?:(\d+)x)?(\d+(?:\.\d+)?)([bm])(?![a-z0-9])/gi;

/** How many parameters a model's name says it has, the most where it names several; undefined where it says nothing. */
export function parametersOfName(name: string): number | undefined {
  const found = [...name.matchAll(size)].map(([, experts = '1', count = '0', unit = 'b']) => {
    return Number(experts) * Number(count) * (unit.toLowerCase() === 'b' ? 1e9 : 1e6);
  });
  return found.length === 0 ? undefined : Math.max(...found);
}
