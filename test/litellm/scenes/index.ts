import type { Scene } from '../scene.ts';
import { failureScenes } from './failures.ts';
import { fieldScenes } from './fields.ts';
import { fleetScenes } from './fleets.ts';
import { routingScenes } from './routing.ts';
import { serverScenes } from './servers.ts';

/** All scenes. */
export const scenes: readonly Scene[] = [...fleetScenes, ...routingScenes, ...fieldScenes, ...failureScenes, ...serverScenes];
