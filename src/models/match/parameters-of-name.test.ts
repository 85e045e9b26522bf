import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parametersOfName } from './parameters-of-name.ts';

const names: readonly (readonly [string, number | undefined])[] = [
  ['Qwen/Qwen2.5-0.5B-Instruct', 0.5e9],
  ['qwen3:1.7b', 1.7e9],
  ['SmolLM2-135M-Instruct.Q4_1.gguf', 135e6],
  ['mistralai/Mixtral-8x7B-Instruct-v0.1', 56e9],
  ['Qwen3-30B-A3B', 30e9],
  ['Qwen3-Coder-480B-A35B-Instruct', 480e9],
  ['meta-llama/Llama-3.2-3B', 3e9],
  ['phi-4', undefined],
  ['model-4bit', undefined],
  ['gemma-3n-E4B-it', undefined],
  ['IQ2_M', undefined],
];

for (const [name, parameters] of names) {
  test(`the name ${name} says ${parameters ?? 'nothing'}`, () => assert.equal(parametersOfName(name), parameters));
}
