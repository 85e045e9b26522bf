import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { findNearestName } from '../../text/nearest-name.ts';
import { renderFault } from './fault.ts';
import { liteLlmCases } from './litellm/cases/all.test.support.ts';
import { readGood, readTexts } from './read.test.support.ts';

const environment = {
  NODE_KEY: 'canary-node-key-1f2e3d',
  VLLM_KEY: 'canary-vllm-key-4c5b6a',
  HUB_TOKEN: 'canary-hub-token-7f8e9d',
};

/** Right configurations, one key a line. */
const good: readonly string[] = [
  `server:
  host: 0.0.0.0
  port: 4000
  key: env:NODE_KEY
  hosts:
    - rook.internal
  max_requests: 500
  grace: 10
  trust_request_chat_template: false
  log:
    format: json
    level: warn
hub:
  token: env:HUB_TOKEN
upstreams:
  gpu-one:
    kind: vllm
    url: http://gpu-one:8000
    key: env:VLLM_KEY
    slots: 128
    silence_timeout: 90
  gpu-two:
    kind: ollama
    context: 8192
    verify_certificate: true
models:
  qwen-large:
    aliases:
      - big
    targets:
      - gpu-one
      - upstream: gpu-two
        model: qwen2.5:7b
        weight: 3
        order: 1
        limits:
          parallel: 16
    fallbacks:
      - qwen-small
    retries: 4
  qwen-small:
    targets:
      - gpu-two
    context_window_fallbacks:
      - qwen-large
    facts:
      dialect: hermes
      parallel_calls: false
      tool_soft_cap: 5
routing:
  policy: weighted
  cooldown: 30
  allowed_fails: 2
  max_fallbacks: 3
  queue: 100
`,
  `upstreams:
  inside-one:
    kind: embedded
    model: smollm2-135m-instruct
    slots: 2
    threads: 2
    mlock: true
  claude-api:
    kind: anthropic
    key: env:VLLM_KEY
    first_byte_timeout: 60
models:
  default-model:
    targets:
      - upstream: claude-api
        model: claude-sonnet
        timeout: 30
        cost:
          input: 0.001
          output: 0.002
    mode: chat
    drop_params: true
    facts:
      constrain_tool_calls: false
      tool_preamble: concise
      repairs: 2
      sampling:
        tools:
          temperature: 0
    fallbacks:
      - local-model
  local-model:
    targets:
      - inside-one
routing:
  retries: 1
  tag_filtering: all
  serve_unlisted: true
`,
];

interface Spot {
  /** the keys and indexes down to it */
  readonly path: readonly (string | number)[];
  readonly key: string;
  readonly keyAt: readonly [number, number];
  readonly value: unknown;
  readonly valueAt: readonly [number, number];
  /** of the key and of the value, from 1 */
  readonly line: number;
  readonly valueLine: number;
  /** the other keys of its map */
  readonly siblings: readonly string[];
}

/** Every key, and every element of a list, with where it stands. */
function findSpots(text: string): readonly Spot[] {
  const lines = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: lines });
  const spots: Spot[] = [];
  const add = (spot: Pick<Spot, 'path' | 'key' | 'keyAt' | 'siblings'>, node: unknown): void => {
    const [start = 0, end = 0] = (node as Node).range ?? [];
    const valueLine = lines.linePos(start).line;
    const value = isScalar(node) ? node.value : undefined;
    spots.push({ ...spot, value, valueAt: [start, end], line: lines.linePos(spot.keyAt[0]).line, valueLine });
    walk(node, spot.path);
  };
  const walk = (node: unknown, path: Spot['path']): void => {
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        const [start = 0, end = 0] = (item as Node).range ?? [];
        add({ path: [...path, index], key: '', keyAt: [start, end], siblings: [] }, item);
      }
    }
    if (!isMap(node)) return;
    const pairs = node.items as readonly Pair<Node, Node>[];
    const names = pairs.map(({ key }) => String(isScalar(key) ? key.value : ''));
    for (const [index, { key, value }] of pairs.entries()) {
      const [start = 0, end = 0] = key.range ?? [];
      const name = names[index] ?? '';
      add({ path: [...path, name], key: name, keyAt: [start, end], siblings: names }, value);
    }
  };
  walk(contents, []);
  return spots;
}

