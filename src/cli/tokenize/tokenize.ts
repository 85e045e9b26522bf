import { GatewayError } from '../../protocol/error.ts';
import { findTokenizer } from '../../sources/tokenizer-files.ts';
import { type AsyncTokenizer, openTokenizer } from '../../workers/tokenizer.ts';
import { runInterruptible } from '../fetching.ts';
import { readInput } from '../lines/read-input.ts';
import { createStyle, hasColours } from '../output.ts';
import { findPlaces } from '../places.ts';
import { readIds } from './read-ids.ts';
import { showTokens } from './show-tokens.ts';
import { tokenizeServed } from './tokenize-served.ts';

/** Flags of `rookery tokenize`. */
export interface TokenizeFlags {
  readonly ids?: boolean;
  readonly count?: boolean;
  readonly json?: boolean;
  readonly decode?: boolean;
  readonly plain?: boolean;
  readonly addSpecial?: boolean;
  /** a running server that is asked: `[kind=]address[,key=env:NAME]` */
  readonly server?: string;
  /** of the server's models; default: its only one */
  readonly model?: string;
  /** a tokenizer at hand that the server's is compared with */
  readonly against?: string;
  readonly cacheDir?: string;
}

/** After this long a person is told what is going on. */
const quietMs = 2_000;
const timeLimitMs = 300_000;

/**
 * Runs `rookery tokenize` with this process's streams: `words` are the model and the text, with `server` the text alone.
 * Throws `bad_usage`, and what finding and loading the tokenizer, or asking the server, throws.
 */
export async function tokenize(words: readonly string[], flags: TokenizeFlags): Promise<void> {
  refuseMixed(flags);
  const { server } = flags;
  if (server === undefined) return tokenizeLocally(words, flags);
  if (words.length > 1) {
    throw new GatewayError('bad_usage', 'With --server only the text is named; a tokenizer to compare with goes after --against.');
  }
  const { env: environment, stdin: input, stdout } = process;
  const style = createStyle(hasColours(stdout, environment));
  await runInterruptible(
    (signal) => tokenizeServed(words[0], { ...flags, server }, { environment, input, style, signal, write: (text) => stdout.write(text) }),
    'Nothing was changed.',
  );
}

async function tokenizeLocally([model, given]: readonly string[], flags: TokenizeFlags): Promise<void> {
  if (model === undefined) throw new GatewayError('bad_usage', 'Name a model, or a running server with --server.');
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
  const lone = (['model', 'against'] as const).find((name) => flags[name] !== undefined);
  if (lone !== undefined && flags.server === undefined) throw new GatewayError('bad_usage', `--${lone} goes with --server.`);
  const beside = (['ids', 'count', 'decode'] as const).find((name) => flags[name] === true);
  if (flags.against !== undefined && beside !== undefined) {
    throw new GatewayError('bad_usage', `--${beside} does not go with --against, which shows where two tokenizers differ.`);
  }
  if (flags.ids === true && flags.count === true) throw new GatewayError('bad_usage', '--ids and --count do not go together.');
  if (flags.decode !== true) return;
  const wrong = (['ids', 'count', 'plain', 'addSpecial'] as const).find((name) => flags[name] === true);
  if (wrong === undefined) return;
  const flag = wrong === 'addSpecial' ? 'add-special' : wrong;
  throw new GatewayError('bad_usage', `--${flag} does not go with --decode: that gives text, not tokens.`);
}
