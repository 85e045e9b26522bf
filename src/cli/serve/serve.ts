import { given as givenOnly } from '../../api/decode/given.ts';
import type { Node } from '../../gateway/node.ts';
import type { ServerOptions } from '../../server/create-server.ts';
import { openLineWriter } from '../../server/line-writer.ts';
import { createLog, type Log, type LogOptions } from '../../server/log.ts';
import { createStyle, hasColours } from '../output.ts';
import type { ServeFlags } from './flags.ts';
import { renderGreeting } from './greeting.ts';
import type { Opening } from './open-served.ts';
import { type FoundKey, readKey } from './read-key.ts';
import { runServe } from './run-serve.ts';
import { createStopper, listenToSignals } from './stop-signals.ts';

/** Serves as the flags and the file say, with this process's streams and signals, until it is told to stop. `given` are the flags that somebody wrote. */
export async function serve(flags: ServeFlags, given: readonly string[]): Promise<void> {
  const plan = flags.config === undefined ? await planByFlags(flags) : await planByFile(flags.config, flags, given);
  const { found, log, graceMs } = plan;
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const stop = new AbortController();
  const stopper = createStopper({
    now: () => performance.now(),
    onFirst: () => {
      report(`Stopping: what is in flight has ${graceMs / 1000} s. Press Ctrl-C again to end at once.`);
      stop.abort();
    },
    onForce: (exitCode) => process.exit(exitCode),
  });
  const stopListening = listenToSignals(stopper);
  const style = createStyle(hasColours(process.stdout, process.env));
  try {
    await runServe({
      server: plan.server,
      openNode: (signal) => plan.openNode({ log, report, signal }),
      onListening: (url) => report(`Listening on ${url}; its engines are being opened.`),
      onReady: (url, models) => {
        const [model] = models;
        if (model === undefined) {
          report('No engine serves a model: nothing can be answered.');
          return;
        }
        const { id, facts, engine } = model;
        const isEmbedded = engine === 'embedded';
        const isChat = facts.chatTemplate !== undefined || !(isEmbedded || engine === 'llama-server');
        const others = models.slice(1).map((other) => other.id);
        const told = {
          url,
          modelId: id,
          others,
          isChat,
          isOwn: engine !== 'anthropic' && engine !== 'openai',
          ...(isEmbedded ? { contextTokens: facts.contextTokens, slots: flags.slots } : {}),
        };
        const key = found === undefined ? {} : { keyShellText: found.shellText };
        process.stdout.write(`${renderGreeting({ ...told, ...key }, style)}\n`);
      },
      stop: stop.signal,
      graceMs,
    });
  } finally {
    stopListening();
  }
}

/** What is served, and how. */
interface ServePlan {
  readonly server: Omit<ServerOptions, 'node'>;
  readonly found: FoundKey | undefined;
  readonly log: Log;
  readonly graceMs: number;
  readonly openNode: (opening: Opening) => Promise<Node>;
}

async function planByFlags(flags: ServeFlags): Promise<ServePlan> {
  const found = await readKey(flags, process.env);
  const log = openLog({ format: flags.log, secrets: found === undefined ? [] : [found.key] });
  const server = givenOnly({
    ...{ host: flags.host, port: flags.port, key: found?.key, log, maxBodyBytes: flags.maxBody },
    ...{ allowedHosts: flags.allowHost, allowedOrigins: flags.allowOrigin },
  });
  const openNode = async (opening: Opening) => (await import('./open-served.ts')).openServed(flags, opening);
  return { server, found, log, graceMs: flags.grace * 1000, openNode };
}

async function planByFile(file: string, flags: ServeFlags, given: readonly string[]): Promise<ServePlan> {
  const configured = await import('./serve-configured.ts');
  const serving = await configured.readServed(file, given);
  const { configuration } = serving;
  const isGiven = (flag: keyof ServeFlags) => given.includes(flag);
  const found = (await readKey(flags, process.env)) ?? configured.keyOf(configuration);
  const secrets = [...configured.secretsOf(serving), ...(found === undefined ? [] : [found.key])];
  const { format, level } = configuration.server.log;
  const log = openLog({ format: flags.log ?? format, level, secrets });
  for (const message of serving.warnings) log('warn', 'configuration', { message });
  const server = { ...configured.serverOptionsOf(configuration, flags, isGiven), ...givenOnly({ key: found?.key }), log };
  const openNode = ({ signal }: Opening) => configured.openConfigured({ file, serving, flags, log, secrets, signal });
  const graceMs = isGiven('grace') ? flags.grace * 1000 : configuration.server.graceMs;
  return { server, found, log, graceMs, openNode };
}

function openLog({ format, level, secrets }: { format: ServeFlags['log']; level?: LogOptions['level']; secrets: readonly string[] }): Log {
  return createLog({
    ...{ format: format ?? (process.stderr.isTTY ? 'text' : 'json'), secrets, ...givenOnly({ level }) },
    write: openLineWriter(process.stderr),
    now: Date.now,
    hasColours: hasColours(process.stderr, process.env),
  });
}
