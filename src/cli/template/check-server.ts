import { GatewayError } from '../../protocol/error.ts';
import { type FoundTemplates, findTemplates } from '../../sources/template-files.ts';
import { fetchTemplates, isTemplateUrl } from '../../sources/template-url.ts';
import { openServer } from '../server/open-server.ts';
import type { RunningServer } from '../server/running-server.ts';
import { type Comparison, compareWithServer } from './against-server.ts';
import type { CheckFlags, CheckSettings } from './check.ts';
import { showComparisons } from './show-comparisons.ts';
import { characterCutter } from './show-differences.ts';

/** What checking against a server takes besides the flags. */
export interface ServerCheckSettings extends CheckSettings {
  /** where keys are named */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** our side's clock */
  readonly now: () => Date;
}

/**
 * Compares a running server's prompts with those of our engine: from the template that is named, else from the one that the server shows.
 * Throws `template_faulty` after the report where prompts differ that no known way of the server explains (with `strict`: any), and what asking it throws.
 */
export async function checkServer(
  reference: string | undefined,
  flags: CheckFlags & { readonly server: string },
  settings: ServerCheckSettings,
): Promise<void> {
  const { environment, signal, write, style, now } = settings;
  const server = await openServer({ server: flags.server, model: flags.model }, environment, signal);
  try {
    const found = await findOurs(reference, server, settings);
    const comparisons = await compareWithServer({ server, found, now });
    const hasIds = server.tokenizer !== undefined;
    const head = { server: `${server.about} at ${server.url}`, model: server.model, template: found.origin, hasIds };
    if (flags.json === true) write(`${JSON.stringify({ ...head, conversations: comparisons.map(describe) }, undefined, 2)}\n`);
    else {
      const cutter = (reference === undefined ? undefined : await settings.openCutter(reference)) ?? characterCutter;
      write(await showComparisons(comparisons, { head, cutter, style }));
    }
    throwIfBad(comparisons, server.about, flags.strict === true);
  } finally {
    await server.close();
  }
}

async function findOurs(
  reference: string | undefined,
  server: RunningServer,
  { places, signal }: ServerCheckSettings,
): Promise<FoundTemplates> {
  const shown = await server.findTemplates();
  if (reference === undefined) {
    if (shown) return shown;
    throw new GatewayError(
      'bad_usage',
      `${server.about} does not show its template: name the one it was started with, as a file, a folder or a model.${howToShow(server)}`,
    );
  }
  const named = await (isTemplateUrl(reference) ? fetchTemplates(reference, signal) : findTemplates(reference, places));
  // a template file alone has no special tokens
  if (Object.keys(named.specialTokens).length > 0) return named;
  return { ...named, specialTokens: shown?.specialTokens ?? (await findBegin(server)) };
}

/** The begin token is what the tokenizer puts before a text of its own. */
async function findBegin({ tokenizer }: RunningServer): Promise<FoundTemplates['specialTokens']> {
  const [first] = (await tokenizer?.encode('', { addSpecial: true, isPlain: false })) ?? [];
  return tokenizer === undefined || first === undefined ? {} : { bos_token: await tokenizer.decode([first]) };
}

function howToShow({ about }: RunningServer): string {
  return about.startsWith('vLLM') ? ' vLLM shows it when it is started with --enable-tokenizer-info-endpoint.' : '';
}

/** A comparison as JSON. */
function describe(comparison: Comparison): object {
  return comparison.verdict === 'explained' ? { ...comparison, ways: comparison.ways.map(({ name }) => name) } : comparison;
}

function throwIfBad(comparisons: readonly Comparison[], about: string, isStrict: boolean): void {
  const bad = comparisons.filter(({ verdict }) => verdict === 'different' || (isStrict && verdict === 'explained'));
  if (bad.length === 0) return;
  throw new GatewayError(
    'template_faulty',
    `${about} renders ${bad.length} ${bad.length === 1 ? 'conversation' : 'conversations'} otherwise than we do from this template.`,
  );
}