/** A broken text, and what is to be said of it. */
interface Broken {
  readonly text: string;
  /** lines of which one has to be told */
  readonly lines: readonly number[];
  readonly suggestion?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

type Break = (text: string, spot: Spot, choice: number) => Broken | undefined;

const splice = (text: string, [start, end]: readonly [number, number], by: string): string => text.slice(0, start) + by + text.slice(end);

/** Drops a letter, doubles one or swaps two. */
function misspell(word: string, choice: number): string {
  const at = 1 + (choice % Math.max(1, word.length - 2));
  const way = choice % 3;
  if (way === 0) return word.slice(0, at) + word.slice(at + 1);
  if (way === 1) return word.slice(0, at) + word.slice(at - 1);
  return word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2);
}

/** Keys that the file's author chooses: any is right. */
const isOwnName = ({ path }: Spot): boolean => path.length === 2 && ['upstreams', 'models'].includes(String(path[0]));

const breaks: Readonly<Record<string, Break>> = {
  'a typo in a key': (text, spot, choice) => {
    const typo = misspell(spot.key, choice);
    if (spot.key.length < 5 || isOwnName(spot) || spot.siblings.includes(typo) || typo === spot.key) return undefined;
    return { text: splice(text, spot.keyAt, typo), lines: [spot.line], suggestion: spot.key };
  },
  'a wrong type': (text, spot, choice) => {
    if (spot.value === undefined) return undefined;
    const wrong = typeof spot.value === 'string' ? '{nothing: here}' : (['soon', '[1]', '{nothing: here}'][choice % 3] ?? '');
    return { text: splice(text, spot.valueAt, wrong), lines: [spot.valueLine] };
  },
  'a number out of range': (text, spot, choice) => {
    if (typeof spot.value !== 'number') return undefined;
    return { text: splice(text, spot.valueAt, ['-5', '1e15', '.inf'][choice % 3] ?? ''), lines: [spot.valueLine] };
  },
  'a name that means nothing': (text, spot, choice) => {
    const isUpstream = spot.key === 'upstream' || spot.path.at(-2) === 'targets';
    const isModel = /fallbacks$/.test(String(spot.path.at(-2))) && !text.includes('serve_unlisted');
    if (typeof spot.value !== 'string' || !(isUpstream || isModel || spot.key === 'dialect')) return undefined;
    return { text: splice(text, spot.valueAt, misspell(spot.value, choice)), lines: [spot.valueLine], suggestion: spot.value };
  },
  'a key twice': (text, spot) => {
    if (spot.key === '' || spot.value === undefined || spot.line !== spot.valueLine) return undefined;
    const lines = text.split('\n');
    const copied = (lines[spot.line - 1] ?? '').replace('- ', '  ');
    lines.splice(spot.line, 0, copied);
    return { text: lines.join('\n'), lines: [spot.line + 1] };
  },
  'a bad indentation': (text, spot, choice) => {
    const lines = text.split('\n');
    const line = lines[spot.line - 1] ?? '';
    if (spot.key === '' || spot.siblings.indexOf(spot.key) === 0 || spot.siblings.length < 2) return undefined;
    lines[spot.line - 1] = choice % 2 === 0 ? ` ${line}` : `\t${line.trimStart()}`;
    return { text: lines.join('\n'), lines: [spot.line - 1, spot.line, spot.line + 1] };
  },
  'a secret that is not set': (text, spot, choice) => {
    const variable = /^env:(\w+)$/.exec(String(spot.value))?.[1];
    if (variable === undefined) return undefined;
    const kept = Object.fromEntries(Object.entries(environment).filter(([name]) => name !== variable));
    return { text, lines: [spot.valueLine], environment: choice % 2 === 0 ? kept : { ...kept, [variable]: ' ' } };
  },
  'an unknown kind or word': (text, spot, choice) => {
    if (typeof spot.value !== 'string' || !['kind', 'policy', 'mode', 'format', 'tag_filtering', 'tool_preamble'].includes(spot.key))
      return undefined;
    const typo = misspell(spot.value, choice);
    return typo === spot.value ? undefined : { text: splice(text, spot.valueAt, typo), lines: [spot.valueLine], suggestion: spot.value };
  },
};

