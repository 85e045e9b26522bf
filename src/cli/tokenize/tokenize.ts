import { GatewayError } from '../../protocol/error.ts';
import { findTokenizer } from '../../sources/tokenizer-files.ts';
import { type AsyncTokenizer, openTokenizer } from '../../workers/tokenizer.ts';
import { readInput } from '../lines/read-input.ts';
import { createStyle, hasColours } from '../output.ts';
import { findPlaces } from '../places.ts';
import { readIds } from './read-ids.ts';
import { showTokens } from './show-tokens.ts';

/** Flags of `rookery tokenize`. */
export interface TokenizeFlags {
  readonly ids?: boolean;
  readonly count?: boolean;
  readonly json?: boolean;
  readonly decode?: boolean;
  readonly plain?: boolean;
  readonly addSpecial?: boolean;
  readonly cacheDir?: string;
}

/** After this long a person is told what is going on. */
const quietMs = 2_000;
const timeLimitMs = 300_000;

/** Runs `rookery tokenize` with this process's streams. Throws `bad_usage`, and what finding and loading the tokenizer throws. */
export async function tokenize(model: string, given: string | undefined, flags: TokenizeFlags): Promise<void> {
  refuseMixed(flags);
  const { env, stdin, stdout, stderr } = process;
  const source = await findTokenizer(model, findPlaces(flags.cacheDir, env));
  const text = given === undefined || given === '-' ? await readInput(stdin) : given;
  const tokenizer = openTokenizer(source, { timeLimitMs });
  const notice = setTimeout(() => stderr.write(`Loading the tokenizer of ${source.path} …\n`), quietMs);
  try {
    stdout.write(await answer(tokenizer, text, flags));
  } finally {
    clearTimeout(notice);
    await tokenizer.close();
  }
}

async function answer(tokenizer: AsyncTokenizer, text: string, flags: TokenizeFlags): Promise<string> {
  if (flags.decode === true) return decode(tokenizer, text, flags);
  const ids = await tokenizer.encode([{ text, isLiteral: flags.plain === true }], { addSpecial: flags.addSpecial === true });
  if (flags.count === true) return `${flags.json === true ? JSON.stringify({ count: ids.length }) : ids.length}\n`;
  if (flags.ids === true) return `${flags.json === true ? JSON.stringify(ids) : ids.join(' ')}\n`;
  const pieces = await tokenizer.pieces(ids);
  if (flags.json === true) {
    const tokens = pieces.map(({ id, text: shown, isSpecial }) => ({ id, text: shown, special: isSpecial }));
    return `${JSON.stringify({ count: ids.length, ids, tokens }, null, 2)}\n`;
  }
  return showTokens(pieces, createStyle(hasColours(process.stdout, process.env)));
}

async function decode(tokenizer: AsyncTokenizer, text: string, flags: TokenizeFlags): Promise<string> {
  const { vocabularyTokens } = await tokenizer.describe();
  const decoded = await tokenizer.decode(readIds(text, vocabularyTokens));
  return `${flags.json === true ? JSON.stringify({ text: decoded }) : decoded}\n`;
}

function refuseMixed(flags: TokenizeFlags): void {
  if (flags.ids === true && flags.count === true) throw new GatewayError('bad_usage', '--ids and --count do not go together.');
  if (flags.decode !== true) return;
  const wrong = (['ids', 'count', 'plain', 'addSpecial'] as const).find((name) => flags[name] === true);
  if (wrong === undefined) return;
  const flag = wrong === 'addSpecial' ? 'add-special' : wrong;
  throw new GatewayError('bad_usage', `--${flag} does not go with --decode: that gives text, not tokens.`);
}
