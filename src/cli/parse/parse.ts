import { GatewayError } from '../../protocol/error.ts';
import { answerLines } from '../lines/answer-lines.ts';
import { createStyle, hasColours } from '../output.ts';
import { answerLine } from './answer-line.ts';
import type { KnownFormats } from './find-format.ts';
import { builtInFormats } from './find-format.ts';
import { parseText, type TextFlags } from './parse-text.ts';
import { renderDialects, renderDialectsJson } from './render-dialects.ts';

/** Flags of `rookery parse`. */
export interface ParseFlags extends TextFlags {
  readonly dialects?: string;
  readonly jsonl?: boolean;
  readonly list?: boolean;
  readonly json?: boolean;
}

/** Flags that JSON lines carry themselves, or that make no sense with them. */
const textOnly = ['dialect', 'template', 'model', 'tools', 'promptTail', 'finish', 'everySplit'] as const;

/** Runs `rookery parse` with this process's streams. Throws `bad_usage` for flags that do not go together. */
export async function parse(flags: ParseFlags): Promise<void> {
  refuseMixed(flags);
  const known = await openFormats(flags.dialects);
  const { stdin, stdout } = process;
  if (flags.list === true) {
    const columns = stdout.isTTY ? stdout.columns : undefined;
    stdout.write(flags.json === true ? renderDialectsJson(known.dialects) : renderDialects(known.dialects, columns));
    return;
  }
  if (flags.jsonl === true) await answerLines(stdin, stdout, (line, lineNumber) => answerLine(line, lineNumber, known));
  else stdout.write(await parseText(stdin, { flags, known, style: createStyle(hasColours(stdout, process.env)) }));
}

/** The formats of the house, and those of the user's file. */
async function openFormats(file: string | undefined): Promise<KnownFormats> {
  if (file === undefined) return builtInFormats;
  const { loadDialects } = await import('../dialects-file.ts');
  return loadDialects(file);
}

function refuseMixed(flags: ParseFlags): void {
  const refuse = (message: string): never => {
    throw new GatewayError('bad_usage', message);
  };
  if (flags.json === true && flags.list !== true) refuse('--json goes with --list. For an answer as JSON use --jsonl.');
  if (flags.list === true && flags.jsonl === true) refuse('--list and --jsonl do not go together.');
  const given = textOnly.find((name) => flags[name] !== undefined);
  if (flags.jsonl === true && given !== undefined) {
    refuse(`--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} does not go with --jsonl: each line says that itself.`);
  }
}