const runs = 25;

for (const [what, breakIt] of Object.entries(breaks)) {
  test(`${runs} configurations with ${what} are refused at the right line, and no secret is shown`, async () => {
    const all = good.flatMap((text) => findSpots(text).map((spot) => ({ text, spot })));
    const fitting = all.filter(({ text, spot }) => [0, 1, 2].every((choice) => breakIt(text, spot, choice) !== undefined));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fitting), fc.nat(1000), async ({ text, spot }, choice) => {
        const broken = breakIt(text, spot, choice);
        fc.pre((broken !== undefined && broken.text !== text) || broken?.environment !== undefined);
        await assertRefused(broken);
      }),
      { numRuns: runs },
    );
  });
}

async function assertRefused(broken: Broken | undefined): Promise<void> {
  assert.ok(broken);
  const reading = await readTexts(broken.text, broken.environment ?? environment);
  assert.ok(!reading.isUsable, `it was taken:\n${broken.text}`);
  const told = reading.faults.map(renderFault);
  const here = reading.faults.filter(({ place }) => broken.lines.includes(place.line));
  assert.ok(here.length > 0, `lines ${broken.lines.join()} are not told in\n${told.join('\n')}\n${broken.text}`);
  if (broken.suggestion !== undefined) {
    const wanted = `Did you mean \`${broken.suggestion}\`?`;
    assert.ok(
      here.some(({ problem }) => problem.includes(wanted)),
      `no "${wanted}" in\n${told.join('\n')}`,
    );
  }
  for (const secret of Object.values(environment)) assert.ok(!told.join('\n').includes(secret), told.join('\n'));
}

test('the configurations that are broken here are right before', async () => {
  for (const text of good) await readGood(text, environment);
});

test('whatever a slip of the hand does to a file, it is read or refused, and no secret is shown', async () => {
  const liteLlm = liteLlmCases.slice(0, 10).map(({ texts, environment: own }) => ({ text: Object.values(texts)[0]?.slice(1) ?? '', own }));
  const sources = [...good.map((text) => ({ text, own: environment as Readonly<Record<string, string>> })), ...liteLlm];
  const literal = 'sk-ant-literal-000111';
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...sources),
      fc.array(
        fc.tuple(
          fc.nat(),
          fc.constantFrom('', ' ', '\n', '\t', ':', '"', "'", '{', '}', '[', '-', '&a', '*a', '#', '!', '%', '|', '\0', 'é'),
        ),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      async ({ text, own }, slips) => {
        const slipped = slips.reduce((before, [at, by]) => splice(before, [at % before.length, (at % before.length) + 1], by), text);
        const { warnings, ...reading } = await readTexts(slipped, own);
        const told = [...warnings, ...(reading.isUsable ? [] : reading.faults)].map(renderFault).join('\n');
        for (const secret of [...Object.values(own).filter((value) => !/^http/.test(value)), literal])
          assert.ok(!told.includes(secret), told);
      },
    ),
    { numRuns: 100 },
  );
});

test('the nearest name is the one that was meant, for every key of a configuration', () => {
  for (const { key, siblings } of good.flatMap(findSpots)) {
    if (key.length >= 5) assert.equal(findNearestName(`${key}x`, siblings), key);
  }
});
