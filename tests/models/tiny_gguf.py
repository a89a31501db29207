"""Makes small real model files: Llama- and BERT-shaped GGUFs with random weights."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIAL = ["<|im_start|>", "<|im_end|>", "<|pad|>"]
TEMPLATE = """\
{%- if tools %}<|im_start|>system
Tools:
{%- for tool in tools %}
{{ tool.function | tojson }}
{%- endfor %}
Write <tool_call>{"name": ..., "arguments": ...}</tool_call><|im_end|>
{% endif %}
{%- for message in messages %}<|im_start|>{{ message.role }}
{{ message.content }}
{%- for call in message.tool_calls or [] %}
<tool_call>
{{ call.function | tojson }}
</tool_call>
{%- endfor %}<|im_end|>
{% endfor %}
{%- if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""
CORPUS = [
    "Every weekday at 7 make me a newsletter of the five best stories and mail it to jo@example.org",
    '{"name": "fetch_feed", "arguments": {"url": "https://example.org/feed.xml", "limit": 5}}',
    '<tool_call>\n{"name": "send_email", "arguments": {"to": "jo", "subject": "News"}}\n</tool_call>',
    '{"kind": "job", "steps": [{"skill": "rank_items", "topic": "batteries"}], "schedule": null}',
]


def write_chat_model(
    path: Path,
    *,
    vocabulary: int = 2048,
    width: int = 64,
    layers: int = 2,
    heads: int = 4,
    context: int = 1024,
    seed: int = 0,
    template: str = TEMPLATE,
    marks: tuple[str, ...] = (),
    chatty: bool = True,
    eager: str = "",
) -> Path:
    """A Llama-shaped decoder. `chatty`: it never ends by itself, so that answers are endless.

    `eager` is a mark that it writes whenever it may.
    """
    tokens, merges = _vocabulary(vocabulary, marks)
    rng = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("tiny")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(width * 2)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // heads)
    writer.add_vocab_size(len(tokens))
    _write_tokenizer(writer, tokens, merges, template, marks)

    def tensor(name: str, *shape: int, scale: float = 0.5) -> None:
        values = rng.standard_normal(shape) * scale / np.sqrt(shape[-1])
        writer.add_tensor(name, values.astype(np.float16))

    embedding = rng.standard_normal((len(tokens), width)).astype(np.float16)
    writer.add_tensor("token_embd.weight", embedding)
    # Logits of a spread that lets temperature choose among many tokens.
    output = rng.standard_normal((len(tokens), width)).astype(np.float32) * 0.2
    if chatty:
        output[tokens.index("<|im_end|>")] = 0
    if eager:
        # The norm before the output has a constant part, which only this token listens to.
        output[:, 0], output[tokens.index(eager), 0] = 0, 40
    writer.add_tensor("output.weight", output.astype(np.float16))
    norm = np.ones(width, dtype=np.float32)
    writer.add_tensor("output_norm.weight", norm)
    for layer in range(layers):
        block = f"blk.{layer}"
        writer.add_tensor(f"{block}.attn_norm.weight", np.ones(width, dtype=np.float32))
        writer.add_tensor(f"{block}.ffn_norm.weight", np.ones(width, dtype=np.float32))
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            tensor(f"{block}.{part}.weight", width, width)
        tensor(f"{block}.ffn_gate.weight", width * 2, width)
        tensor(f"{block}.ffn_up.weight", width * 2, width)
        tensor(f"{block}.ffn_down.weight", width, width * 2)
    return _finish(writer, path)


def write_embedding_model(path: Path, *, width: int = 32, layers: int = 2) -> Path:
    """A BERT-shaped encoder with mean pooling."""
    words = sorted({word.lower() for line in CORPUS for word in line.split() if word.isalpha()})
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *(f"▁{w}" for w in words)]
    tokens += [f"▁{c}" for c in "abcdefghijklmnopqrstuvwxyz"] + list("abcdefghijklmnopqrstuvwxyz")
    tokens = list(dict.fromkeys(tokens))
    rng = np.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_context_length(128)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(width * 2)
    writer.add_head_count(4)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("bert")
    writer.add_token_type_count(2)
    writer.add_token_list(tokens)
    types = [gguf.TokenType.CONTROL] * 4 + [gguf.TokenType.NORMAL] * (len(tokens) - 4)
    writer.add_token_types(types)
    writer.add_pad_token_id(0)
    writer.add_unk_token_id(1)
    writer.add_bos_token_id(2)
    writer.add_sep_token_id(3)
    writer.add_eos_token_id(3)
    writer.add_mask_token_id(1)

    def tensor(name: str, *shape: int) -> None:
        writer.add_tensor(name, (rng.standard_normal(shape) * 0.2).astype(np.float32))

    def norm(name: str) -> None:
        writer.add_tensor(f"{name}.weight", np.ones(width, dtype=np.float32))
        writer.add_tensor(f"{name}.bias", np.zeros(width, dtype=np.float32))

    tensor("token_embd.weight", len(tokens), width)
    tensor("position_embd.weight", 128, width)
    tensor("token_types.weight", 2, width)
    norm("token_embd_norm")
    for layer in range(layers):
        block = f"blk.{layer}"
        for part, shape in (
            ("attn_q", (width, width)), ("attn_k", (width, width)), ("attn_v", (width, width)),
            ("attn_output", (width, width)), ("ffn_up", (width * 2, width)),
            ("ffn_down", (width, width * 2)),
        ):  # fmt: skip
            tensor(f"{block}.{part}.weight", *shape)
            writer.add_tensor(f"{block}.{part}.bias", np.zeros(shape[0], dtype=np.float32))
        norm(f"{block}.attn_output_norm")
        norm(f"{block}.layer_output_norm")
    return _finish(writer, path)


def _vocabulary(size: int, marks: tuple[str, ...]) -> tuple[list[str], list[str]]:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[*SPECIAL, *marks],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    by_id = {number: token for token, number in tokenizer.get_vocab().items()}
    tokens = [by_id[number] for number in range(len(by_id))]
    # Speed depends on the size of a vocabulary, not on its words: fill it up.
    tokens += [f"Ġw{number}" for number in range(size - len(tokens))]
    import json

    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return tokens, [m if isinstance(m, str) else " ".join(m) for m in merges]


def _write_tokenizer(
    writer: gguf.GGUFWriter,
    tokens: list[str],
    merges: list[str],
    template: str,
    marks: tuple[str, ...],
) -> None:
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    control = {*SPECIAL}
    kinds = [
        gguf.TokenType.CONTROL if token in control
        else gguf.TokenType.USER_DEFINED if token in marks
        else gguf.TokenType.NORMAL
        for token in tokens
    ]  # fmt: skip
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(tokens.index("<|im_start|>"))
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_pad_token_id(tokens.index("<|pad|>"))
    writer.add_add_bos_token(False)
    if template:
        writer.add_chat_template(template)


def _finish(writer: gguf.GGUFWriter, path: Path) -> Path:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
