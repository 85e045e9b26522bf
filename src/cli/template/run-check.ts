import { GatewayError } from '../../protocol/error.ts';
import { findTokenizer, type TokenizerPlaces } from '../../sources/tokenizer-files.ts';
import { type AsyncTokenizer, openTokenizer } from '../../workers/tokenizer.ts';
import { runInterruptible } from '../fetching.ts';
import { createStyle, hasColours } from '../output.ts';
import { findPlaces } from '../places.ts';
import { type CheckFlags, type CheckSettings, checkTemplate } from './check.ts';
import { checkServer } from './check-server.ts';
import type { PromptCutter } from './show-differences.ts';

/** Runs `rookery template check` with this process's streams. Throws `template_faulty` when something fails the check, and `bad_usage`. */
export async function runCheck(reference: string | undefined, flags: CheckFlags): Promise<void> {
  refuseMixed(reference, flags);
  const places = findPlaces(flags.cacheDir, process.env);
  let tokenizer: AsyncTokenizer | undefined;
  try {
    await runInterruptible(async (signal) => {
      const settings: CheckSettings = {
        ...{ places, signal, style: createStyle(hasColours(process.stdout, process.env)) },
        write: (text) => process.stdout.write(text),
        openCutter: async (each) => {
          tokenizer = await openBeside(each, places);
          return tokenizer && cutIntoTokens(tokenizer);
        },
      };
      const { server } = flags;
      if (server !== undefined)
        await checkServer(reference, { ...flags, server }, { ...settings, environment: process.env, now: () => new Date() });
      else if (reference !== undefined) await checkTemplate(reference, flags, settings);
    }, 'What was compared so far is above.');
  } finally {
    await tokenizer?.close();
  }
}

function refuseMixed(reference: string | undefined, { server, against, model }: CheckFlags): void {
  const fault =
    server === undefined
      ? (reference === undefined && 'Name a template, or a running server with --server.') ||
        (model !== undefined && '--model names a model of a server: it goes with --server.')
      : against !== undefined && '--against and --server both name what is compared with. Give one of them.';
  if (fault) throw new GatewayError('bad_usage', fault);
}

/** The tokenizer of what is checked; a template file alone has none. */
async function openBeside(reference: string, places: TokenizerPlaces): Promise<AsyncTokenizer | undefined> {
  if (/\.(jinja2?|j2|txt)$/i.test(reference)) return undefined;
  try {
    return openTokenizer(await findTokenizer(reference, places));
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'unknown_model') return undefined;
    throw error;
  }
}

function cutIntoTokens(tokenizer: AsyncTokenizer): PromptCutter {
  return {
    unit: 'token',
    cut: async (prompt) => {
      const ids = await tokenizer.encode([{ text: prompt, isLiteral: false }]);
      return (await tokenizer.pieces(ids)).map(({ text }) => text);
    },
  };
}
