/** The text of docs/metrics.md: every metric that Rookery makes itself. */
export function renderMetrics(families) {
  return [
    '<!-- Generated from src/server/metrics by scripts/generate-docs.mjs. -->',
    '# Metrics',
    '',
    "`GET /metrics` answers in Prometheus' text format 0.0.4, and asks for the key where the server has one:",
    '',
    '```yaml',
    'scrape_configs:',
    '  - job_name: rookery',
    '    authorization: { credentials_file: /etc/prometheus/rookery.key }',
    '    static_configs: [{ targets: ["127.0.0.1:4000"] }]',
    '```',
    '',
    'A Prometheus that reaches the server by another name than its address needs that name in `--allow-host`.',
    '',
    "Where vLLM has a metric of the same meaning it has the same name, with `rookery_` for `vllm:`, and its buckets, with finer ones below. Ours hold what a caller sees: the gateway's part and",
    "the network's, not the engine's alone. Times are those of answers that went well, but for TTFT, ITL and the queue.",
    '',
    '| metric | type | labels | what |',
    '|---|---|---|---|',
    ...families.map(({ name, type, labelNames, help }) => `| \`${name}\` | ${type} | ${labelNames.map(code).join(', ')} | ${cell(help)} |`),
    '',
    'And those of the process from prom-client, `process_*` and `nodejs_*`: CPU, memory, heap, garbage collection, event-loop lag, open handles and files. They are of the process since its first',
    'scrape, and a server that is never scraped spends nothing on them.',
    '',
    '## Labels',
    '',
    '- `model` and `upstream` are the operator\'s names, as configured or listed by an engine; `model` is the one that answered, so a fallback\'s where one took over. A name that nobody serves counts under `model=""`.',
    '- `code` is a code of [errors.md](errors.md), or `ok`; `route` a path as `GET /` lists it, or empty.',
    "- `mode` is the first word of `x-rookery-plan`. No label holds a key, an agent, a request's id or anything else that a client writes, so clients cannot make new series.",
    '',
    '## Questions and their queries',
    '',
    '| question | query |',
    '|---|---|',
    ...questions.map(([question, query]) => `| ${question} | \`${cell(query)}\` |`),
    '',
    '## The same in the log',
    '',
    'With `--log json` each generation is one line. Beside the fields of every request (`id`, `method`, `path`, `status`, `durationMs`, `code`) it has `model` as it was asked for, `answeredBy` where',
    'another name answered, `fallback`, `mode`, `upstream`, `attempts`, `failed` (upstream and code of each try that failed), `queuedMs`, `ttftMs` of a stream, `promptTokens`, `cachedTokens`,',
    '`completionTokens`, `finish` and `toolCalls`. Prompts and answers are never in it.',
    '',
  ].join('\n');
}

const questions = [
  ['share of failing generations', 'sum(rate(rookery_requests_total{code!="ok"}[5m])) / sum(rate(rookery_requests_total[5m]))'],
  ['TTFT, 95th percentile by model', 'histogram_quantile(0.95, sum by (le, model) (rate(rookery_time_to_first_token_seconds_bucket[5m])))'],
  ['tokens a second by upstream', 'sum by (upstream) (rate(rookery_generation_tokens_total[1m]))'],
  [
    'share of prompt tokens from the cache',
    'sum(rate(rookery_prompt_tokens_cached_total[5m])) / sum(rate(rookery_prompt_tokens_total[5m]))',
  ],
  ['upstreams that are down or overfull', 'rookery_upstream_up == 0 or rookery_upstream_waiting > rookery_upstream_slots'],
  ['models taken out somewhere', 'rookery_target_state{state=~"resting|down"} == 1'],
  [
    'share of tool calls that needed mending',
    'sum(rate(rookery_tool_calls_total{outcome="repaired"}[1h])) / sum(rate(rookery_tool_calls_total[1h]))',
  ],
];

function code(word) {
  return `\`${word}\``;
}

function cell(words) {
  return words.replaceAll('|', '\\|');
}
