import { formatBytes, formatSeconds } from './format-bytes.ts';

/** What long work tells while it goes on. */
export type ProgressEvent =
  /** how far a step is; told again and again. A new title begins a new step */
  | { readonly kind: 'step'; readonly title: string; readonly doneBytes?: number; readonly totalBytes?: number }
  /** the step of that title ended well */
  | { readonly kind: 'done'; readonly title: string };

/** Where long work tells how far it is. */
export type OnProgress = (event: ProgressEvent) => void;

/** Where progress is written: standard error, or anything like it. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows progress. `end` takes an unfinished line away, so that something else can be written. */
export interface Progress {
  readonly onProgress: OnProgress;
  readonly end: () => void;
}

interface Step {
  readonly title: string;
  readonly startedMs: number;
  readonly startBytes: number;
  shownMs: number | undefined;
  doneBytes: number;
}

/** Steps that end sooner are not worth a line. */
const quietMs = 2_000;
const redrawMs = 100;
const logLineMs = 5_000;
const barWidth = 20;

/**
 * Shows progress to a person: on a terminal one line, redrawn, with a bar, bytes, rate and time left; elsewhere a plain line every five seconds.
 * Steps under two seconds stay silent. Never coloured. `nowMs` is a clock that never goes back.
 */
export function openProgress(stream: ProgressStream, nowMs: () => number = () => performance.now()): Progress {
  const isTerminal = stream.isTTY === true;
  let step: Step | undefined;
  let isLineOpen = false;

  const clearLine = () => {
    if (isLineOpen) stream.write('\r\u001b[2K');
    isLineOpen = false;
  };
  const show = (event: Extract<ProgressEvent, { kind: 'step' }>) => {
    const now = nowMs();
    const doneBytes = event.doneBytes ?? 0;
    if (step?.title !== event.title) step = { title: event.title, startedMs: now, startBytes: doneBytes, shownMs: undefined, doneBytes };
    step.doneBytes = doneBytes;
    if (now - step.startedMs < quietMs || now - (step.shownMs ?? -Infinity) < (isTerminal ? redrawMs : logLineMs)) return;
    step.shownMs = now;
    const line = renderStep(step, event.totalBytes, now, isTerminal);
    if (!isTerminal) stream.write(`${line}\n`);
    else stream.write(`\r\u001b[2K${line.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`);
    isLineOpen = isTerminal;
  };
  const finish = (title: string) => {
    clearLine();
    if (step?.title === title && step.shownMs !== undefined) stream.write(`${renderDone(step, nowMs())}\n`);
    step = undefined;
  };

  return {
    end: clearLine,
    onProgress: (event) => (event.kind === 'step' ? show(event) : finish(event.title)),
  };
}

function renderStep(step: Step, totalBytes: number | undefined, now: number, hasBar: boolean): string {
  const seconds = (now - step.startedMs) / 1000;
  const rate = (step.doneBytes - step.startBytes) / seconds;
  if (step.doneBytes === 0) return `${step.title}  ${formatSeconds(seconds)}`;
  if (totalBytes === undefined || totalBytes < step.doneBytes) {
    return `${step.title}  ${formatBytes(step.doneBytes)}  ${formatSeconds(seconds)}`;
  }
  const share = totalBytes === 0 ? 1 : step.doneBytes / totalBytes;
  const left = rate > 0 ? `  ${formatBytes(rate)}/s  ${formatSeconds((totalBytes - step.doneBytes) / rate)} left` : '';
  const bar = hasBar ? `[${'#'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '.')}] ` : '';
  const percent = `${Math.floor(share * 100)}%`;
  return `${step.title}  ${bar}${percent}  ${formatBytes(step.doneBytes)} of ${formatBytes(totalBytes)}${left}`;
}

function renderDone(step: Step, now: number): string {
  const bytes = step.doneBytes > 0 ? `${formatBytes(step.doneBytes)} in ` : '';
  return `${step.title}: done, ${bytes}${formatSeconds((now - step.startedMs) / 1000)}`;
}
