import { GatewayError } from '../../protocol/error.ts';
import { findTokenizer } from '../../sources/tokenizer-files.ts';
import { findParting } from '../../templates/check/compare.ts';
import { type AsyncTokenizer, openTokenizer, type TokenPiece } from '../../workers/tokenizer.ts';
import { readInput } from '../lines/read-input.ts';
import type { Style } from '../output.ts';
import { showText } from '../parse/show-text.ts';
import { findPlaces } from '../places.ts';
import { openServer } from '../server/open-server.ts';
import type { RunningServer, ServerEncoding, ServerToken, ServerTokenizer } from '../server/running-server.ts';
import { readIds } from './read-ids.ts';
import { showTokens } from './show-tokens.ts';
import type { TokenizeFlags } from './tokenize.ts';

/** What asking a server for tokens takes besides the flags. */
export interface ServedSettings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly style: Style;
  readonly write: (text: string) => void;
  readonly signal: AbortSignal;
  readonly input: Parameters<typeof readInput>[0];
}

/** Ids that any vocabulary could have: only the server knows how many its has. */
const mostIds = 2 ** 31;
const timeLimitMs = 300_000;

/**
 * Shows a text's tokens as a running server cuts it, and with `against` where a tokenizer at hand cuts it otherwise. Throws `unsupported_feature` where the
 * server tells no tokens, `tokens_differ` after the report where the two differ, and what asking the server throws.
 */
export async function tokenizeServed(
  given: string | undefined,
  flags: TokenizeFlags & { readonly server: string },
  settings: ServedSettings,
): Promise<void> {
  const { environment, signal, input, write } = settings;
  const server = await openServer({ server: flags.server, model: flags.model }, environment, signal);
  try {
    const tokenizer = requireTokenizer(server);
    const text = given === undefined || given === '-' ? await readInput(input) : given;
    if (flags.decode === true) {
      const decoded = await tokenizer.decode(readIds(text, mostIds));
      write(`${flags.json === true ? JSON.stringify({ text: decoded }) : decoded}\n`);
    } else if (flags.against === undefined) write(await answer(tokenizer, text, flags, settings.style));
    else await compare({ server, tokenizer, text }, { ...flags, against: flags.against }, settings);
  } finally {
    await server.close();
  }
}

function requireTokenizer({ tokenizer, about, url }: RunningServer): ServerTokenizer {
  if (tokenizer !== undefined) return tokenizer;
  throw new GatewayError(
    'unsupported_feature',
    `${about} at ${url} has no route to its tokenizer. Name the model's own files instead: rookery tokenize <model> "text".`,
  );
}

async function answer(tokenizer: ServerTokenizer, text: string, flags: TokenizeFlags, style: Style): Promise<string> {
  const encoding = encodingOf(flags);
  if (flags.count === true || flags.ids === true) {
    const ids = await tokenizer.encode(text, encoding);
    if (flags.count === true) return `${flags.json === true ? JSON.stringify({ count: ids.length }) : ids.length}\n`;
    return `${flags.json === true ? JSON.stringify(ids) : ids.join(' ')}\n`;
  }
  const tokens = await tokenizer.pieces(text, encoding);
  if (flags.json === true) return `${JSON.stringify({ count: tokens.length, ids: tokens.map(({ id }) => id), tokens }, null, 2)}\n`;
  return showTokens(tokens.map(toPiece), style);
}

function encodingOf({ plain, addSpecial }: TokenizeFlags): ServerEncoding {
  return { addSpecial: addSpecial === true, isPlain: plain === true };
}

/** Servers do not tell which tokens are special. */
function toPiece({ id, text }: ServerToken): TokenPiece {
  return { id, text, isSpecial: false };
}

interface Compared {
  readonly server: RunningServer;
  readonly tokenizer: ServerTokenizer;
  readonly text: string;
}

async function compare(
  { server, tokenizer, text }: Compared,
  flags: TokenizeFlags & { readonly against: string },
  { environment, style, write }: ServedSettings,
): Promise<void> {
  const source = await findTokenizer(flags.against, findPlaces(flags.cacheDir, environment));
  const local = openTokenizer(source, { timeLimitMs });
  try {
    const served = await tokenizer.pieces(text, encodingOf(flags));
    const ids = await local.encode([{ text, isLiteral: flags.plain === true }], { addSpecial: flags.addSpecial === true });
    const parting = findParting(
      served.map(({ id }) => id),
      ids,
    );
    const names = [`${server.about} at ${server.url}`, source.path] as const;
    if (flags.json === true) {
      const sides = { server: served.map(({ id }) => id), local: ids };
      write(`${JSON.stringify({ isEqual: parting === undefined, names, ...sides, firstDifference: parting?.index ?? null }, null, 2)}\n`);
    } else if (parting === undefined)
      write(`${style.good('✔')} the same ${ids.length} tokens from ${showText(names[0])} and ${showText(names[1])}\n`);
    else write(await showParting({ served, ids, local, index: parting.index, names }, style));
    if (parting !== undefined) throw differ(names);
  } finally {
    await local.close();
  }
}

function differ([server, local]: readonly [string, string]): GatewayError {
  return new GatewayError(
    'tokens_differ',
    `${server} and ${local} cut this text into different tokens: one of them has another model's tokenizer.`,
  );
}

interface Sides {
  readonly served: readonly ServerToken[];
  readonly ids: readonly number[];
  readonly local: AsyncTokenizer;
  readonly index: number;
  readonly names: readonly [string, string];
}

const shownTokens = 6;

async function showParting({ served, ids, local, index, names }: Sides, style: Style): Promise<string> {
  const start = Math.max(0, index - shownTokens);
  const sides = [served.slice(start, index + shownTokens).map(toPiece), await local.pieces(ids.slice(start, index + shownTokens))];
  const lines = sides.map((pieces, side) => {
    const shown = pieces.map(({ id, text }) => `${id} |${text}|`);
    const before = shown.slice(0, index - start).join('  ');
    const rest = shown.slice(index - start).join('  ') || '(the end)';
    return `  ${showText(names[side] ?? '')}\n    ${style.faint(before)}${style.wrong(' » ')}${rest}`;
  });
  return `${style.wrong('✖')} ${served.length} and ${ids.length} tokens, different from token ${index + 1} on\n${lines.join('\n')}\n`;
}
