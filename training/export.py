"""From a checkpoint to the GGUF file that ships."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import torch
from tokenizers import Tokenizer

from training import tokenizer as tk
from training.network import Network, Shape


def network_of(checkpoint: Path, averaged: bool = True) -> Network:
    """The network of a checkpoint: the running average of its weights."""
    saved = torch.load(checkpoint, weights_only=True)
    network = Network(Shape(**saved["shape"]))
    network.load_state_dict(saved["average" if averaged else "network"])
    return network.eval()


def write(network: Network, tok: Tokenizer, target: Path, kind: str = "q8_0") -> None:
    """Writes weights, tokenizer and chat template. `kind`: q8_0, f16 or f32."""
    shape = network.shape
    new = target.with_suffix(".new")
    w = gguf.GGUFWriter(str(new), "llama")
    w.add_name("starter")
    w.add_description("Small decisions of a job builder; see data/models/README.md")
    w.add_license("MIT")
    w.add_context_length(shape.context)
    w.add_embedding_length(shape.width)
    w.add_block_count(shape.layers)
    w.add_feed_forward_length(shape.hidden)
    w.add_head_count(shape.heads)
    w.add_head_count_kv(shape.kv_heads)
    w.add_layer_norm_rms_eps(shape.epsilon)
    w.add_rope_freq_base(shape.base)
    w.add_rope_dimension_count(shape.width // shape.heads)
    w.add_vocab_size(shape.vocabulary)
    w.add_file_type(
        {
            "q8_0": gguf.LlamaFileType.MOSTLY_Q8_0,
            "f16": gguf.LlamaFileType.MOSTLY_F16,
            "f32": gguf.LlamaFileType.ALL_F32,
        }[kind]
    )
    _vocabulary(w, tok, shape.vocabulary)
    for name, tensor in _tensors(network):
        data = tensor.detach().float().numpy()
        if data.ndim == 1 or kind == "f32":
            w.add_tensor(name, data)
        elif kind == "f16":
            w.add_tensor(name, data.astype(np.float16))
        else:
            w.add_tensor(
                name,
                gguf.quants.quantize(data, gguf.GGMLQuantizationType.Q8_0),
                raw_dtype=gguf.GGMLQuantizationType.Q8_0,
            )
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()
    new.replace(target)


def _vocabulary(w: gguf.GGUFWriter, tok: Tokenizer, size: int) -> None:
    import json

    told = json.loads(tok.to_str())["model"]
    control, marks = set(tk.control()), set(tk.placeholders())
    by_id = {i: t for t, i in tok.get_vocab(with_added_tokens=True).items()}
    tokens = [by_id[i] for i in range(size)]
    kinds = [
        gguf.TokenType.CONTROL
        if t in control
        else gguf.TokenType.USER_DEFINED
        if t in marks
        else gguf.TokenType.NORMAL
        for t in tokens
    ]
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre(tk.PRE)
    w.add_token_list(tokens)
    w.add_token_types(kinds)
    w.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in told["merges"]])
    w.add_bos_token_id(tok.token_to_id(tk.BEGIN))
    w.add_eos_token_id(tok.token_to_id(tk.END))
    w.add_pad_token_id(tok.token_to_id(tk.PAD))
    w.add_add_bos_token(False)
    w.add_add_eos_token(False)
    w.add_chat_template(tk.TEMPLATE)


def _tensors(network: Network) -> list[tuple[str, torch.Tensor]]:
    made = [
        ("token_embd.weight", network.embed.weight),
        ("output_norm.weight", network.norm.weight),
    ]
    for i, block in enumerate(network.blocks):
        parts = {
            "attn_norm": block.attn_norm, "attn_q": block.q, "attn_k": block.k, "attn_v": block.v, "attn_output": block.o,
            "ffn_norm": block.ffn_norm, "ffn_gate": block.gate, "ffn_up": block.up, "ffn_down": block.down,
        }  # fmt: skip
        made += [(f"blk.{i}.{name}.weight", part.weight) for name, part in parts.items()]
    return made
