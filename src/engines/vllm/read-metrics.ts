/** How busy an engine is. Absent where it does not tell. */
export interface EngineLoad {
  /** requests being worked on */
  readonly running: number;
  /** requests in the engine's own queue */
  readonly waiting: number;
  /** the fullest share of the cache of keys and values, 0 to 1 */
  readonly cacheUse?: number;
  /** tokens of prompts that were looked for in the prefix cache, and those that were found, since its start */
  readonly prefixTokens?: { readonly asked: number; readonly found: number };
  /** requests that were put back for want of memory, since its start */
  readonly preemptions?: number;
}

/** Sums over the samples of each name. */
interface Samples {
  readonly sums: ReadonlyMap<string, number>;
  readonly highest: ReadonlyMap<string, number>;
}

/**
 * Reads vLLM's `GET /metrics`: counts are summed over its models and engines, the cache is the fullest one's. Newer names win over older ones, and
 * counters may come with or without `_total`. Undefined where the text has neither running nor waiting requests: it is some other program's.
 * Source: vLLM 0.32.0, `v1/metrics/loggers.py`; older names: its release notes.
 */
export function readMetrics(text: string): EngineLoad | undefined {
  const samples = readSamples(text);
  const { sums, highest } = samples;
  const running = sums.get('num_requests_running');
  const waiting = sums.get('num_requests_waiting');
  if (running === undefined && waiting === undefined) return undefined;
  const cacheUse = highest.get('kv_cache_usage_perc') ?? highest.get('gpu_cache_usage_perc');
  const asked = readCounter(samples, ['prefix_cache_queries', 'gpu_prefix_cache_queries']);
  const found = readCounter(samples, ['prefix_cache_hits', 'gpu_prefix_cache_hits']);
  const preemptions = readCounter(samples, ['num_preemptions']);
  return {
    running: running ?? 0,
    waiting: waiting ?? 0,
    ...(cacheUse === undefined ? {} : { cacheUse }),
    ...(asked === undefined || found === undefined ? {} : { prefixTokens: { asked, found } }),
    ...(preemptions === undefined ? {} : { preemptions }),
  };
}

function readCounter({ sums }: Samples, names: readonly string[]): number | undefined {
  const found = names.flatMap((name) => [`${name}_total`, name]).find((name) => sums.has(name));
  return found === undefined ? undefined : sums.get(found);
}

const prefix = 'vllm:';

/** Reads lines such as `vllm:num_requests_running{engine="0",model_name="a } b"} 2.0`; a label may hold any character. */
function readSamples(text: string): Samples {
  const sums = new Map<string, number>();
  const highest = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (!line.startsWith(prefix)) continue;
    const [name = ''] = line.slice(prefix.length).split(/[{\s]/, 1);
    const labelsEnd = line.lastIndexOf('}');
    const rest = labelsEnd === -1 ? line.slice(prefix.length + name.length) : line.slice(labelsEnd + 1);
    const value = Number.parseFloat(rest.trim());
    if (!Number.isFinite(value)) continue;
    sums.set(name, (sums.get(name) ?? 0) + value);
    highest.set(name, Math.max(highest.get(name) ?? value, value));
  }
  return { sums, highest };
}
