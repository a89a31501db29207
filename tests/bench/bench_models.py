"""What models cost: constrained decoding, first tokens, memory.

`--large` adds a model with a vocabulary of 151,936 tokens (half a gigabyte on disk for a while).
Speeds are the best of some repeats, since other work on the machine only ever adds.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from assistant.builder import tasks, terms
from assistant.models.grammar import compile_schema
from assistant.models.llama import LoadedModel
from assistant.models.protocol import Limits, Message
from assistant.models.registry import STARTER, ModelRegistry
from assistant.models.structured import checked
from assistant.settings import Settings, prepare
from assistant.skills.library import Library
from tests.bench.figures import Figure, figure, report
from tests.models.tiny_gguf import write_chat_model

REPEATS = 5
DECODES = 2000
REQUEST = "<when1> read <feed1> and mail me the best <num1> stories about batteries to <mail1>"
FIELDS = (terms.Field("urls", "url", many=True), terms.Field("limit", "number"))
OFFERS = (
    terms.Offer("fetch_feed", "Read stories from feeds.", FIELDS),
    terms.Offer("rank_items", "Choose the best stories.",
                (terms.Field("topic", "text"), terms.Field("limit", "number"))),
    terms.Offer("send_email", "Mail it.",
                (terms.Field("to", "mail", many=True), terms.Field("subject", "text"))),
)  # fmt: skip
FREE_TEXT = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
}


def question() -> terms.Question:
    return terms.Question(REQUEST, tuple(re.findall(r"<\w+>", REQUEST)), OFFERS)


def real_schemas(folder: Path) -> list[Any]:
    """What the product really asks for: the builder's decisions and the arguments of skills."""
    asked = question()
    skills = Library.open(Settings(home=folder)).all()
    return [
        tasks.outline_schema(asked),
        *(tasks.fill_schema(asked, offer.fields, 3) for offer in OFFERS),
        *(bounded(skill.schema()) for skill in skills),
    ]


