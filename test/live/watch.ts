import { setTimeout as sleep } from 'node:timers/promises';
import { situation } from './situation.ts';

/** Looks at an engine's own numbers, past our server. Waits end with the check's own time limit. */
export interface Watch {
  untilIdle(): Promise<void>;
  untilBusy(): Promise<void>;
  /** tokens written since the engine began */
  countTokens(): Promise<number>;
}

/** What can be seen of the engine; undefined where nothing can. */
export function openWatch(): Watch | undefined {
  const { watch, engineUrl } = situation;
  if (watch === 'none' || engineUrl === undefined) return undefined;
  const names = {
    vllm: { running: 'vllm:num_requests_running', written: 'vllm:generation_tokens_total' },
    'llama-server': { running: 'llamacpp:requests_processing', written: 'llamacpp:tokens_predicted_total' },
  }[watch];
  const read = async (name: string): Promise<number> => readMetric(await (await fetch(`${engineUrl}/metrics`)).text(), name);
  const until = async (isThere: (running: number) => boolean): Promise<void> => {
    while (!isThere(await read(names.running))) await sleep(50);
  };
  return {
    untilIdle: () => until((running) => running === 0),
    untilBusy: () => until((running) => running > 0),
    countTokens: () => read(names.written),
  };
}

/** The sum of a metric's series. Throws where there is none: a renamed metric would make every wait endless. */
function readMetric(page: string, name: string): number {
  const lines = page.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  if (lines.length === 0) throw new Error(`The engine's metrics have no ${name}.`);
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
