"""The models on this machine: which there are, what they need, which one is used."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ModelUnavailable, RequestWrong
from assistant.models.gguf_file import read_head
from assistant.models.registry import LONGEST_CONTEXT, ModelRegistry

RECOMMENDED_AT = "2026-11"
LOCAL = "local/"
_SEE = "`assistant models list` shows what there is."


@dataclass(frozen=True)
class Recommended:
    """A model file that is worth having on a machine with so much memory."""

    name: str
    memory_gb: int
    source: str
    size_gb: float
    context: int
    licence: str
    good_for: str


RECOMMENDED = (
    Recommended("qwen3-1.7b", 4, "Qwen/Qwen3-1.7B-GGUF/Qwen3-1.7B-Q8_0.gguf", 1.8, 32768,
                "Apache-2.0", "short answers and tool calls"),
    Recommended("qwen3-4b", 8, "Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf", 2.5, 32768,
                "Apache-2.0", "drafts, tool calls, summaries"),
    Recommended("qwen3-8b", 16, "Qwen/Qwen3-8B-GGUF/Qwen3-8B-Q4_K_M.gguf", 5.0, 32768,
                "Apache-2.0", "all of it, slowly without a GPU"),
    Recommended("qwen3-30b-a3b", 32, "Qwen/Qwen3-30B-A3B-GGUF/Qwen3-30B-A3B-Q4_K_M.gguf", 18.6,
                32768, "Apache-2.0", "all of it; three of thirty billion weights are used at a time"),
    Recommended("all-minilm-l6-v2", 4,
                "second-state/All-MiniLM-L6-v2-Embedding-GGUF/all-MiniLM-L6-v2-Q8_0.gguf", 0.025, 512,
                "Apache-2.0", "vectors, for ranking by meaning"),
)  # fmt: skip
"""Dated by RECOMMENDED_AT. Sizes are those of the files."""


@dataclass(frozen=True)
class Installed:
    """A model file that is here. `problem` says why it cannot be used, if it cannot."""

    name: str
    path: str
    size: int
    memory: int = 0
    context: int = 0
    title: str = ""
    threads: int = 0
    kind: str = "chat"
    in_use: bool = False
    problem: str = ""


def installed(registry: ModelRegistry) -> list[Installed]:
    """Every model file on this machine, and what it needs at the context it would be given."""
    return [_facts(registry, name) for name in registry.names()]


def source_of(what: str) -> str:
    """The hub's name of a recommended model; anything else stays as it is."""
    known = {model.name: model.source for model in RECOMMENDED}
    return known.get(what, what)


def named(registry: ModelRegistry, said: str) -> str:
    """The name of the model that a person means: a path is `local/<path>`, the rest stays.

    Raises ModelUnavailable for a file that is missing or damaged, and for a slip of the pen, and
    RequestWrong for a model that cannot answer.
    """
    if (file := Path(said).expanduser()).is_file():
        said = f"{LOCAL}{file.resolve()}"
    path = registry.path_of(said)
    if path is not None:
        if read_head(path).embeds:
            raise RequestWrong(f"{said} makes vectors and cannot answer", hint=_SEE)
        return said
    if said.endswith(".gguf"):
        raise ModelUnavailable(f"there is no file {said}", hint=_SEE)
    here = {name.removeprefix(LOCAL): name for name in registry.names()}
    if close := difflib.get_close_matches(said, here, n=1, cutoff=0.75):
        raise ModelUnavailable(
            f"there is no model {said!r}", hint=f"Did you mean {here[close[0]]!r}?"
        )
    if not said.strip():
        raise RequestWrong("a model needs a name", hint=_SEE)
    return said


def use(registry: ModelRegistry, name: str) -> Path:
    """Make this model the one that is asked when nobody names one; gives the settings file.

    Raises what `named` raises.
    """
    name = named(registry, name)
    path = registry.settings.home / "settings.toml"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    line = f'model = "{_plain(name)}"'
    # Only this line is touched: the file is the person's, comments and all.
    head, bracket, tables = _before_tables(before)
    after, changed = re.subn(r"(?m)^model\s*=.*$", lambda _: line, head)
    if not changed:
        after = f"{head.rstrip()}\n{line}\n" if head.strip() else f"{line}\n"
        after += "\n" if bracket else ""
    new = path.with_suffix(".toml.new")
    new.write_text(after + bracket + tables, encoding="utf-8")
    new.replace(path)
    return path


def remove(registry: ModelRegistry, name: str) -> Path:
    """Delete a model file from the models folder; gives the path it had.

    Raises RequestWrong for one that lies elsewhere, ships with the product or is in use.
    """
    path = registry.path_of(name)
    folder = registry.settings.models_dir.resolve()
    if path is None or not path.parent.resolve().is_relative_to(folder):
        raise RequestWrong(
            f"{name} does not lie in {folder} and is not removed",
            hint="Only files that were pulled or put there are.",
        )
    if name == registry.settings.model:
        raise RequestWrong(f"{name} is in use", hint="`assistant models use` another one first.")
    path.unlink()
    return path


def _facts(registry: ModelRegistry, name: str) -> Installed:
    path = registry.path_of(name) or Path()
    in_use = name == registry.settings.model
    try:
        head = read_head(path)
    except ModelUnavailable as wrong:
        size = path.stat().st_size if path.exists() else 0
        return Installed(name, str(path), size, in_use=in_use, problem=wrong.message)
    context = min(head.trained_context, registry.settings.model_context or LONGEST_CONTEXT)
    return Installed(
        name, str(path), head.size, head.memory(context), context, head.title,
        registry.threads(head), "vectors" if head.embeds else "chat", in_use,
    )  # fmt: skip


def _before_tables(text: str) -> tuple[str, str, str]:
    """The part of a TOML file before its first table, and the rest."""
    match = re.search(r"(?m)^[ \t]*\[", text)
    if not match:
        return text, "", ""
    return text[: match.start()], text[match.start() : match.end()], text[match.end() :]


def _plain(name: str) -> str:
    if re.search(r'["\\\x00-\x1f]', name):
        raise RequestWrong(f"{name!r} is no name of a model")
    return name
