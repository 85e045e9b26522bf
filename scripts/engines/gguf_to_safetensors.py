"""Writes a GGUF's weights (as bfloat16), tokenizer and chat template as a folder that vLLM and transformers load.

usage: gguf_to_safetensors.py model.gguf folder
"""

import sys
from pathlib import Path

import torch
from gguf import GGUFReader
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig, GgufConfig


def read_field(reader: GGUFReader, name: str):
    field = reader.get_field(name)
    return None if field is None else field.contents()


def main() -> None:
    source, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    place = {"pretrained_model_name_or_path": str(source.parent), "gguf_file": source.name}
    model = AutoModelForCausalLM.from_pretrained(
        **place, dtype=torch.bfloat16, quantization_config=GgufConfig(dequantize=True)
    )
    tokenizer = AutoTokenizer.from_pretrained(**place)
    reader = GGUFReader(source)
    tokenizer.chat_template = read_field(reader, "tokenizer.chat_template") or tokenizer.chat_template
    end = read_field(reader, "tokenizer.ggml.eos_token_id")
    model.generation_config = GenerationConfig(bos_token_id=model.config.bos_token_id, eos_token_id=end, pad_token_id=end)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


main()
