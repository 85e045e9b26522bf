import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../protocol/error.ts';
import { fileSize } from './cache-folder.ts';
import type { HubFile } from './catalogue.ts';
import { partNotePathOf } from './file-store.ts';
import { hubPathOf } from './hub-reference.ts';
import { describeNetworkError, type HubConnection, type HubResponse } from './hub-request.ts';
import { isStorageError, toStorageError } from './storage-error.ts';

/** What a hub tells of a file before it is fetched. */
export interface HubFileFacts {
  readonly sizeBytes?: number;
  /** of files in the hub's large-file store: all that matter */
  readonly sha256?: string;
}

/** A file to fetch into a part file. */
export interface HubFetch {
  readonly connection: HubConnection;
  readonly file: HubFile;
  readonly facts: HubFileFacts;
  readonly partPath: string;
  /** hears the bytes that lie in the part file */
  readonly onBytes: (doneBytes: number) => void;
  readonly signal: AbortSignal;
  /** wait before the second try, doubled for each further one; default 1,000 */
  readonly retryDelayMs?: number;
}

/** What is known of the content that a part file begins. */
interface PartNote {
  readonly file: string;
  /** of the answer that wrote it */
  readonly etag?: string;
  readonly sha256?: string;
}

/** Tries in a row that bring no byte. */
const mostVainTries = 4;

/**
 * Asks the hub for the size and SHA-256 of a file. Throws `unknown_model` when it has no such file or shows it to nobody without a token,
 * `download_failed` when it does not answer.
 */
export async function describeHubFile(
  connection: HubConnection,
  file: HubFile,
  limits: { readonly signal: AbortSignal; readonly timeoutMs?: number },
): Promise<HubFileFacts> {
  const response = await connection.send({ method: 'HEAD', path: hubPathOf(file), ...limits });
  await response.body.dump();
  if (response.status !== 200) throw refusalOf(response.status, connection, file);
  const sizeText = response.headers['x-linked-size'] ?? response.headers['content-length'];
  const sha256 = /^(?:W\/)?"?(?:sha256:)?([0-9a-f]{64})"?$/i.exec(response.headers['x-linked-etag'] ?? '')?.[1];
  return {
    ...(sizeText !== undefined && /^\d+$/.test(sizeText) ? { sizeBytes: Number(sizeText) } : {}),
    ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }),
  };
}

/**
 * Fetches a file into a part file, going on where that ends when it is the beginning of the same content. A connection that breaks is taken up again,
 * until four tries in a row bring nothing. Throws `download_failed`, `disk_full`, `unknown_model`, and the signal's reason; the part stays.
 */
export async function fetchFromHub(fetch: HubFetch): Promise<void> {
  let bestBytes = -1;
  for (let vainTries = 0; ; ) {
    try {
      await fetchOnce(fetch);
      return;
    } catch (error) {
      fetch.signal.throwIfAborted();
      if (isStorageError(error)) throw toStorageError(error, fetch.partPath);
      if (error instanceof GatewayError && error.code !== 'download_failed') throw error;
      const hasBytes = (await fileSize(fetch.partPath)) ?? 0;
      vainTries = hasBytes > bestBytes ? 1 : vainTries + 1;
      bestBytes = Math.max(bestBytes, hasBytes);
      if (vainTries >= mostVainTries) throw describeNetworkError(error, fetch.connection.url);
      const delayMs = (fetch.retryDelayMs ?? 1_000) * 2 ** (vainTries - 1);
      await sleep(delayMs, undefined, { signal: fetch.signal }).catch(() => fetch.signal.throwIfAborted());
    }
  }
}

