import { given } from '../../api/decode/given.ts';
import { createLog, type Log } from '../../server/log.ts';
import { createStyle, hasColours } from '../output.ts';
import type { ServeFlags } from './flags.ts';
import { renderGreeting } from './greeting.ts';
import { type FoundKey, readKey } from './read-key.ts';
import { runServe } from './run-serve.ts';
import { createStopper, listenToSignals } from './stop-signals.ts';

/** Serves as the flags say, with this process's streams and signals, until it is told to stop. */
export async function serve(flags: ServeFlags): Promise<void> {
  const found = await readKey(flags, process.env);
  const log = openLog(flags, found);
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const stop = new AbortController();
  const stopper = createStopper({
    now: () => performance.now(),
    onFirst: () => {
      report(`Stopping: what is in flight has ${flags.grace} s. Press Ctrl-C again to end at once.`);
      stop.abort();
    },
    onForce: (exitCode) => process.exit(exitCode),
  });
  const stopListening = listenToSignals(stopper);
  const style = createStyle(hasColours(process.stdout, process.env));
  try {
    await runServe({
      server: serverOptions(flags, found, log),
      openNode: async (signal) => (await import('./open-served.ts')).openServed(flags, { log, report, signal }),
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
      graceMs: flags.grace * 1000,
    });
  } finally {
    stopListening();
  }
}

function serverOptions(flags: ServeFlags, found: FoundKey | undefined, log: Log) {
  return given({
    ...{ host: flags.host, port: flags.port, key: found?.key, log, maxBodyBytes: flags.maxBody },
    ...{ allowedHosts: flags.allowHost, allowedOrigins: flags.allowOrigin },
  });
}

function openLog(flags: ServeFlags, found: FoundKey | undefined): Log {
  return createLog({
    format: flags.log ?? (process.stderr.isTTY ? 'text' : 'json'),
    write: (line) => process.stderr.write(line),
    now: Date.now,
    secrets: found === undefined ? [] : [found.key],
    hasColours: hasColours(process.stderr, process.env),
  });
}
