import { findCacheFolder } from '../sources/cache-folder.ts';
import { openProgress } from '../sources/progress.ts';
import type { ResolveOptions } from '../sources/resolve-model.ts';

/** Flags of every command that may download. */
export interface FetchFlags {
  readonly cacheDir?: string;
  readonly hub: string;
  /** the hub's token; default: `HF_TOKEN` */
  readonly token?: string;
}

/** Where models are looked for when `--hub` names no other place. */
export const defaultHub = 'https://huggingface.co';

/** What downloading takes, with this process's terminal and environment. `end` clears the progress line. */
export interface Fetching {
  readonly options: ResolveOptions;
  readonly end: () => void;
}

/** Opens the terminal's progress line and finds the cache folder and the hub's token (`HF_TOKEN`). */
export function openFetching(flags: FetchFlags, signal: AbortSignal): Fetching {
  const progress = openProgress(process.stderr);
  return {
    end: progress.end,
    options: {
      cacheFolder: findCacheFolder(flags.cacheDir, process.env.XDG_CACHE_HOME),
      hubUrl: flags.hub,
      token: (flags.token ?? process.env.HF_TOKEN) || undefined,
      signal,
      onProgress: progress.onProgress,
      say: (line) => {
        progress.end();
        process.stderr.write(`${line}\n`);
      },
    },
  };
}

/** Runs work that Ctrl-C or SIGTERM gives up; the exit code is 130 then, and `told` says what is left of the work. */
export async function runInterruptible(
  work: (signal: AbortSignal) => Promise<void>,
  told = 'What was downloaded stays; run it again to go on.',
): Promise<void> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    await work(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stderr.write(`\nStopped. ${told}\n`);
    process.exit(130);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}
