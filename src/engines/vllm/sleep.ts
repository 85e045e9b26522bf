import type { Sleep } from '../../protocol/engine.ts';
import { GatewayError } from '../../protocol/error.ts';
import type { Connection } from '../http/connection.ts';

/** How deep a vLLM sleeps. 1: its weights go to RAM and its cache is dropped; 0: it only pauses and keeps its memory, which needs no GPU. */
export type SleepLevel = 0 | 1;

/**
 * vLLM's sleep mode, which is there where it was started with `--enable-sleep-mode` and `VLLM_SERVER_DEV_MODE=1`. What other clients have in flight is answered first.
 * Source: vLLM 0.32.0, `entrypoints/serve/dev/sleep/api_router.py` and `v1/engine/core.py` (read).
 */
export function sleepOf(connection: Connection, level: SleepLevel): Sleep {
  const ask = async (path: string, signal: AbortSignal): Promise<void> => {
    try {
      await connection.askText({ method: 'POST', path, body: '' }, signal);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.upstreamStatus !== 404) throw error;
      const message = 'The engine shares its GPU and cannot sleep. Start vLLM with --enable-sleep-mode and VLLM_SERVER_DEV_MODE=1.';
      throw new GatewayError('engine_failed', message, { upstreamStatus: 404, cause: error });
    }
  };
  return {
    begin: (signal) => ask(`/sleep?level=${level}&mode=wait`, signal),
    end: (signal) => ask('/wake_up', signal),
  };
}
