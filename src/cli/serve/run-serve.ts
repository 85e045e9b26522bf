import type { Node, ServedModel } from '../../gateway/node.ts';
import { createServer, type ServerOptions } from '../../server/create-server.ts';
import { createStartingNode } from '../../server/starting-node.ts';

/** What serving takes, each part given so that a test can give its own. */
export interface ServeParts {
  readonly server: Omit<ServerOptions, 'node'>;
  /** finds the model, fetching it where needed, and opens an engine with it */
  readonly openNode: (signal: AbortSignal) => Promise<Node>;
  /** the port is bound; nothing can be answered yet */
  readonly onListening: (url: string) => void;
  /** the model answers */
  readonly onReady: (url: string, models: readonly ServedModel[]) => void;
  /** aborted when the server is to stop */
  readonly stop: AbortSignal;
  readonly graceMs: number;
}

/** Time for an engine to end by itself, after the last answer. */
const engineEndMs = 2_000;

/**
 * Binds the port, then opens the node, and serves until `stop`. Everything it started is ended when it resolves or throws.
 * Throws what `createServer` and `openNode` throw, and the engine's own error when it cannot load its model.
 */
export async function runServe(parts: ServeParts): Promise<void> {
  const { stop } = parts;
  const server = await createServer({ ...parts.server, node: createStartingNode() });
  let node: Node | undefined;
  try {
    parts.onListening(server.url);
    node = await parts.openNode(stop);
    await node.ready(stop);
    server.useNode(node);
    parts.onReady(server.url, node.models());
    await untilAborted(stop);
  } catch (error) {
    // giving up a download because of the stop is no failure
    if (!stop.aborted) throw error;
  } finally {
    await server.close({ graceMs: stop.aborted ? parts.graceMs : 0 });
    await node?.close(engineEndMs);
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
