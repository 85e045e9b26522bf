import type { Level, Measured, Traffic } from './gateways-measure.ts';
import type { Window } from './gateways-window.ts';
import { figure, median } from './report.ts';

/** Columns of the table. */
export const columns = [
  '',
  'gateway',
  'CPU at full load, µs',
  '× bare',
  'at 50 %, µs',
  '× bare',
  'at 8 %, µs',
  'answers/s at full load',
  'of core 1 / of core 2',
  'common rate: p50 / p99, ms',
  '8 %: p50 / p99, ms',
  '50 %: p50 / p99, ms',
  'full: p50 / p99, ms',
  'answers',
  'wrong',
  'lost',
  'refused',
  'RSS, MB',
];

/** A row of the table. `bare` is what `measured` is divided by, round by round. */
export function writeRow(traffic: Traffic, measured: Measured, bare: Measured | undefined): readonly (string | number)[] {
  const { lane, perSecond, windows, residentBytes } = measured;
  const head = [traffic.name, lane.name];
  const ends = [...countOutcomes(measured), figure(residentBytes / 2 ** 20)];
  if (perSecond === 0) return [...head, 'no right answer', ...columns.slice(3, -ends.length).map(() => '-'), ...ends];
  const cost = (name: Level['name']) => costOf(windows[name], traffic);
  const ratio = (name: Level['name']) => ratioOf(windows[name], bare?.windows[name] ?? [], traffic);
  return [
    ...head,
    ...[cost('full'), ratio('full'), cost('50 %'), ratio('50 %'), cost('8 %')],
    figure(sum(windows.full, ({ answers }) => answers) / sum(windows.full, ({ seconds }) => seconds)),
    `${shareOf(windows.full, (window) => window.cpuMicroseconds)} / ${shareOf(windows.full, (window) => window.othersCpuMicroseconds)}`,
    ...(['common', '8 %', '50 %', 'full'] as const).map((name) => percentiles(windows[name])),
    ...ends,
  ];
}

/** Microseconds of CPU for each answer, or for each piece of a stream; over all rounds together, as the kernel counts in steps of 10 ms. */
function costOf(windows: readonly Window[], traffic: Traffic): string {
  return figure(sum(windows, ({ cpuMicroseconds }) => cpuMicroseconds) / sum(windows, unitsOf(traffic)));
}

function ratioOf(ours: readonly Window[], theirs: readonly Window[], traffic: Traffic): string {
  const units = unitsOf(traffic);
  const cost = (window: Window | undefined) => (window ? window.cpuMicroseconds / units(window) : Number.NaN);
  return figure(median(ours.map((window, round) => cost(window) / cost(theirs[round]))));
}

function unitsOf({ isStream }: Traffic): (window: Window) => number {
  return isStream ? ({ pieces }) => pieces : ({ answers }) => answers;
}

function shareOf(windows: readonly Window[], read: (window: Window) => number): string {
  return `${Math.round((sum(windows, read) / sum(windows, ({ seconds }) => seconds * 1e6)) * 100)} %`;
}

function percentiles(windows: readonly Window[]): string {
  const sorted = windows.flatMap(({ tally }) => tally.latenciesMs).sort((left, right) => left - right);
  const at = (share: number) => figure(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
  return `${at(0.5)} / ${at(0.99)}`;
}

/** Right, wrong, lost and refused answers, also of those asked outside of windows. */
function countOutcomes({ windows, restTally }: Measured): readonly number[] {
  const tallies = [restTally, ...Object.values(windows).flatMap((each) => each.map(({ tally }) => tally))];
  return (['right', 'wrong', 'lost', 'refused'] as const).map((outcome) => sum(tallies, ({ outcomes }) => outcomes[outcome]));
}

function sum<Item>(items: readonly Item[], read: (item: Item) => number): number {
  return items.reduce((total, item) => total + read(item), 0);
}
