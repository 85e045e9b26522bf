import { readFile } from 'node:fs/promises';
import { given } from '../../api/decode/given.ts';
import { type NodeOptions, type OpenNode, openNode } from '../../gateway/open-node.ts';
import { GatewayError } from '../../protocol/error.ts';
import { type Configuration, type ConfigurationReading, listSecrets, readConfiguration, renderFault } from '../../server/config/index.ts';
import type { ServerOptions } from '../../server/create-server.ts';
import type { Log } from '../../server/log.ts';
import { refuseFaulty, shortenPlaces } from '../config/check.ts';
import { type FetchFlags, openFetching } from '../fetching.ts';
import { findPlaces } from '../places.ts';
import type { ServeFlags } from './flags.ts';
import { nodeOptionsOf, revealHeaders } from './node-of-configuration.ts';
import { openTrials } from './open-trials.ts';
import type { FoundKey } from './read-key.ts';
import { Reloader } from './reload.ts';
import { watchFiles } from './watch-files.ts';

/** A file that is served by. */
export interface ConfiguredServing {
  readonly configuration: Configuration;
  readonly files: readonly string[];
  /** one line each */
  readonly warnings: readonly string[];
}

/** Flags that may stand beside `--config`: they win over the file. Every other belongs into it. */
const besideFile: ReadonlySet<string> = new Set([
  ...['config', 'port', 'host', 'key', 'keyFile', 'allowHost', 'allowOrigin', 'maxBody', 'grace', 'log', 'cacheDir', 'hub'],
]);

/** Reads the file that `--config` names. Throws `bad_usage` for flags that belong into it, `configuration_invalid` with every fault. */
export async function readServed(file: string, given: readonly string[]): Promise<ConfiguredServing> {
  const [misplaced] = given.filter((flag) => !besideFile.has(flag));
  if (misplaced !== undefined) {
    const flag = `--${misplaced.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new GatewayError('bad_usage', `${flag} and --config do not go together: write it into ${file}.`);
  }
  const reading = await readFileOnce(file);
  refuseFaulty(reading);
  const { configuration, files, warnings } = reading;
  return { configuration, files, warnings: warnings.map(renderFault) };
}

/** What the server is started with, as the file and the flags that were given say. */
export function serverOptionsOf(
  { server, passThrough }: Configuration,
  flags: ServeFlags,
  isGiven: (flag: keyof ServeFlags) => boolean,
): Omit<ServerOptions, 'node' | 'log'> {
  const { host, port, key, keyHeader, hosts, origins, limits } = server;
  return given({
    host: isGiven('host') ? flags.host : host,
    port: isGiven('port') ? flags.port : port,
    key: key?.reveal(),
    allowedHosts: [...hosts, ...flags.allowHost],
    allowedOrigins: [...origins, ...flags.allowOrigin],
    maxBodyBytes: isGiven('maxBody') ? flags.maxBody : limits.bodyBytes,
    bodyTimeoutMs: limits.bodyTimeoutMs,
    keyHeader,
    maxRequests: limits.parallel,
    passThrough: passThrough.map((forwarded) => ({ ...forwarded, headers: revealHeaders(forwarded.headers) })),
  });
}

/** The key that the file names, and how a shell line names it. */
export function keyOf({ server: { key } }: Configuration): FoundKey | undefined {
  if (!key) return undefined;
  const [kind, place = ''] = key.reference.split(/:(.*)/s);
  const shellText = kind === 'env' ? `$${place}` : kind === 'file' ? `$(cat ${place})` : '$ROOKERY_KEY';
  return { key: key.reveal(), shellText };
}

/** What opening by a file takes. */
export interface ConfiguredOpening {
  readonly file: string;
  readonly serving: ConfiguredServing;
  readonly flags: ServeFlags;
  readonly log: Log;
  /** texts that the log never shows; those of later files are added */
  readonly secrets: string[];
  readonly signal: AbortSignal;
}

/** Opens a node as the file says, and changes it with the file: when that changes, and on SIGHUP, until `signal`. */
export async function openConfigured({ file, serving, flags, log, secrets, signal }: ConfiguredOpening): Promise<OpenNode> {
  const { configuration } = serving;
  const fetching = fetchingOf(configuration, flags);
  const places = findPlaces(flags.cacheDir, process.env);
  const trials = openTrials(openFetching(fetching, signal).options);
  const optionsFor = async (from: Configuration): Promise<NodeOptions> => ({
    ...(await nodeOptionsOf(from, { fetching: fetchingOf(from, flags), places, signal })),
    ...{ log, trials },
  });
  const node = openNode(await optionsFor(configuration));
  const watch = watchFiles(
    () => void reloader.reload(),
    (folder, error) => log('warn', 'configuration-unwatched', { folder, message: `${error.message}. Send SIGHUP after a change.` }),
  );
  const reloader = new Reloader(configuration, {
    ...{ log, secrets, node: () => node, onFiles: watch.follow, read: () => readFileOnce(file) },
    apply: async (changed) => node.change(await optionsFor(changed)),
  });
  watch.follow(serving.files);
  const giveBack = takeHangUps(() => void reloader.reload());
  signal.addEventListener('abort', () => {
    watch.close();
    giveBack();
  });
  return node;
}

/** A hang-up means that the file is to be read again, and no longer that the server is to stop, until the function that this gives is called. */
function takeHangUps(onHangUp: () => void): () => void {
  const before = process.listeners('SIGHUP');
  process.removeAllListeners('SIGHUP');
  process.on('SIGHUP', onHangUp);
  return () => {
    process.off('SIGHUP', onHangUp);
    for (const listener of before) process.on('SIGHUP', listener);
  };
}

/** The values that the log must never show. */
export function secretsOf({ configuration }: ConfiguredServing): string[] {
  return [...new Set(listSecrets(configuration))];
}

function fetchingOf({ hub }: Configuration, flags: ServeFlags): FetchFlags {
  return { ...given({ cacheDir: flags.cacheDir }), hub: hub.url ?? flags.hub, ...given({ token: hub.token?.reveal() }) };
}

async function readFileOnce(file: string): Promise<ConfigurationReading> {
  const reading = await readConfiguration(file, { environment: process.env, readFile: (path) => readFile(path, 'utf8') });
  return { ...shortenPlaces(reading, process.cwd()), files: reading.files };
}
