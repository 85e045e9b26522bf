/** What a benchmark found: a table whose figures are ratios within one run wherever a ratio makes sense. */
export interface Report {
  readonly title: string;
  /** what was run against what, and what the reader may conclude */
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A benchmark: the name of its file is its name. It prints progress to stderr only. */
export type Benchmark = () => Promise<Report>;

/** The middle value; of two middles the lower. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/** A figure with three digits that matter. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Tells a person who waits what is going on. */
export function say(text: string): void {
  process.stderr.write(`  ${text}\n`);
}

/** A report as a Markdown table with its note. */
export function toMarkdown(report: Report): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [
    `### ${report.title}`,
    '',
    report.note,
    '',
    line(report.columns),
    line(report.columns.map(() => '---')),
    ...report.rows.map(line),
    '',
  ].join('\n');
}
