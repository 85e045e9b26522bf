import { GatewayError } from '../../protocol/error.ts';
import { type LiteralJson, parseLiteralJson, printLiteralJson } from '../../text/literal-json.ts';

/** Longest and deepest text whose numbers are kept as they were written. */
const limits = { maxChars: 2 ** 28, maxDepth: 1000 };

/** Gives the JSON text of the `input` of a block; undefined where it has none, or an empty one. */
export type InputFinder = (path: readonly (string | number)[]) => string | undefined;

/** Finds inputs of calls inside of JSON text, numbers as they were written. The text is read once, when the first is asked for. Throws `engine_failed` where it nests too deep. */
export function openInputs(json: string): InputFinder {
  let whole: LiteralJson | undefined;
  return (path) => {
    whole ??= parse(json);
    const input = [...path, 'input'].reduce<LiteralJson | undefined>(enter, whole);
    if (input === undefined || input === null || (input instanceof Map && input.size === 0)) return undefined;
    return printLiteralJson(input);
  };
}

function parse(json: string): LiteralJson {
  try {
    return parseLiteralJson(json, limits);
  } catch (cause) {
    throw new GatewayError('engine_failed', 'The engine sent a call whose arguments cannot be read.', { cause });
  }
}

function enter(value: LiteralJson | undefined, step: string | number): LiteralJson | undefined {
  if (Array.isArray(value)) return (value as readonly LiteralJson[])[Number(step)];
  return value instanceof Map ? (value as ReadonlyMap<string, LiteralJson>).get(String(step)) : undefined;
}
