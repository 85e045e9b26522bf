// Writes the pages of docs that the built program knows best. `--check` writes nothing and fails when a page is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderConfigurationPage } from './steps/configuration-page.mjs';
import { renderDialectsPage } from './steps/dialects-page.mjs';
import { renderEnginesPage } from './steps/engines-page.mjs';
import { renderErrors } from './steps/errors-page.mjs';
import { readRuns } from './steps/live-results.mjs';
import { renderMetrics } from './steps/metrics-page.mjs';
import { places, root } from './steps/paths.mjs';

const enginesPage = join(root, 'docs', 'engines.md');
const configurationPage = join(root, 'docs', 'configuration.md');

const pages = [
  { path: join(root, 'docs', 'errors.md'), render: async () => renderErrors((await load('protocol/error.js')).errorKinds) },
  { path: join(root, 'docs', 'dialects.md'), render: async () => renderDialectsPage((await load('dialects/index.js')).dialects) },
  { path: join(root, 'docs', 'metrics.md'), render: async () => renderMetrics(await listMetrics()) },
  {
    path: configurationPage,
    render: async () =>
      renderConfigurationPage(readFileSync(configurationPage, 'utf8'), (await load('server/config/index.js')).writeSchema()),
  },
  { path: enginesPage, render: async () => renderEnginesPage(readFileSync(enginesPage, 'utf8'), readRuns()) },
];

for (const { path, render } of pages) {
  const text = await render();
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } else if (readPage(path) !== text) {
    process.stderr.write(`${relative(root, path)} is stale. Run \`npm run build && node scripts/generate-docs.mjs\` and commit it.\n`);
    process.exitCode = 1;
  }
}

/** The node is asked at a scrape, which there is none of here. */
async function listMetrics() {
  const [{ createInstruments }, { listFamilies }] = [await load('server/metrics/instruments.js'), await load('server/metrics/families.js')];
  return listFamilies(createInstruments(), () => undefined);
}

function load(file) {
  return import(pathToFileURL(join(places.dist, ...file.split('/'))).href);
}

function readPage(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
