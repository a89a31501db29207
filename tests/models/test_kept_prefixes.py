"""What a model has read is kept for conversations that alternate, within a limit."""

from __future__ import annotations

from assistant.models.llama import LoadedModel
from assistant.models.registry import STARTER

WORDS = ("batteries", "weather", "ferries", "museums")


def test_what_is_wanted_again_is_there_though_the_oldest_must_go() -> None:
    # Room for three of four conversations: the one that is wanted next is always the oldest.
    for room in (1, 2, 3):
        model = LoadedModel(str(STARTER), context=512, threads=1, kept=room * 900_000)
        texts = [f"{word} " * 120 for word in WORDS]
        prompts = [model.prompt([{"role": "user", "content": text}], []) for text in texts]
        said: dict[int, set[str]] = {}
        for number in (0, 1, 2, 3) * 3:
            writing = model.begin(prompts[number], most=4, temperature=0.0, seed=1)
            text = "".join(model.write(writing, lambda: False))
            said.setdefault(number, set()).add(text)
        assert [len(texts) for texts in said.values()] == [1, 1, 1, 1]
        model.close()
