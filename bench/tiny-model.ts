import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where `rookery pull smollm2-135m-instruct` puts the model that benchmarks run on. */
export function tinyModelPath(): string {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'rookery', 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf');
}
