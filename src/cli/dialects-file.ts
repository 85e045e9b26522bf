import { open } from 'node:fs/promises';
import { dialects as builtInDialects } from '../dialects/index.ts';
import type { UserDialects } from '../dialects/validate/validate-dialects.ts';
import { GatewayError } from '../protocol/error.ts';

const mostFileBytes = 1024 * 1024;

/**
 * Reads and checks a file of dialects, YAML or JSON, at most 1 MiB; gives them beside the dialects of the house. Throws `dialects_invalid` with file, line and column.
 * The file's form: docs/dialects.md.
 */
export async function loadDialects(path: string): Promise<UserDialects> {
  const source = await readSource(path);
  // YAML's parser is loaded only where there is a file to read
  const { parseDialects } = await import('../server/config/own/parse-dialects.ts');
  const own = parseDialects(source, builtInDialects);
  if ('problem' in own) throw invalid(`${path}${own.place ? `:${own.place.line}:${own.place.column}` : ''}: ${own.problem}`);
  return { dialects: { ...builtInDialects, ...own.dialects }, models: own.models };
}

async function readSource(path: string): Promise<string> {
  try {
    const file = await open(path);
    const chunks: Buffer[] = [];
    for await (const chunk of file.createReadStream({ end: mostFileBytes })) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    if (bytes.length > mostFileBytes) throw invalid(`${path} is longer than ${mostFileBytes} bytes.`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    if (cause instanceof TypeError) throw invalid(`${path} is not UTF-8 text.`, cause);
    throw invalid(`${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, cause);
  }
}

function invalid(message: string, cause?: unknown): GatewayError {
  return new GatewayError('dialects_invalid', message, { cause });
}
