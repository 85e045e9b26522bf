import type { JsonObject } from '../protocol/json.ts';
import type { FakeState } from './fake-face.ts';

/** What became of an adapter: vLLM's words, or its refusal with its status. */
export type AdapterAnswer = { readonly done: string } | { readonly refused: number; readonly message: string; readonly type: string };

/**
 * vLLM's routes that load and unload LoRA adapters while it runs; undefined for other paths. A loaded one is a model of its own name from then on.
 * Source: vLLM 0.32.0, `entrypoints/openai/models/serving.py` (read).
 */
export function answerAdapters(path: string, body: JsonObject | undefined, state: FakeState): AdapterAnswer | undefined {
  if (path === '/v1/load_lora_adapter') return load(body, state);
  return path === '/v1/unload_lora_adapter' ? unload(body, state) : undefined;
}

function load(body: JsonObject | undefined, { models, adapters }: FakeState): AdapterAnswer {
  const name = textOf(body?.lora_name);
  const path = textOf(body?.lora_path);
  if (name === '' || path === '') return invalid("Both 'lora_name' and 'lora_path' must be provided.");
  if (models.includes(name)) return invalid(`The lora adapter '${name}' conflicts with a served base model.`);
  if (adapters.has(name) && body?.load_inplace !== true) {
    return invalid(
      `The lora adapter '${name}' has already been loaded. If you want to load the adapter in place, set 'load_inplace' to True.`,
    );
  }
  adapters.set(name, path);
  return { done: `Success: LoRA adapter '${name}' added successfully.` };
}

function unload(body: JsonObject | undefined, { adapters }: FakeState): AdapterAnswer {
  const name = textOf(body?.lora_name);
  if (name === '') return invalid("'lora_name' needs to be provided to unload a LoRA adapter.");
  if (!adapters.delete(name)) return { refused: 404, message: `The lora adapter '${name}' cannot be found.`, type: 'NotFoundError' };
  return { done: `Success: LoRA adapter '${name}' removed successfully.` };
}

function invalid(message: string): AdapterAnswer {
  return { refused: 400, message, type: 'InvalidUserInput' };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
