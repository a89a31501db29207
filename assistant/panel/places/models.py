"""The Models tab: which model answers, files on this machine, downloads, models in the cloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.models import manager
from assistant.models.download import hub_url, pull
from assistant.models.machine import available_memory
from assistant.models.manager import RECOMMENDED, RECOMMENDED_AT, Installed, Recommended
from assistant.models.speed import speed_of
from assistant.panel import controls, works
from assistant.panel.addresses import Address, to
from assistant.panel.controls import button, chip, link
from assistant.panel.html import Html, el, join
from assistant.panel.place import Action, Said, Values
from assistant.panel.texts import say
from assistant.panel.works import Tell, Works
from assistant.settings import renew
from assistant.store.files import size_told
from assistant.store.model_trials import Trial
from assistant.workplace import Workplace

CLOUD = (
    ("anthropic/claude-sonnet-4-5", "anthropic_api_key"), ("openai/gpt-5-mini", "openai_api_key"),
    ("gemini/gemini-2.5-flash", "gemini_api_key"), ("openrouter/…", "openrouter_api_key"),
    ("mistral/mistral-small-latest", "mistral_api_key"), ("ollama/…", ""),
)  # fmt: skip
"""Names as providers give them, and the secret that each needs."""


class ModelsPlace:
    """`#/models`."""

    def __init__(self, place: Workplace, running: Works) -> None:
        self.place = place
        self.works = running

    def show(self, at: Address, session: str) -> Html:
        files = manager.installed(self.place.models)
        memory = available_memory()
        going = [works.shown(work, stop="models.stop", amounts=size_told if work.key.startswith("pull:") else _plain)
                 for work in self.works.all()]  # fmt: skip
        return controls.page(
            say("models.title"), say("models.sub", model=self.place.settings.model, memory=size_told(memory)),
            el("div", going, class_="works") if going else None,
            controls.table(
                (say("models.model"), say("models.size"), say("models.memory"), say("models.context"), say("models.state"), ""),
                [self._row(file, memory) for file in files], label=say("models.here"),
            ),
            el("h2", say("models.get")), el("p", say("models.get_sub", date=RECOMMENDED_AT), class_="sub"),
            controls.table(
                (say("models.model"), say("models.good_for"), say("models.size"), say("models.memory"), ""),
                [self._offer(model, memory) for model in RECOMMENDED], label=say("models.get"),
            ),
            el("div", self._other(), self._cloud(), class_="two"),
            controls.cli("assistant models list", "assistant models use NAME", "assistant models pull NAME",
                         "assistant models remove NAME", "assistant models test NAME", "assistant models bench NAME"),
        )  # fmt: skip

    @property
    def actions(self) -> Mapping[str, Action]:
        return {"use": self.use, "pull": self.pull, "remove": self.remove, "bench": self.bench,
                "test": self.test, "stop": self.stop}  # fmt: skip

    async def use(self, values: Values) -> Said:
        name = values.text("model")
        manager.use(self.place.models, name)
        renew(self.place.settings)
        return Said(say("models.used", model=name))

    async def pull(self, values: Values) -> Said:
        what = values.text("what")
        source = manager.source_of(what)
        hub_url(source)

        async def job(tell: Tell) -> str:
            path = await pull(self.place.settings, source, on_progress=tell)
            return say("models.pulled", model=f"local/{path.stem}")

        self.works.begin(f"pull:{source}", say("models.pulling", model=what), job)
        return Said(say("models.pull_began", model=what), "calm")

    async def remove(self, values: Values) -> Said:
        path = manager.remove(self.place.models, values.text("model"))
        return Said(say("models.removed", path=path.name))

    async def bench(self, values: Values) -> Said:
        name = values.text("model")

        async def job(_: Tell) -> str:
            told = await speed_of(self.place.models.get(name))
            return say("models.speed", load=f"{told.load_seconds:.1f}", first=f"{told.first_seconds:.2f}",
                       reads=f"{told.reads:.0f}", writes=f"{told.writes:.0f}")  # fmt: skip

        self.works.begin(f"bench:{name}", say("models.measuring", model=name), job)
        return Said()

    async def test(self, values: Values) -> Said:
        """Try what a model can be trusted with; what it came to is kept, and shown beside it."""
        name = values.text("model")

        async def job(tell: Tell) -> str:
            return await self._try(name, tell)

        self.works.begin(f"test:{name}", say("models.testing", model=name), job)
        return Said()

    async def _try(self, name: str, tell: Tell) -> str:
        from assistant.builder.trial import PASS, tried

        models, made = self.place.models, list[Trial]()

        def told(trial: Trial) -> None:
            made.append(trial)
            tell(len(made), len(PASS))

        await tried(
            models.make(name, person=True), self.place.library,
            file=models.fingerprint(name), told=told,
        )  # fmt: skip
        # Kept when all is known: a test that was stopped changes nothing.
        if models.trials is not None:
            for trial in made:
                models.trials.keep(replace(trial, model=name))
        return _marks(made)

    def _tested(self, name: str) -> str:
        """What the last test of this very file found; empty when it was never tested."""
        models = self.place.models
        return (
            _marks(models.trials.of_model(name, models.fingerprint(name))) if models.trials else ""
        )

    async def stop(self, values: Values) -> Said:
        self.works.stop(values.text("work"))
        return Said(say("works.stopping"), "calm")

    def _row(self, file: Installed, memory: int) -> tuple[object, ...]:
        values = {"model": file.name}
        fits = file.in_use or file.memory <= memory
        state = (
            chip("failed", say("models.broken"))
            if file.problem
            else chip("succeeded", say("models.in_use"))
            if file.in_use
            else chip("", say("models.ready") if fits else say("models.too_large"))
        )
        ready = not file.problem
        buttons: list[object] = []
        if ready and not file.in_use and file.kind == "chat":
            buttons.append(button(say("models.use"), "models.use", values, cli=f"assistant models use {file.name}", kind="",
                                  label=f"{say('models.use')} {file.name}"))  # fmt: skip
        if ready and file.kind == "chat":
            buttons.append(button(say("models.test"), "models.test", values, cli=f"assistant models test {file.name}",
                                  label=f"{say('models.test')} {file.name}"))  # fmt: skip
            buttons.append(button(say("models.bench"), "models.bench", values, cli=f"assistant models bench {file.name}",
                                  label=f"{say('models.bench')} {file.name}"))  # fmt: skip
        if file.name != "starter" and not file.in_use:
            buttons.append(button(say("models.remove"), "models.remove", values, cli=f"assistant models remove {file.name}",
                                  ask=say("models.remove_ask", model=file.name), label=f"{say('models.remove')} {file.name}"))  # fmt: skip
        tested = self._tested(file.name) if ready and file.kind == "chat" else ""
        told = (
            file.problem
            or (file.title if file.title != file.name else "")
            or (say("models.vectors") if file.kind != "chat" else "")
        )
        return (
            join(el("b", file.name), el("small", told)), size_told(file.size), size_told(file.memory) if file.memory else "–",
            f"{file.context:,}" if file.context else "–", join(state, el("small", tested) if tested else None), el("div", buttons, class_="row-actions"),
        )  # fmt: skip

    def _offer(self, model: Recommended, memory: int) -> tuple[object, ...]:
        work = self.works.get(f"pull:{model.source}")
        fits = model.memory_gb * 2**30 <= memory * 1.35
        get = (
            say("works.going_short")
            if work is not None and work.going
            else button(say("models.pull"), "models.pull", {"what": model.name}, cli=f"assistant models pull {model.name}",
                        kind="", label=f"{say('models.pull')} {model.name}")
        )  # fmt: skip
        return (
            join(el("b", model.name), el("small", model.licence)), model.good_for,
            _gigabytes(model.size_gb), join(f"{model.memory_gb} GB", None if fits else el("small", say("models.more_than_free"))),
            el("div", get, class_="row-actions"),
        )  # fmt: skip

    def _other(self) -> Html:
        return controls.card(
            controls.form(
                "models.pull",
                controls.field(say("models.other"), controls.text_input("what", placeholder="owner/name/file.gguf"),
                               say("models.other_about"), wide=True),
                el("div", controls.submit(say("models.pull"), kind=""), class_="form-foot"),
                cli="assistant models pull OWNER/NAME/FILE", key="pull",
            ),
            title=say("models.any_file"),
        )  # fmt: skip

    def _cloud(self) -> Html:
        rows = [(el("code", name), self._key_state(secret)) for name, secret in CLOUD]
        return controls.card(
            el("p", say("models.cloud_sub")),
            controls.facts(rows),
            controls.form(
                "models.use",
                controls.field(say("models.cloud_name"), controls.text_input("model", placeholder=CLOUD[0][0])),
                el("div", controls.submit(say("models.use"), kind=""), class_="form-foot"),
                cli="assistant models use NAME", key="cloud",
            ),
            title=say("models.cloud"),
        )  # fmt: skip

    def _key_state(self, secret: str) -> Html:
        if not secret:
            return chip("", say("models.no_key_needed"))
        if secret in self.place.secrets:
            return chip("succeeded", say("models.has_key"))
        return link(say("models.set_key"), to("settings", "keys", name=secret))


def _marks(trials: Sequence[Trial]) -> str:
    """What a model is trusted with and what not, in words."""
    told = list[str]()
    for text, passed in (("models.trusted", True), ("models.not_trusted", False)):
        named = [
            say("models.mark", ability=t.ability.replace("_", " "), right=t.right, of=t.of)
            for t in trials
            if t.passed is passed
        ]
        told += [say(text, abilities=", ".join(named))] if named else []
    return " ".join(told)


def _gigabytes(number: float) -> str:
    return f"{number:g} GB" if number >= 0.1 else f"{1000 * number:.0f} MB"


def _plain(number: float) -> str:
    return f"{number:,.0f}"