async function fetchOnce(fetch: HubFetch): Promise<void> {
  const { connection, file, facts, partPath, signal } = fetch;
  const resume = await findResume(fetch);
  if (facts.sizeBytes !== undefined && resume?.fromByte === facts.sizeBytes) return;
  const response = await connection.send({ method: 'GET', path: hubPathOf(file), headers: resume?.headers ?? {}, signal });
  const fromByte = await agreeOnStart(fetch, response, resume?.fromByte ?? 0);
  const etag = response.headers.etag;
  const note: PartNote = {
    file: hubPathOf(file),
    ...(etag === undefined ? {} : { etag }),
    ...(facts.sha256 === undefined ? {} : { sha256: facts.sha256 }),
  };
  await writeFile(partNotePathOf(partPath), JSON.stringify(note));
  const target = createWriteStream(partPath, fromByte === 0 ? { flags: 'w' } : { flags: 'r+', start: fromByte });
  await pipeline(response.body as Readable, countBytes(fromByte, fetch.onBytes), target, { signal });
  const gotBytes = await fileSize(partPath);
  if (facts.sizeBytes !== undefined && (gotBytes ?? 0) < facts.sizeBytes) {
    throw new GatewayError('download_failed', `The model hub ended its answer after ${gotBytes} of ${facts.sizeBytes} bytes.`);
  }
}

/** The byte at which the answer goes on. Throws for an answer that is of no use. */
async function agreeOnStart(fetch: HubFetch, response: HubResponse, wantedByte: number): Promise<number> {
  if (response.status === 200) return 0;
  const start = /^bytes (\d+)-/.exec(response.headers['content-range'] ?? '')?.[1];
  if (response.status === 206 && Number(start) === wantedByte) return wantedByte;
  await response.body.dump();
  if (response.status === 206 || response.status === 416) {
    // the part is longer than the file, or a cache answers another range: begin again
    await writeFile(fetch.partPath, '');
    throw new GatewayError('download_failed', 'The model hub has no such range of the file.');
  }
  throw refusalOf(response.status, fetch.connection, fetch.file);
}

/** Where and how to go on; undefined when the part begins something else, or nobody could tell. */
async function findResume({ file, facts, partPath }: HubFetch) {
  const fromByte = (await fileSize(partPath)) ?? 0;
  const note = await readNote(partPath);
  if (fromByte === 0 || note === undefined || note.file !== hubPathOf(file)) return undefined;
  if (facts.sizeBytes !== undefined && fromByte > facts.sizeBytes) return undefined;
  const isStrong = note.etag !== undefined && !note.etag.startsWith('W/');
  const isSame = facts.sha256 !== undefined && facts.sha256 === note.sha256;
  if (facts.sha256 !== undefined && !isSame) return undefined;
  // with a known check sum the end is checked anyway; without, only the server can tell whether the file is still the same
  if (!isSame && !isStrong) return undefined;
  const condition = isStrong && note.etag !== undefined ? { 'if-range': note.etag } : {};
  return { fromByte, headers: { range: `bytes=${fromByte}-`, ...condition } };
}

async function readNote(partPath: string): Promise<PartNote | undefined> {
  try {
    const note = JSON.parse(await readFile(partNotePathOf(partPath), 'utf8')) as PartNote | null;
    return typeof note?.file === 'string' ? note : undefined;
  } catch {
    return undefined;
  }
}

function countBytes(fromByte: number, onBytes: (doneBytes: number) => void) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let doneBytes = fromByte;
    for await (const chunk of chunks) {
      doneBytes += chunk.length;
      yield chunk;
      onBytes(doneBytes);
    }
  };
}

function refusalOf(status: number, { url }: HubConnection, { repo, file }: HubFile): GatewayError {
  const name = `${repo}/${file}`;
  if (status === 404) return new GatewayError('unknown_model', `The model hub at ${url} has no file ${name}.`);
  if (status === 401 || status === 403) {
    const way = 'Check the name; for a private or gated one accept its terms on its page and set HF_TOKEN.';
    return new GatewayError(
      'unknown_model',
      `The model hub at ${url} refuses ${name} (HTTP ${status}): it is private, gated, or not there. ${way}`,
    );
  }
  return new GatewayError('download_failed', `The model hub at ${url} answers HTTP ${status} for ${name}.`);
}
