"""The starter model's tokenizer: byte-level BPE over generated dialogues.

Splitting follows the `qwen2` rules, which llama.cpp knows by that name: digits one by one, so
that numbers are read and not remembered. Roles and placeholders are tokens of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

PRE = "qwen2"
SPLIT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
VOCABULARY = 3072
PAD, END, BEGIN = "<|pad|>", "<|end|>", "<|start|>"
ROLES = ("<|system|>", "<|user|>", "<|assistant|>")
MARKS = {
    "feed": 9, "page": 9, "api": 9, "mail": 9, "chan": 9, "quote": 9, "file": 9, "num": 12, "when": 5, "since": 5,
    "dur": 5, "zone": 4, "job": 9, "model": 5, "sel": 5, "time": 5, "shift": 4, "body": 4, "sql": 4, "db": 5,
    "json": 5, "date": 5, "word": 5, "name": 5,
}  # fmt: skip


def control() -> list[str]:
    """Tokens that no text can hold."""
    return [PAD, BEGIN, END, *ROLES]


def placeholders() -> list[str]:
    """Marks such as `<num1>`, one token each."""
    return [f"<{kind}{n}>" for kind, count in MARKS.items() for n in range(1, count + 1)]


def splitter() -> pre_tokenizers.PreTokenizer:
    """How a text falls into pieces before they are merged."""
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )


def train(texts: Iterable[str]) -> Tokenizer:
    """A tokenizer made from texts."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=False))
    tokenizer.pre_tokenizer = splitter()
    tokenizer.decoder = decoders.ByteLevel()
    special = control()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY - len(placeholders()),
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        min_frequency=3,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens([AddedToken(t, normalized=False, special=False) for t in placeholders()])
    return tokenizer


def load(path: Path) -> Tokenizer:
    """A saved tokenizer."""
    return Tokenizer.from_file(str(path))


def render(messages: Iterable[tuple[str, str]]) -> list[tuple[str, bool]]:
    """The chat template in pieces: (text, is to be learned). Equal to TEMPLATE rendered."""
    pieces: list[tuple[str, bool]] = []
    for role, text in messages:
        pieces.append((f"<|{role}|>", False))
        pieces.append((text, role == "assistant"))
        pieces.append((END, role == "assistant"))
    return pieces


TEMPLATE = (
    "{%- for message in messages -%}"
    "{{- '<|' + message['role'] + '|>' + message['content'] + '<|end|>' -}}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}"
)
