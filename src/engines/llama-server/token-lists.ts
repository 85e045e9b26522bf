import { GatewayError } from '../../protocol/error.ts';
import type { JsonObject, JsonValue } from '../../protocol/json.ts';

/** Asks one of the server's routes for JSON. */
export type AskServer = (path: string, body: JsonObject | undefined, signal: AbortSignal | undefined) => Promise<JsonObject>;

/** How texts are tokenised. */
export interface TextReading {
  /** spellings of control tokens are read as those tokens */
  readonly hasSpecials: boolean;
}

/** Stands between texts: no token has this id, and `/tokenize` leaves ids in a mixed list as they are. Source: llama-server b11434. */
const border = -1;

/** Token ids of several texts, each on its own, in one call. None are put before or behind them. */
export async function tokenizeTexts(
  ask: AskServer,
  texts: readonly string[],
  { hasSpecials }: TextReading,
  signal?: AbortSignal,
): Promise<readonly (readonly number[])[]> {
  if (texts.length === 0) return [];
  const content = texts.flatMap((text): JsonValue[] => [text, border]);
  const tokens = readIds(await ask('/tokenize', { content, add_special: false, parse_special: hasSpecials }, signal));
  const lists = splitAtBorders(tokens);
  if (lists.length === texts.length) return lists;
  throw new GatewayError('engine_failed', `llama-server gave the tokens of ${lists.length} texts where ${texts.length} were asked for.`);
}

/** Token ids of one text with those that the server puts around a prompt. */
export async function tokenizeFramed(ask: AskServer, text: string, signal?: AbortSignal): Promise<readonly number[]> {
  return readIds(await ask('/tokenize', { content: text, add_special: true, parse_special: true }, signal));
}

function readIds({ tokens }: JsonObject): readonly number[] {
  if (Array.isArray(tokens) && tokens.every((token): token is number => typeof token === 'number')) return tokens;
  throw new GatewayError('engine_failed', 'llama-server answered /tokenize without a list of token ids.');
}

function splitAtBorders(tokens: readonly number[]): readonly (readonly number[])[] {
  const lists: number[][] = [];
  let open: number[] = [];
  for (const token of tokens) {
    if (token !== border) {
      open.push(token);
      continue;
    }
    lists.push(open);
    open = [];
  }
  return lists;
}
