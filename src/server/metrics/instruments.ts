import { createCounter, createGauge } from './count.ts';
import type { Family } from './family.ts';
import { createHistogram, type Distribution } from './histogram.ts';

/** Everything the server counts and times by itself. Made once for each server. */
export type Instruments = ReturnType<typeof createInstruments>;

/**
 * Upper bounds in seconds. Source: vLLM 0.11, vllm/v1/metrics/loggers.py; with finer ones below, because models under 10B parameters are faster than
 * vLLM's first bucket.
 */
const bounds = {
  firstToken: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560],
  token: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80],
  request: [0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680],
  queue: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300],
  tokens: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000],
};

const byTarget = ['model', 'upstream'] as const;

/** The distributions of one model on one upstream, looked up once for each generation. */
export interface TargetDistributions {
  readonly firstToken: Distribution;
  readonly betweenTokens: Distribution;
  readonly perOutputToken: Distribution;
  readonly whole: Distribution;
  readonly queued: Distribution;
  readonly promptTokens: Distribution;
  readonly generationTokens: Distribution;
}

/** Counters and distributions at zero. */
export function createInstruments() {
  const http = createHttpInstruments();
  const counts = createGenerationCounts();
  const timings = createTimings();
  const known = new Map<string, Map<string, TargetDistributions>>();
  return {
    http,
    counts,
    /** The distributions of a model, by the operator's name of it, on an upstream. */
    distributions(model: string, upstream: string): TargetDistributions {
      let byUpstream = known.get(model);
      if (!byUpstream) known.set(model, (byUpstream = new Map()));
      let found = byUpstream.get(upstream);
      if (!found) byUpstream.set(upstream, (found = openDistributions(timings, model, upstream)));
      return found;
    },
    /** all of them, in the order of the scrape */
    families: [...Object.values(http), ...Object.values(counts), ...Object.values(timings)] as readonly Family[],
  };
}

function openDistributions(timings: ReturnType<typeof createTimings>, model: string, upstream: string): TargetDistributions {
  return {
    firstToken: timings.firstToken.of(model, upstream),
    betweenTokens: timings.betweenTokens.of(model, upstream),
    perOutputToken: timings.perOutputToken.of(model, upstream),
    whole: timings.whole.of(model, upstream),
    queued: timings.queued.of(model, upstream),
    promptTokens: timings.promptTokens.of(model, upstream),
    generationTokens: timings.generationTokens.of(model, upstream),
  };
}

function createHttpInstruments() {
  return {
    answered: createCounter({
      name: 'rookery_http_requests_total',
      help: 'HTTP requests that were answered or left, by route, status (499: the client left) and error code (`ok`: none).',
      labelNames: ['method', 'route', 'status', 'code'],
    }),
    inFlight: createGauge({
      name: 'rookery_http_requests_in_flight',
      help: 'HTTP requests that are being answered.',
      labelNames: ['method', 'route'],
    }),
  };
}

function createGenerationCounts() {
  return {
    requests: createCounter({
      name: 'rookery_requests_total',
      help: 'Generations that ended, by error code (`ok`: none); model and upstream are empty where the request was refused before they were known.',
      labelNames: [...byTarget, 'code'],
    }),
    inFlight: createGauge({
      name: 'rookery_requests_in_flight',
      help: 'Generations under way, waiting ones included.',
      labelNames: ['model'],
    }),
    success: createCounter({
      name: 'rookery_request_success_total',
      help: 'Answers that were written to their end, one for each choice, by the reason they ended for.',
      labelNames: [...byTarget, 'finished_reason'],
    }),
    plans: createCounter({
      name: 'rookery_plans_total',
      help: 'Generations by the way their tools and constraints were met.',
      labelNames: ['model', 'mode'],
    }),
    attempts: createCounter({
      name: 'rookery_attempts_total',
      help: 'Tries to have a generation answered by an upstream, by outcome and, where it failed, error code.',
      labelNames: ['upstream', 'outcome', 'code'],
    }),
    fallbacks: createCounter({
      name: 'rookery_fallbacks_total',
      help: 'Generations that a fallback model took over.',
      labelNames: ['model', 'fallback'],
    }),
    promptTokens: createCounter({
      name: 'rookery_prompt_tokens_total',
      help: 'Prompt tokens, as the engines counted them.',
      labelNames: byTarget,
    }),
    cachedTokens: createCounter({
      name: 'rookery_prompt_tokens_cached_total',
      help: 'Prompt tokens that were not evaluated again.',
      labelNames: byTarget,
    }),
    generationTokens: createCounter({
      name: 'rookery_generation_tokens_total',
      help: 'Generated tokens, as the engines counted them.',
      labelNames: byTarget,
    }),
    toolCalls: createCounter({
      name: 'rookery_tool_calls_total',
      help: 'Tool calls that were given to callers: whole (`complete`), whole after mending (`repaired`) or cut off (`truncated`).',
      labelNames: [...byTarget, 'outcome'],
    }),
    answerFaults: createCounter({
      name: 'rookery_answer_faults_total',
      help: 'Answers whose calls or output were not as demanded: asked for again (`repairing`), given with a warning (`given`), refused (`refused`).',
      labelNames: [...byTarget, 'outcome'],
    }),
    parseIssues: createCounter({
      name: 'rookery_parse_issues_total',
      help: 'Odd places in what models wrote around tool calls, by kind.',
      labelNames: [...byTarget, 'issue'],
    }),
  };
}

function createTimings() {
  return {
    firstToken: createHistogram(
      {
        name: 'rookery_time_to_first_token_seconds',
        help: 'From the arrival of a streamed request to its first piece of answer (TTFT).',
        labelNames: byTarget,
      },
      bounds.firstToken,
    ),
    betweenTokens: createHistogram(
      {
        name: 'rookery_inter_token_latency_seconds',
        help: 'Between two pieces of one streamed answer (ITL); a piece is what came with one read from the engine.',
        labelNames: byTarget,
      },
      bounds.token,
    ),
    perOutputToken: createHistogram(
      {
        name: 'rookery_request_time_per_output_token_seconds',
        help: 'Time after the first piece, for each further token of a streamed answer (TPOT); only whole answers of more than one token.',
        labelNames: byTarget,
      },
      bounds.token,
    ),
    whole: createHistogram(
      {
        name: 'rookery_e2e_request_latency_seconds',
        help: 'From the arrival of a request to the last piece of its answer (E2EL); only whole answers.',
        labelNames: byTarget,
      },
      bounds.request,
    ),
    queued: createHistogram(
      {
        name: 'rookery_request_queue_time_seconds',
        help: 'Waiting in the queues of upstreams, over all attempts of a request, failed ones included.',
        labelNames: byTarget,
      },
      bounds.queue,
    ),
    promptTokens: createHistogram(
      { name: 'rookery_request_prompt_tokens', help: 'Prompt tokens of a request.', labelNames: byTarget },
      bounds.tokens,
    ),
    generationTokens: createHistogram(
      { name: 'rookery_request_generation_tokens', help: 'Generated tokens of a request, over all its choices.', labelNames: byTarget },
      bounds.tokens,
    ),
  };
}
