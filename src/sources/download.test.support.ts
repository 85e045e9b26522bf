import { parseHubReference } from './hub-reference.ts';
import { installHubFile } from './install-model.ts';

// A process that fetches one file: `node download.test.support.js <cache folder> <hub> <reference>`. It writes a line for each thing it does.
const [cacheFolder = '', hubUrl = '', reference = ''] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { wasThere } = await installHubFile(parseHubReference(reference), {
  ...{ cacheFolder, hubUrl, say, signal: new AbortController().signal },
  onProgress: (event) => say(`${event.kind} ${event.title}`),
});
say(`ended wasThere=${wasThere}`);
