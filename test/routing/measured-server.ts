import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type FaceCase, serveUpstream } from '../fault-scene.ts';

// A process of its own with a server in front of one upstream, that says how much it holds when it is asked.
// Arguments: the kind of the upstream, its address, how many streams it takes at once. It sends its own address once it knows the models.

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of heap and of buffers that are reachable. */
async function heldBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await setImmediate();
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const [kind, address, slots] = process.argv.slice(2) as [FaceCase['kind'], string, string];
const server = await serveUpstream(kind, address, { slots: Number(slots) });
await server.node.ready(AbortSignal.timeout(60_000));
process.on('message', async () => process.send?.(await heldBytes()));
process.on('disconnect', () => process.exit());
process.send?.(server.url);
