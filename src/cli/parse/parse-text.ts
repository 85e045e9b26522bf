import type { Readable } from 'node:stream';
import { isObject } from '../../api/decode/decoder.ts';
import { compileDialect } from '../../parsing/compile-dialect.ts';
import { readTurn } from '../../parsing/read-turn.ts';
import type { ParseOptions, TurnEnd } from '../../parsing/turn-parser.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { JsonValue } from '../../protocol/json.ts';
import type { Tool } from '../../protocol/message.ts';
import { readFileText, readInput } from '../lines/read-input.ts';
import type { Style } from '../output.ts';
import { checkEverySplit } from './every-split.ts';
import { type FoundFormat, findFormat, type KnownFormats } from './find-format.ts';
import { readTools } from './read-tools.ts';
import { renderTurn } from './render-turn.ts';

/** Flags that say how one answer is to be read. */
export interface TextFlags {
  readonly dialect?: string;
  readonly template?: string;
  readonly model?: string;
  readonly tools?: string;
  readonly promptTail?: string;
  readonly finish?: TurnEnd;
  readonly everySplit?: boolean;
}

/** What reading an answer for people takes. */
export interface TextSettings {
  readonly flags: TextFlags;
  readonly known: KnownFormats;
  readonly style: Style;
}

/** Reads one answer and gives what a person sees of it. Throws `bad_usage` for wrong flags and `split_differs` where `everySplit` finds a difference. */
export async function parseText(input: Readable, { flags, known, style }: TextSettings): Promise<string> {
  const format = await openFormat(flags, known);
  const tools = flags.tools === undefined ? [] : await readToolsFile(flags.tools);
  const written = await readInput(input);
  const options: ParseOptions & { end: TurnEnd } = {
    ...{ tools, end: flags.finish ?? 'stop' },
    ...(flags.promptTail === undefined ? {} : { promptTail: flags.promptTail }),
  };
  const dialect = compileDialect(format.definition);
  if (flags.everySplit !== true)
    return renderTurn({ dialectName: format.name, turn: readTurn(dialect, [written], options), written, style });
  const ways = checkEverySplit(dialect, written, options);
  return `${ways} ${ways === 1 ? 'way' : 'ways'} to cut it, all the same\n`;
}

async function openFormat({ dialect, template, model }: TextFlags, known: KnownFormats): Promise<FoundFormat> {
  const source = dialect === undefined && template !== undefined ? await readFileText(template, '--template') : undefined;
  const format = asUsage(() => findFormat({ dialect, template: source, model }, known));
  if (format) return format;
  throw new GatewayError(
    'bad_usage',
    'Nothing names the format. Give --dialect NAME (`rookery parse --list` prints them), --template FILE or --model NAME.',
  );
}

/** The file's list of tools, or the `tools` of a request's body. */
async function readToolsFile(path: string): Promise<readonly Tool[]> {
  const source = await readFileText(path, '--tools');
  return asUsage(() => {
    const value = parseJson(source, path);
    return readTools(isObject(value) && value.tools !== undefined ? value.tools : value, 'tools');
  });
}

function parseJson(source: string, path: string): JsonValue {
  try {
    return JSON.parse(source) as JsonValue;
  } catch (cause) {
    throw new GatewayError('bad_usage', `${path} is not JSON: ${(cause as Error).message}.`, { cause });
  }
}

/** What would be a wrong request elsewhere is a wrong command line here. */
function asUsage<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw new GatewayError('bad_usage', error.message, { cause: error });
  }
}
