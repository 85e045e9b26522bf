import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Editors write in several steps; what follows within this time is one change. */
const settleMs = 200;

/** Files that are watched, and may become others. */
export interface FileWatch {
  /** Watches these files from now on, absolute paths. */
  follow(files: readonly string[]): void;
  close(): void;
}

/**
 * Calls `onChange` once for each change of any of the files. Their folders are watched, as editors and configuration maps put a new file in the place of the old one.
 * A folder that cannot be watched is told to `onFailure`.
 */
export function watchFiles(onChange: () => void, onFailure: (folder: string, error: Error) => void): FileWatch {
  const watchers = new Map<string, FSWatcher>();
  let names: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  let timer: NodeJS.Timeout | undefined;
  const note = (folder: string, name: string | null): void => {
    // a configuration map's folder changes by a link (`..data`) that is put in another's place
    if (name !== null && !name.startsWith('..') && !names.get(folder)?.has(name)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, settleMs);
  };
  const open = (folder: string): void => {
    try {
      const watcher = watch(folder, (_, name) => note(folder, name));
      watcher.on('error', (error) => onFailure(folder, error));
      watchers.set(folder, watcher);
    } catch (error) {
      onFailure(folder, error as Error);
    }
  };
  return {
    follow(files) {
      const folders = new Map<string, Set<string>>();
      for (const file of files) folders.set(dirname(file), (folders.get(dirname(file)) ?? new Set()).add(basename(file)));
      names = folders;
      for (const [folder, watcher] of watchers) {
        if (folders.has(folder)) continue;
        watcher.close();
        watchers.delete(folder);
      }
      for (const folder of folders.keys()) if (!watchers.has(folder)) open(folder);
    },
    close() {
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
