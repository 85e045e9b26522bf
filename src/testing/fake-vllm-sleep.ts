import type { JsonObject } from '../protocol/json.ts';
import type { FakeState } from './fake-face.ts';

/**
 * vLLM's routes of sleep mode, by method and path; undefined for others, and for all of them where it was started without it.
 * Source: vLLM 0.32.0, `entrypoints/serve/dev/sleep/api_router.py` (read).
 */
export function answerSleep(route: string, { sleep }: FakeState): JsonObject | undefined {
  if (!sleep) return undefined;
  if (route === 'GET /is_sleeping') return { is_sleeping: sleep.isAsleep };
  if (route === 'POST /wake_up') {
    sleep.isAsleep = false;
    return { status: 'awake', tags: null };
  }
  if (route !== 'POST /sleep') return undefined;
  sleep.isAsleep = true;
  return { status: 'sleeping', level: 1 };
}
