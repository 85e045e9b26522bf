import { writeFile } from 'node:fs/promises';
import { GatewayError } from '../../protocol/error.ts';

/** Writes a file that is not there yet; one that is, only with `force`. Throws `bad_usage` where it may not, or cannot. */
export async function writeNewFile(file: string, text: string, { force = false }: { readonly force?: boolean }): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const fault = code === 'EEXIST' ? 'is there already. Name another file, or replace it with --force.' : `cannot be written (${code}).`;
    throw new GatewayError('bad_usage', `${file} ${fault}`, { cause });
  }
}
