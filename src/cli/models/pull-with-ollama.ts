import { pullModel } from '../../engines/ollama/pull.ts';
import { openProgress } from '../../sources/progress.ts';
import { runInterruptible } from '../fetching.ts';
import { readUpstreamFlag } from '../serve/upstream-flag.ts';

/** Has Ollama fetch models one after another, with its progress; prints a line for each. The address is written as `--upstream` writes one. Throws what `pullModel` throws. */
export async function pullWithOllama(names: readonly string[], address = ''): Promise<void> {
  const { options: source } = readUpstreamFlag(address === '' ? 'ollama' : `ollama=${address}`, process.env);
  await runInterruptible(async (signal) => {
    const progress = openProgress(process.stderr);
    try {
      for (const name of names) {
        for await (const { status, completed, total } of pullModel(source, name, signal)) {
          const bytes = total === undefined ? {} : { doneBytes: completed ?? 0, totalBytes: total };
          progress.onProgress({ kind: 'step', title: `${name}: ${status}`, ...bytes });
        }
        progress.end();
        process.stdout.write(`Fetched: ${name} (Ollama at ${source.baseUrl})\n`);
      }
    } finally {
      progress.end();
    }
  });
}
