import { findInCatalogue } from '../../sources/catalogue.ts';
import { formatBytes } from '../../sources/format-bytes.ts';
import { readGgufHeader } from '../../sources/gguf-header.ts';
import { isHubReference, parseHubReference } from '../../sources/hub-reference.ts';
import { type Installation, type InstallOptions, installHubFile, installModel } from '../../sources/install-model.ts';
import { unknownModel } from '../../sources/resolve-model.ts';
import { type FetchFlags, openFetching, runInterruptible } from '../fetching.ts';

/** Fetches models one after another; prints a line with the path of each. A wrong name is refused before anything is fetched. */
export async function pull(names: readonly string[], flags: FetchFlags): Promise<void> {
  const installs = names.map(readName);
  await runInterruptible(async (signal) => {
    const { options, end } = openFetching(flags, signal);
    try {
      for (const install of installs) report(await install(options), end);
    } finally {
      end();
    }
  });
}

function readName(name: string): (options: InstallOptions) => Promise<Installation> {
  if (isHubReference(name)) {
    const file = parseHubReference(name);
    return (options) => installHubFile(file, options);
  }
  const model = findInCatalogue(name);
  if (model === undefined) throw unknownModel(name);
  return (options) => installModel(model, options);
}

function report({ path, wasThere }: Installation, end: () => void): void {
  const { fileBytes, architecture, quantisation } = readGgufHeader(path);
  end();
  const facts = [formatBytes(fileBytes), architecture, quantisation].filter((fact) => fact !== undefined).join(', ');
  process.stdout.write(`${wasThere ? 'Already here' : 'Fetched'}: ${path} (${facts})\n`);
}
