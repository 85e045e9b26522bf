import { anthropicFace } from './fake-anthropic.ts';
import type { FakeFace } from './fake-face.ts';
import { llamaServerFace } from './fake-llama-server.ts';
import { ollamaFace } from './fake-ollama.ts';
import { openAiFace } from './fake-openai.ts';
import { vllmFace } from './fake-vllm.ts';

/** Whose API a fake engine speaks. */
export type FakeFaceName = 'openai' | 'vllm' | 'ollama' | 'llama-server' | 'anthropic';

/** The faces by their name. */
export const fakeFaces: Readonly<Record<FakeFaceName, FakeFace>> = {
  openai: openAiFace,
  vllm: vllmFace,
  ollama: ollamaFace,
  'llama-server': llamaServerFace,
  anthropic: anthropicFace,
};
