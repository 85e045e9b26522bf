// `npm run bench`: sets up and runs the benchmarks. Words after `--` keep those whose name holds one; `--write` keeps the tables in docs/benchmarks.md.
import './steps/require-node.mjs';

import('./steps/bench-command.mjs').then(({ bench }) => bench(process.argv.slice(2)));
