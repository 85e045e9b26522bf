import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMicroseconds } from './cpu.ts';
import type { LoadKind } from './gateways-exchange.ts';
import type { OpenLane } from './gateways-lanes.ts';
import { type GatewayLoad, newTally, type Pace, type Tally } from './gateways-load.ts';
import { treeCpuMicroseconds } from './process-tree.ts';

const longestFindMs = 60_000;
const longestWarmMs = 12_000;
const longestWindowMs = 8000;
const fewestAnswers = 10;
const settleMs = 200;
/** Node is slow again after seconds without work, measured: twice the CPU in the first thousand answers */
const rewarmAnswers = 2000;
const longestRewarmMs = 1500;
const pollMs = 10;
/** a gateway is calm when it has used so little in so long */
const calmMs = 60;
const calmMicroseconds = 10_000;
const longestCalmMs = 3000;

/** A lane and the load that asks it. */
export interface Side {
  readonly lane: OpenLane;
  readonly load: GatewayLoad;
  readonly enginePid: number;
}

/** What was seen in a window. */
export interface Window {
  readonly seconds: number;
  readonly answers: number;
  readonly pieces: number;
  /** of the gateway and all its processes */
  readonly cpuMicroseconds: number;
  /** of the engine and of this process, which share the other core */
  readonly othersCpuMicroseconds: number;
  readonly tally: Tally;
}

/** How a rate is found. */
export interface FindOptions {
  readonly callers: number;
  /** answers that come first, for what is hot to be compiled; where they take longer than the limit, those that came */
  readonly warmAnswers: number;
  readonly windowMs: number;
  readonly restTally: Tally;
}

/** Right answers a second under full load, once what is hot has been compiled. */
export async function findRate({ lane, load }: Side, kind: LoadKind, options: FindOptions): Promise<number> {
  const { callers, warmAnswers, windowMs, restTally } = options;
  load.tally = restTally;
  load.start(kind, { callers });
  await waitForAnswers(load, { leastMs: 0, least: callers, mostMs: longestFindMs });
  await waitForAnswers(load, { leastMs: 0, least: warmAnswers, mostMs: longestWarmMs });
  const before = load.answers;
  const seconds = (await waitForAnswers(load, { leastMs: windowMs, least: callers, mostMs: longestFindMs })) / 1000;
  const perSecond = (load.answers - before) / seconds;
  await load.stop();
  await untilCalm(lane.roots);
  return perSecond;
}

/** How a window is looked through. */
export interface WindowOptions {
  readonly pace: Pace;
  readonly windowMs: number;
  /** keeps what is asked before the window and after it */
  readonly restTally: Tally;
}

/**
 * Asks a lane at a pace and counts what happens in a window. Under full load neither the time before the window nor the window ends before there is an
 * answer for each caller: slow gateways begin with nothing but requests.
 */
export async function runWindow({ lane, load, enginePid }: Side, kind: LoadKind, options: WindowOptions): Promise<Window> {
  const { pace, restTally } = options;
  const look = () => {
    const { user, system } = process.cpuUsage();
    const cpu = treeCpuMicroseconds(lane.roots);
    return { ms: performance.now(), cpu, others: user + system + cpuMicroseconds(enginePid), answers: load.answers, pieces: load.pieces };
  };
  const least = 'callers' in pace ? pace.callers : fewestAnswers;
  load.tally = restTally;
  load.start(kind, pace);
  await waitForAnswers(load, { leastMs: settleMs, least: 'callers' in pace ? least : 0, mostMs: longestWindowMs });
  if ('callers' in pace) await waitForAnswers(load, { leastMs: 0, least: rewarmAnswers, mostMs: longestRewarmMs });
  const tally = newTally();
  load.tally = tally;
  const before = look();
  await waitForAnswers(load, { leastMs: options.windowMs, least, mostMs: longestWindowMs });
  const after = look();
  load.tally = restTally;
  await load.stop();
  await untilCalm(lane.roots);
  return {
    seconds: (after.ms - before.ms) / 1000,
    answers: after.answers - before.answers,
    pieces: after.pieces - before.pieces,
    cpuMicroseconds: after.cpu - before.cpu,
    othersCpuMicroseconds: after.others - before.others,
    tally,
  };
}

interface Wait {
  readonly leastMs: number;
  /** answers, of any kind */
  readonly least: number;
  readonly mostMs: number;
}

/** Waits at least so long and for so many answers, and gives up at the longest; gives the milliseconds it took. */
async function waitForAnswers(load: GatewayLoad, { leastMs, least, mostMs }: Wait): Promise<number> {
  const startedMs = performance.now();
  const startedEnds = load.ends;
  const passedMs = () => performance.now() - startedMs;
  while (passedMs() < leastMs || (load.ends - startedEnds < least && passedMs() < mostMs)) await sleep(pollMs);
  return passedMs();
}

/** Some gateways have work left when all is answered; it is not to disturb the next one, on the same core. */
async function untilCalm(roots: readonly number[]): Promise<void> {
  const endMs = performance.now() + longestCalmMs;
  for (let before = treeCpuMicroseconds(roots); performance.now() < endMs; ) {
    await sleep(calmMs);
    const now = treeCpuMicroseconds(roots);
    if (now - before <= calmMicroseconds) return;
    before = now;
  }
}
