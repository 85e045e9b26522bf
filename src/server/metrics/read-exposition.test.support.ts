import assert from 'node:assert/strict';

/** A scrape as a strict reader sees it. */
export interface Scrape {
  readonly types: ReadonlyMap<string, string>;
  /** values by name and labels: `name{a="1",b="2"}`, labels in order of their names, values unescaped and quoted as JSON */
  readonly values: ReadonlyMap<string, number>;
  /** The value of a sample; fails where there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number;
}

interface Line {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const nameForm = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const sampleForm = new RegExp(`^(${nameForm})(?:\\{(.*)\\})? (\\S+)$`);
const labelForm = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:\\[\\"n]|[^\\"\n])*)"(,|$)/y;

/** Reads Prometheus' text format 0.0.4 and refuses what the format or its conventions forbid. Source: prometheus.io, "Exposition formats" and "Metric and label naming". */
export function readExposition(text: string): Scrape {
  assert.ok(text.endsWith('\n'), 'the last line ends');
  const types = new Map<string, string>();
  const helps = new Set<string>();
  const values = new Map<string, number>();
  const lines: Line[] = [];
  let open = '';
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const about = new RegExp(`^# (HELP|TYPE) (${nameForm}) (.+)$`).exec(line);
    if (about) {
      const [, what, name = '', words = ''] = about;
      if (what === 'HELP') assert.ok(!helps.has(name) && words.trim() !== '', `one HELP with words for ${name}`);
      else assert.ok(!types.has(name) && ['counter', 'gauge', 'histogram', 'summary'].includes(words), line);
      if (what === 'HELP') helps.add(name);
      else types.set(name, words);
      open = name;
      continue;
    }
    const sample = readSample(line);
    assert.equal(familyOf(sample.name, types), open, `${line} stands under its own TYPE`);
    const key = keyOf(sample.name, sample.labels);
    assert.ok(!values.has(key), `${key} is there once`);
    values.set(key, sample.value);
    lines.push(sample);
  }
  assert.deepEqual([...types.keys()], [...helps], 'each family has HELP and TYPE');
  checkFamilies(types, lines);
  return {
    types,
    values,
    value(name, labels = {}) {
      const found = values.get(keyOf(name, labels));
      assert.ok(
        found !== undefined,
        `${keyOf(name, labels)} is not among\n${[...values.keys()].filter((each) => each.startsWith(name)).join('\n')}`,
      );
      return found;
    },
  };
}

function readSample(line: string): Line {
  const [, name = '', written, number = ''] = sampleForm.exec(line) ?? assert.fail(`no sample: ${line}`);
  const labels: Record<string, string> = {};
  labelForm.lastIndex = 0;
  for (let end = 0; written !== undefined && end < written.length; end = labelForm.lastIndex) {
    labelForm.lastIndex = end;
    const [, label = '', value = ''] = labelForm.exec(written) ?? assert.fail(`bad labels: ${line}`);
    assert.ok(!(label in labels), `label ${label} twice: ${line}`);
    labels[label] = value.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
  }
  assert.match(number, /^([+-]?Inf|NaN|Nan|[+-]?\d+(\.\d+)?(e[+-]?\d+)?)$/, line);
  return {
    name,
    labels,
    value: /inf|nan/i.test(number) ? Number(number.replace('Inf', 'Infinity').replace(/nan/i, 'NaN')) : Number(number),
  };
}

function keyOf(name: string, labels: Readonly<Record<string, string>>): string {
  const parts = Object.keys(labels)
    .sort()
    .map((label) => `${label}=${JSON.stringify(labels[label])}`);
  return parts.length === 0 ? name : `${name}{${parts.join(',')}}`;
}

function familyOf(name: string, types: ReadonlyMap<string, string>): string {
  const stem = name.replace(/_(bucket|sum|count)$/, '');
  return types.get(stem) === 'histogram' ? stem : name;
}

function checkFamilies(types: ReadonlyMap<string, string>, lines: readonly Line[]): void {
  for (const [name, type] of types) {
    if (type === 'counter') assert.match(name, /_total$/, 'a counter is named so');
    if (type !== 'histogram') continue;
    const buckets = new Map<string, { bound: number; value: number }[]>();
    for (const { name: sample, labels, value } of lines) {
      if (sample !== `${name}_bucket`) continue;
      const { le = '', ...others } = labels;
      const key = keyOf(name, others);
      buckets.set(key, [...(buckets.get(key) ?? []), { bound: le === '+Inf' ? Infinity : Number(le), value }]);
    }
    for (const [key, each] of buckets) checkBuckets(key, each, lines, name);
  }
}

function checkBuckets(key: string, buckets: readonly { bound: number; value: number }[], lines: readonly Line[], name: string): void {
  for (let index = 1; index < buckets.length; index++) {
    const [before, here] = [buckets[index - 1], buckets[index]];
    assert.ok(before && here && before.bound < here.bound && before.value <= here.value, `${key}: buckets ascend`);
  }
  assert.equal(buckets.at(-1)?.bound, Infinity, `${key}: the last bucket has no bound`);
  const count = lines.find((line) => line.name === `${name}_count` && keyOf(name, line.labels) === key);
  const sum = lines.find((line) => line.name === `${name}_sum` && keyOf(name, line.labels) === key);
  assert.equal(count?.value, buckets.at(-1)?.value, `${key}: _count is the last bucket`);
  assert.ok(sum !== undefined, `${key}: _sum`);
}
