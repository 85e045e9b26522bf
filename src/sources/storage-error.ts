import { GatewayError } from '../protocol/error.ts';

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const storageCodes = new Set([...fullCodes, 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'EMFILE', 'EIO']);

/** The system's code of a failure, such as `ENOSPC`; also where it is wrapped as a cause. */
export function errorCodeOf(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth += 1) {
    const { code } = current as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
  }
  return undefined;
}

/** Whether a failure lies in the file system rather than in the network. */
export function isStorageError(error: unknown): boolean {
  return storageCodes.has(errorCodeOf(error) ?? '');
}

/** A failure of the file system in our words: `disk_full` where there is no room, else `download_failed` with the path and the system's code. */
export function toStorageError(cause: unknown, path: string): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const code = errorCodeOf(cause) ?? 'unknown reason';
  if (fullCodes.has(code)) return new GatewayError('disk_full', `There is no room left to write ${path} (${code}).`, { cause });
  return new GatewayError('download_failed', `${path} cannot be written (${code}). Choose another folder with --cache-dir.`, { cause });
}
