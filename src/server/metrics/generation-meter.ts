import type { Turn, TurnReport } from '../../gateway/node.ts';
import type { ErrorCode } from '../../protocol/error.ts';
import type { EventBatch } from '../../protocol/event.ts';
import { AnswerTally } from './answer-tally.ts';
import type { Count } from './count.ts';
import type { Instruments, TargetDistributions } from './instruments.ts';

/** What a meter is opened with. */
export interface MeterOptions {
  readonly instruments: Instruments;
  /** when the request arrived, on the clock of `nowMs` */
  readonly startedMs: number;
  /** milliseconds of a clock that never goes back */
  readonly nowMs: () => number;
}

/**
 * Times and counts one generation, for the metrics and for its line in the log. Labels come from the node's report and from closed lists, never from the request.
 * TTFT, ITL and TPOT are those of streams: a whole answer has one moment. Source of their definitions: vLLM's `bench serve`.
 */
export class GenerationMeter {
  readonly #options: MeterOptions;
  readonly #tally = new AnswerTally();
  #turn: Turn | undefined;
  #isStreamed = false;
  #plannedModel = '';
  #inFlight: Count | undefined;
  /** those of the target that answers, known from the first event on */
  #distributions: TargetDistributions | undefined;
  #firstMs: number | undefined;
  #lastMs: number | undefined;
  /** when the last piece of each choice came */
  readonly #pieceMs: number[] = [];

  constructor(options: MeterOptions) {
    this.#options = options;
  }

  /** The node has taken the request. */
  begin(turn: Turn, isStreamed: boolean): void {
    const { asked: model } = turn.report;
    this.#turn = turn;
    this.#isStreamed = isStreamed;
    this.#plannedModel = model;
    this.#inFlight = this.#options.instruments.counts.inFlight.of(model);
    this.#inFlight.value += 1;
  }

  /** The node has refused the request. `model` is a name of the operator's, or empty. */
  refuse(model: string): void {
    this.#plannedModel = model;
  }

  /** A batch has come. */
  note({ choice, events }: EventBatch): void {
    let isPiece = false;
    for (const event of events) isPiece = this.#tally.note(event) || isPiece;
    if (!isPiece) return;
    const atMs = this.#options.nowMs();
    this.#lastMs = atMs;
    if (this.#isStreamed) this.#notePiece(choice, atMs);
  }

  #notePiece(choice: number, atMs: number): void {
    this.#distributions ??= this.#findDistributions();
    const beforeMs = this.#pieceMs[choice];
    this.#pieceMs[choice] = atMs;
    if (beforeMs !== undefined) this.#distributions.betweenTokens.observe((atMs - beforeMs) / 1000);
    if (this.#firstMs !== undefined) return;
    this.#firstMs = atMs;
    this.#distributions.firstToken.observe((atMs - this.#options.startedMs) / 1000);
  }

  /** The answer is written or given up; `code` says what it failed with. Called once, at the very end. */
  end(code: ErrorCode | undefined): void {
    const { counts } = this.#options.instruments;
    const report = this.#turn?.report;
    counts.requests.of(report?.model ?? this.#plannedModel, upstreamOf(report), code ?? 'ok').value += 1;
    if (this.#inFlight) this.#inFlight.value -= 1;
    if (!report) return;
    this.#countReport(report);
    this.#countAnswer(report, code === undefined);
    const distributions = this.#findDistributions();
    if (report.attempts.length > 0) distributions.queued.observe(queuedMs(report) / 1000);
    if (code === undefined) this.#observeWhole(distributions);
  }

  #countReport(report: TurnReport): void {
    const { counts } = this.#options.instruments;
    const { model, mode, attempts, faults } = report;
    const upstream = upstreamOf(report);
    counts.plans.of(model, mode).value += 1;
    if (model !== this.#plannedModel) counts.fallbacks.of(this.#plannedModel, model).value += 1;
    for (const { upstream: tried, outcome, code = '' } of attempts) {
      // what still runs now is read by nobody
      counts.attempts.of(tried, outcome === 'running' ? 'left' : outcome, code).value += 1;
    }
    for (const [outcome, count] of Object.entries(faults)) {
      if (count > 0) counts.answerFaults.of(model, upstream, outcome).value += count;
    }
  }

  #countAnswer(report: TurnReport, isWhole: boolean): void {
    const { counts } = this.#options.instruments;
    const { finishes, calls, issues, usage } = this.#tally;
    const { model } = report;
    const upstream = upstreamOf(report);
    if (isWhole) for (const reason of finishes) counts.success.of(model, upstream, reason).value += 1;
    for (const outcome of calls) counts.toolCalls.of(model, upstream, outcome).value += 1;
    for (const issue of issues) counts.parseIssues.of(model, upstream, issue).value += 1;
    if (!usage) return;
    counts.promptTokens.of(model, upstream).value += usage.promptTokens;
    counts.cachedTokens.of(model, upstream).value += usage.cachedTokens;
    counts.generationTokens.of(model, upstream).value += usage.completionTokens;
  }

  #observeWhole(distributions: TargetDistributions): void {
    const { usage } = this.#tally;
    if (usage) distributions.promptTokens.observe(usage.promptTokens);
    if (usage) distributions.generationTokens.observe(usage.completionTokens);
    const endedMs = this.#lastMs ?? this.#options.nowMs();
    distributions.whole.observe((endedMs - this.#options.startedMs) / 1000);
    if (this.#firstMs === undefined) return;
    const tokens = (usage?.completionTokens ?? 0) / this.#pieceMs.length;
    if (tokens > 1) distributions.perOutputToken.observe((endedMs - this.#firstMs) / 1000 / (tokens - 1));
  }

  #findDistributions(): TargetDistributions {
    const report = this.#turn?.report;
    return this.#options.instruments.distributions(report?.model ?? '', upstreamOf(report));
  }

  /** What the log says of the generation: names of the operator's, numbers and codes; undefined is left out. Empty where the node never took it. */
  fields(askedModel: string | undefined): Readonly<Record<string, unknown>> {
    const report = this.#turn?.report;
    if (!report) return {};
    const { finishes, calls, usage } = this.#tally;
    const failed = report.attempts.flatMap(({ upstream, code }) => (code === undefined ? [] : [`${upstream}: ${code}`]));
    return {
      answeredBy: report.model === askedModel ? undefined : report.model,
      fallback: report.model === this.#plannedModel ? undefined : true,
      mode: report.mode,
      upstream: report.attempts.at(-1)?.upstream,
      attempts: report.attempts.length,
      failed: failed.length === 0 ? undefined : failed,
      queuedMs: toTenths(queuedMs(report)),
      ttftMs: this.#firstMs === undefined ? undefined : toTenths(this.#firstMs - this.#options.startedMs),
      ...usage,
      finish: finishes.length < 2 ? finishes[0] : [...new Set(finishes)].join(','),
      toolCalls: calls.length === 0 ? undefined : calls.length,
    };
  }
}

/** Milliseconds with one decimal. */
export function toTenths(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

function upstreamOf(report: TurnReport | undefined): string {
  return report?.attempts.at(-1)?.upstream ?? '';
}

function queuedMs({ attempts }: TurnReport): number {
  return attempts.reduce((sum, attempt) => sum + attempt.queuedMs, 0);
}
