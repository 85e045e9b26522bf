import { type BodyShape, makeBodies } from './gateways-bodies.ts';
import type { LoadKind } from './gateways-exchange.ts';
import type { OpenLane } from './gateways-lanes.ts';
import { newTally, type Pace, type Tally } from './gateways-load.ts';
import { findRate, runWindow, type Side, type Window } from './gateways-window.ts';
import { treeResidentBytes } from './process-tree.ts';

/** Pieces of every answer. */
export const pieces = 32;

/** One kind of request. */
export interface Traffic extends BodyShape {
  readonly name: string;
  /** under way at once under full load */
  readonly callers: number;
  /** answers that each gateway gives first, also in a quick look, for what is hot to be compiled: with Node a few thousand, measured */
  readonly warmAnswers: number;
}

/** How much is asked: a share of what the lane itself can do, half of what the slowest lane can do, or all it takes. */
export interface Level {
  readonly name: '8 %' | '50 %' | 'common' | 'full';
  readonly windowMs: number;
}

/** The levels of a lane's turn, full load first: what a runtime has thrown away while the others worked is compiled again in it. */
export const levels: readonly Level[] = [
  { name: 'full', windowMs: 1500 },
  { name: '50 %', windowMs: 1200 },
  { name: '8 %', windowMs: 1500 },
  { name: 'common', windowMs: 1000 },
];

/** What a lane did with one kind of request. */
export interface Measured {
  readonly lane: OpenLane;
  /** right answers a second in the loop that went before; 0 where there was none, and then nothing else was measured */
  readonly perSecond: number;
  readonly windows: Readonly<Record<Level['name'], Window[]>>;
  /** of what was asked outside of windows */
  readonly restTally: Tally;
  residentBytes: number;
}

const rounds = 3;
const findMs = 700;

/** What all lanes did with one kind of request, and the rate of the level `common`. Lanes take turns within each round, beginning with another one each. */
export async function measureTraffic(
  sides: readonly Side[],
  traffic: Traffic,
  { scale, tell }: { readonly scale: number; readonly tell: (text: string) => void },
): Promise<{ readonly measured: readonly Measured[]; readonly commonPerSecond: number }> {
  const kind: LoadKind = { makeBody: makeBodies(traffic), pieces };
  const found: { side: Side; measured: Measured }[] = [];
  for (const side of sides) {
    tell(`${traffic.name}: what ${side.lane.name} can do`);
    const restTally = newTally();
    const perSecond = await findRate(side, kind, {
      callers: traffic.callers,
      warmAnswers: traffic.warmAnswers,
      windowMs: findMs * scale,
      restTally,
    });
    const windows = { '8 %': [], '50 %': [], common: [], full: [] };
    found.push({ side, measured: { lane: side.lane, perSecond, windows, restTally, residentBytes: 0 } });
  }
  const able = found.filter(({ measured }) => measured.perSecond > 0);
  const commonPerSecond = Math.min(...able.map(({ measured }) => measured.perSecond)) / 2;
  for (let round = 0; round < rounds; round++) {
    tell(`${traffic.name}: round ${round + 1} of ${rounds}`);
    for (let turn = 0; turn < able.length; turn++) {
      const { side, measured } = able[(turn + round) % able.length] as (typeof able)[number];
      for (const level of levels) {
        const pace = choosePace(level, traffic, measured.perSecond, commonPerSecond);
        const options = { pace, windowMs: level.windowMs * scale, restTally: measured.restTally };
        measured.windows[level.name].push(await runWindow(side, kind, options));
      }
    }
  }
  for (const { side, measured } of found) measured.residentBytes = treeResidentBytes(side.lane.roots);
  return { measured: found.map(({ measured }) => measured), commonPerSecond };
}

function choosePace({ name }: Level, { callers }: Traffic, ownPerSecond: number, commonPerSecond: number): Pace {
  if (name === 'full') return { callers };
  if (name === 'common') return { perSecond: commonPerSecond };
  return { perSecond: ownPerSecond * (name === '8 %' ? 0.08 : 0.5) };
}
