import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Benchmark, toMarkdown } from './report.ts';

// `node build/bench/run.js <benchmark file> <report file>`: runs one benchmark and writes its table.
const [, , benchmarkFile = '', reportFile = ''] = process.argv;
const { default: run } = (await import(pathToFileURL(benchmarkFile).href)) as { default: Benchmark };
writeFileSync(reportFile, toMarkdown(await run()));
// engines and keep-alive connections would hold the process
process.exit();
