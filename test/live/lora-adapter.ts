import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Sizes of SmolLM2-135M. */
const hidden = 576;
const layers = 30;
const widths = { q_proj: 576, v_proj: 192 } as const;
const rank = 8;

/**
 * Writes a LoRA adapter of SmolLM2-135M in PEFT's form: numbers of no meaning, large enough that answers differ. Every `seed` gives another one.
 * Source: PEFT's `adapter_config.json` and the safetensors format (8 bytes of length, a JSON header, the numbers).
 */
export function writeLoraAdapter(folder: string, seed: number): void {
  mkdirSync(folder, { recursive: true });
  const config = { peft_type: 'LORA', task_type: 'CAUSAL_LM', r: rank, lora_alpha: 32, lora_dropout: 0, bias: 'none' };
  const more = { target_modules: Object.keys(widths), base_model_name_or_path: 'tiny', inference_mode: true };
  writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify({ ...config, ...more }));
  writeFileSync(join(folder, 'adapter_model.safetensors'), writeTensors(seed));
}

function writeTensors(seed: number): Buffer {
  const header: Record<string, object> = {};
  const numbers: Float32Array[] = [];
  let offset = 0;
  let state = seed;
  const draw = (count: number) =>
    Float32Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state / 2 ** 32 - 0.5) * 0.2;
    });
  const add = (name: string, shape: readonly [number, number]) => {
    const values = draw(shape[0] * shape[1]);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
    numbers.push(values);
  };
  for (let layer = 0; layer < layers; layer++) {
    for (const [part, width] of Object.entries(widths)) {
      const name = `base_model.model.model.layers.${layer}.self_attn.${part}`;
      add(`${name}.lora_A.weight`, [rank, hidden]);
      add(`${name}.lora_B.weight`, [width, rank]);
    }
  }
  const head = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([length, head, ...numbers.map(({ buffer }) => Buffer.from(buffer))]);
}
