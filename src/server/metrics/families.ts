import type { Node } from '../../gateway/node.ts';
import { createBuildFamily } from './build-family.ts';
import type { Family } from './family.ts';
import type { Instruments } from './instruments.ts';
import { createNodeFamilies } from './node-families.ts';

/** Every family of a server, in the order of the scrape. `node` gives the one that answers now. */
export function listFamilies(instruments: Instruments, node: () => Node): readonly Family[] {
  return [createBuildFamily(), ...createNodeFamilies(node), ...instruments.families];
}
