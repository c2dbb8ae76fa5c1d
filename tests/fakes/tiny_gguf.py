"""A language model of random weights: 2 layers, 64 wide, bytes for tokens, under 500 KB, the same every time.

What it says is noise, but llama.cpp loads, serves and constrains it like any other.
"""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

_WIDTH, _LAYERS, _HEADS, _FEED, _CONTEXT = 64, 2, 4, 128, 2048
_SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def _byte_letters() -> list[str]:
    """The printable letter that stands for each byte in byte-level BPE."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(spare)) for byte in range(256)]


def write_tiny_model(path: Path, template: str = CHATML) -> None:
    """Write the model to ``path``; ``template`` makes a prompt of a conversation."""
    tokens = [*_SPECIAL, *_byte_letters()]
    letters = tokens[3:]
    merges = [f"{letters[ord('t')]} {letters[ord('h')]}", f"{letters[ord('i')]} {letters[ord('n')]}"]
    tokens += [merge.replace(" ", "") for merge in merges]
    kinds = [gguf.TokenType.CONTROL] * 3 + [gguf.TokenType.NORMAL] * (len(tokens) - 3)
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("tiny")
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_FEED)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS)
    writer.add_rope_dimension_count(_WIDTH // _HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(2)
    writer.add_chat_template(template)
    chance = np.random.default_rng(7)

    def matrix(name: str, rows: int, columns: int) -> None:
        writer.add_tensor(name, (chance.standard_normal((rows, columns)) * 0.05).astype(np.float32))

    matrix("token_embd.weight", len(tokens), _WIDTH)
    for layer in range(_LAYERS):
        writer.add_tensor(f"blk.{layer}.attn_norm.weight", np.ones(_WIDTH, np.float32))
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            matrix(f"blk.{layer}.{part}.weight", _WIDTH, _WIDTH)
        writer.add_tensor(f"blk.{layer}.ffn_norm.weight", np.ones(_WIDTH, np.float32))
        matrix(f"blk.{layer}.ffn_gate.weight", _FEED, _WIDTH)
        matrix(f"blk.{layer}.ffn_up.weight", _FEED, _WIDTH)
        matrix(f"blk.{layer}.ffn_down.weight", _WIDTH, _FEED)
    writer.add_tensor("output_norm.weight", np.ones(_WIDTH, np.float32))
    matrix("output.weight", len(tokens), _WIDTH)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
