// `node scripts/test-litellm.mjs`: LiteLLM itself and ours live through the same scenes (test/litellm), one after another, against the fake engine, and
// what differs has to be decided there. `--only word` takes the scenes whose name holds it, `--recorded` takes LiteLLM's side from the recording (no
// Python), `--write` keeps the recording, docs/litellm-runs.json and the tables of docs/litellm.md, `--built folder` takes `dist` and `test` of a build.
import './steps/require-node.mjs';

import('./gateways/litellm-command.mjs').then(({ testLiteLlm }) => testLiteLlm(process.argv.slice(2)));