def bounded(schema: Any) -> Any:
    """The schema with an end to its texts and lists: random weights never close one."""
    if isinstance(schema, list):
        return [bounded(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: bounded(part) for key, part in schema.items()}
    made.pop("format", None)
    for name, inner in made.get("properties", {}).items():
        if not {"type", "anyOf", "oneOf", "allOf", "$ref", "enum", "const"} & inner.keys():
            made["properties"][name] = {"type": ["integer", "null"]}
    if made.get("type") == "string" and not {"enum", "pattern"} & made.keys():
        made["maxLength"] = min(made.get("maxLength", 12), 12)
    if made.get("items") == {}:
        made["items"] = {"type": ["integer", "null"]}
    if made.get("type") == "array":
        made["maxItems"] = min(made.get("maxItems", 2), 2)
    if made.get("type") == "object" and "properties" not in made:
        made["additionalProperties"] = False
    return made


def decoded(model: LoadedModel, prompt: list[int], schema: Any, *, seed: int, heat: float) -> str:
    grammar = compile_schema(schema) if schema else ""
    writing = model.begin(prompt, most=3000, temperature=heat, seed=seed, grammar=grammar)
    return "".join(model.write(writing, lambda: False)) if writing else ""


def random_starter(folder: Path) -> Path:
    """A file of the starter's shape with random weights: it never ends by itself."""
    return write_chat_model(
        folder / "random.gguf", vocabulary=3072, width=256, layers=4, context=4096,
        marks=("<when1>", "<feed1>", "<num1>", "<mail1>"),
    )  # fmt: skip


def valid_share(path: Path, folder: Path) -> tuple[int, int]:
    """How many of the decodes of a random model of the starter's shape fit their schema."""
    model = LoadedModel(str(path), context=4096, threads=1)
    prompt = model.prompt([{"role": "user", "content": REQUEST}], [])
    schemas, right = real_schemas(folder), 0
    for number in range(DECODES):
        schema = schemas[number % len(schemas)]
        text = decoded(model, prompt, schema, seed=number, heat=1.0)
        checked(json.loads(text), schema)
        right += 1
    model.close()
    return right, DECODES


def rates(path: Path, tokens: int) -> tuple[float, float]:
    """Tokens a second of processor time on one thread, free and under a grammar that forces nothing.

    Processor time, because what other work takes away differs from one second to the next.
    """
    model = LoadedModel(str(path), context=1024, threads=1)
    prompt = model.prompt([{"role": "user", "content": REQUEST}], [])
    best = {"": 0.0, compile_schema(FREE_TEXT): 0.0}
    for _ in range(REPEATS):
        for grammar in best:
            writing = model.begin(prompt, most=tokens, temperature=1.0, seed=1, grammar=grammar)
            pieces = model.write(writing, lambda: False)
            next(pieces)
            began, before = time.process_time(), len(writing.out)
            for _piece in pieces:
                pass
            spent = time.process_time() - began
            if len(writing.out) - before >= tokens // 4:
                best[grammar] = max(best[grammar], (len(writing.out) - before) / spent)
    model.close()
    free, held = best.values()
    return free, held


def starters_rates() -> tuple[float, float]:
    """Tokens a second of processor time for the outline of a request: free, and under its grammar."""
    model = LoadedModel(str(STARTER), context=1024, threads=1)
    told = [{"role": m.role, "content": m.text} for m in tasks.opening(question())]
    prompt, best = (
        model.prompt(told, []),
        {"": 0.0, compile_schema(tasks.outline_schema(question())): 0.0},
    )
    for _ in range(4 * REPEATS):
        for grammar in best:
            writing = model.begin(prompt, most=60, temperature=0.0, seed=1, grammar=grammar)
            began = time.process_time()
            for _piece in model.write(writing, lambda: False):
                pass
            best[grammar] = max(best[grammar], len(writing.out) / (time.process_time() - began))
    model.close()
    free, held = best.values()
    return free, held


async def warm(folder: Path) -> tuple[float, float, float, float]:
    """Seconds to a first token, to an outline, to a filled step; MB of the process."""
    settings = Settings(home=folder / "home")
    prepare(settings)
    registry = ModelRegistry(settings)
    model = registry.get("starter")
    asked = question()
    messages = tasks.opening(asked)
    outline = tasks.outline_schema(asked)
    await model.complete(messages, schema=outline)
    first = whole = filled = 9.0
    for number in range(REPEATS):
        heard: list[float] = []
        other = [*messages[:-1], Message("user", f"{messages[-1].text} {number}")]
        began = time.perf_counter()
        reply = await model.complete(
            other, schema=outline, limits=Limits(max_tokens=200),
            on_delta=lambda _, began=began, heard=heard: heard.append(time.perf_counter() - began),
        )  # fmt: skip
        whole, first = min(whole, time.perf_counter() - began), min(first, heard[0])
        turn = [*other, tasks.reply(reply.record), tasks.fill_turn(1, "fetch_feed", FIELDS)]
        began = time.perf_counter()
        await model.complete(turn, schema=tasks.fill_schema(asked, FIELDS, 3))
        filled = min(filled, time.perf_counter() - began)
    status = Path(f"/proc/{registry.worker.pid}/status").read_text(encoding="ascii")
    registry.close()
    return first, whole, filled, int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def measure(*, large: bool) -> list[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = random_starter(folder)
        right, all_of_them = valid_share(path, folder)
        figures.append(figure("valid of 2,000 decodes", right / all_of_them, "", 1.0, "at least"))
        if STARTER.exists():
            free, held = starters_rates()
            figures.append(figure("starter, free", free, "t/s"))
            figures.append(figure("starter, grammar / free", held / free, "", 0.9, "at least"))
            first, whole, filled, megabytes = asyncio.run(warm(folder))
            figures.append(figure("first token, warm", first, "s", 0.15))
            figures.append(figure("an outline", whole, "s", 0.5))
            figures.append(figure("a filled step", filled, "s", 0.5))
            figures.append(figure("model process", megabytes, "MB", 300))
        if large:
            path = write_chat_model(
                folder / "large.gguf",
                vocabulary=151_936,
                width=896,
                layers=8,
                heads=14,
                context=1024,
            )
            free, held = rates(path, 60)
            figures.append(figure("152k vocabulary, free", free, "t/s"))
            figures.append(figure("152k, grammar / free", held / free, "", 0.9, "at least"))
    return figures


if __name__ == "__main__":
    sys.exit(report(measure, large="also with a vocabulary of 151,936 tokens"))
