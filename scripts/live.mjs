// `node scripts/live.mjs vllm`: sets up, starts the real engine in its variants, our server in front of each, and runs the acceptance suite of
// test/live. Words: engines, variants, or `kind=address` of an engine that runs already. `--write` keeps the results in docs/engines.md,
// `--only word` runs the checks whose id holds the word, `--keep` leaves the last pair of servers running, `--gpu` is for machines with one.
import './steps/require-node.mjs';

import('./steps/live-command.mjs').then(({ live }) => live(process.argv.slice(2)));
