import { GatewayError } from '../../protocol/error.ts';
import { findTokenizer, type TokenizerPlaces } from '../../sources/tokenizer-files.ts';
import { type AsyncTokenizer, openTokenizer } from '../../workers/tokenizer.ts';
import { runInterruptible } from '../fetching.ts';
import { createStyle, hasColours } from '../output.ts';
import { findPlaces } from '../places.ts';
import { type CheckFlags, checkTemplate } from './check.ts';
import type { PromptCutter } from './show-differences.ts';

/** Runs `rookery template check` with this process's streams. Throws `template_faulty` when something fails the check. */
export async function runCheck(reference: string, flags: CheckFlags): Promise<void> {
  const places = findPlaces(flags.cacheDir, process.env);
  let tokenizer: AsyncTokenizer | undefined;
  try {
    await runInterruptible((signal) =>
      checkTemplate(reference, flags, {
        ...{ places, signal, style: createStyle(hasColours(process.stdout, process.env)) },
        write: (text) => process.stdout.write(text),
        openCutter: async (each) => {
          tokenizer = await openBeside(each, places);
          return tokenizer && cutIntoTokens(tokenizer);
        },
      }),
    );
  } finally {
    await tokenizer?.close();
  }
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
