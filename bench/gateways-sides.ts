import { type Lane, lanes, type OpenLane, openLane } from './gateways-lanes.ts';
import { GatewayLoad } from './gateways-load.ts';
import { pieces } from './gateways-measure.ts';
import type { Side } from './gateways-window.ts';
import { say } from './report.ts';
import { pinSelf, startSide } from './side-process.ts';

/** between two pieces of a stream; milliseconds */
export const gapMs = 5;

/** A lane that could not be installed or started, and why. */
export interface Missing {
  readonly name: string;
  readonly reason: string;
}

/** Starts the engine and each lane before it, hands them to `work` and ends them, Ctrl-C included. */
export async function withSides<Result>(work: (sides: readonly Side[], missing: readonly Missing[]) => Promise<Result>): Promise<Result> {
  await endChildrenOnSignal();
  pinSelf();
  const engine = await startEngine();
  const sides: Side[] = [];
  const missing: Missing[] = [];
  try {
    for (const lane of lanes) {
      const open = await tryLane(lane, engine.url);
      if ('reason' in open) missing.push(open);
      else sides.push({ lane: open, load: new GatewayLoad(open), enginePid: engine.pid });
    }
    return await work(sides, missing);
  } finally {
    for (const { load, lane } of sides) {
      await load.close();
      await lane.stop();
    }
    await engine.stop();
  }
}

async function tryLane(lane: Lane, engineUrl: string): Promise<OpenLane | Missing> {
  try {
    return await openLane(lane, engineUrl);
  } catch (error) {
    if (!lane.isOptional) throw error;
    const { message, output = '' } = error as Error & { readonly output?: string };
    say(`✖ ${lane.name} is not run: ${message} ${output}`);
    return { name: lane.name, reason: message.replaceAll(/[\n|]+/g, ' ') };
  }
}

function startEngine() {
  return startSide({ program: 'gateways-engine-process', input: { pieces, gapMs }, core: 1 });
}

async function endChildrenOnSignal(): Promise<void> {
  const path = new URL('../../scripts/steps/children.mjs', import.meta.url).href;
  const { endChildrenOnSignal: end } = (await import(path)) as { endChildrenOnSignal(): void };
  end();
}
