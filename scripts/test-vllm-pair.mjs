// `node scripts/test-vllm-pair.mjs`: two real vLLM servers side by side (test/live/vllm-pair.live.ts): turns on a GPU that they share, LoRA adapters.
import './steps/require-node.mjs';

import('./steps/vllm-pair-command.mjs').then(({ testVllmPair }) => testVllmPair());
