import { Template as PeerTemplate } from '@huggingface/jinja';
import { readOfficialTemplates } from '#dist/dialects/detect/official-templates.test.support.js';
import { compileTemplate, JinjaError } from '#dist/jinja/index.js';
import { findPython } from '#dist/jinja/oracle.test.support.js';
import { type LiteralJson, parseLiteralJson } from '#dist/text/literal-json.js';
import { makeConversation } from './jinja-conversation.ts';
import { measurePython, type PythonTimes } from './jinja-python.ts';
import { figure, median, type Report, say } from './report.ts';

const rounds = 9;
const renders = 20;
const conversation = makeConversation();
const variables = parseLiteralJson(conversation) as ReadonlyMap<string, LiteralJson>;
const now = new Date(2025, 6, 4);

/** A template made ready in one engine: its text, and what a render costs. */
interface Ready {
  readonly text: string;
  readonly render: () => unknown;
  readonly microseconds: number[];
}

/** One template in all three. */
interface Row {
  readonly ours: Ready | undefined;
  readonly peer: Ready | undefined;
  readonly python: PythonTimes;
}

function attempt(make: () => () => string): Ready | undefined {
  try {
    const render = make();
    return { text: render(), render, microseconds: [] };
  } catch (error) {
    if (error instanceof JinjaError || error instanceof Error) return undefined;
    throw error;
  }
}

function prepareOurs(source: string): Ready | undefined {
  return attempt(() => {
    const template = compileTemplate(source);
    return () => template.render(variables, { now }).text;
  });
}

function preparePeer(source: string): Ready | undefined {
  return attempt(() => {
    const template = new PeerTemplate(source);
    const given = JSON.parse(conversation) as Record<string, unknown>;
    return () => template.render(given);
  });
}

/** CPU microseconds of one render. */
function measure(ready: Ready | undefined): void {
  if (ready === undefined) return;
  const start = process.cpuUsage();
  for (let turn = 0; turn < renders; turn++) ready.render();
  const { user, system } = process.cpuUsage(start);
  ready.microseconds.push((user + system) / renders);
}

/** Our time beside another's on the templates that both render to the same text. */
function compare(
  name: string,
  rows: readonly Row[],
  timesOf: (row: Row) => readonly [string, readonly number[]] | undefined,
): readonly (string | number)[] {
  const pairs = rows.flatMap((row) => {
    const other = timesOf(row);
    if (row.ours === undefined || other === undefined || other[0] !== row.ours.text) return [];
    return [{ our: median(row.ours.microseconds), their: median(other[1]) }];
  });
  const sum = (key: 'our' | 'their') => pairs.reduce((total, pair) => total + pair[key], 0);
  const ratios = pairs.map(({ our, their }) => our / their);
  return [
    name,
    pairs.length,
    figure(sum('our')),
    figure(sum('their')),
    figure(sum('our') / sum('their')),
    figure(median(ratios)),
    figure(Math.max(...ratios)),
  ];
}

/** The chat templates that llama.cpp keeps for its tests, rendered by three engines in one run. */
export default async function run(): Promise<Report> {
  const official = readOfficialTemplates();
  if (official.templates === undefined) throw new Error(official.missing);
  const oracle = findPython();
  if (!('python' in oracle)) throw new Error(oracle.missing);
  const sources = [...official.templates.values()];
  say(`${sources.length} templates here`);
  const ready = sources.map((source) => ({ ours: prepareOurs(source), peer: preparePeer(source) }));
  for (let round = 0; round < rounds; round++) {
    for (const { ours } of ready) measure(ours);
    for (const { peer } of ready) measure(peer);
  }
  say(`the same in ${oracle.python}`);
  const python = measurePython(oracle.python, { templates: sources, variables: conversation, rounds, renders });
  const rows: Row[] = ready.map((one, index) => ({ ...one, python: python[index] ?? null }));
  return {
    title: 'Chat templates',
    note:
      `${sources.length} official templates with one conversation (20 messages, 10 tools), compiled before; CPU of a render, median of ${rounds} rounds of ${renders}. ` +
      'A row counts the templates that both render to the same text. Ours reads numbers and key order from the request as they were written; Jinja2 is timed by its own process.',
    columns: ['beside', 'templates', 'ours, µs in all', 'theirs, µs in all', 'ours / theirs', 'median of the ratios', 'worst ratio'],
    rows: [
      compare('@huggingface/jinja', rows, ({ peer }) => peer && [peer.text, peer.microseconds]),
      compare(`Jinja2 ${oracle.version} (Python)`, rows, ({ python: times }) =>
        times === null ? undefined : [times.text, times.microseconds],
      ),
    ],
  };
}
