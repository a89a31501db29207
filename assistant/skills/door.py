"""The door every skill comes through: `@skill` on an ordinary function.

Type hints, `Annotated` descriptions and the docstring are the JSON Schema; pydantic
validates what goes in and what comes out. A wrong declaration fails when it is loaded.
"""

from __future__ import annotations

import inspect
import typing
import warnings
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model

from assistant.errors import BadArguments, SkillError
from assistant.skills.context import SkillContext

Effect = Literal["pure", "read", "write"]
F = TypeVar("F", bound=Callable[..., Any])
_MARK = "__assistant_skill__"


class SkillWrong(SkillError):
    """A skill's declaration does not hold; raised when it is loaded."""


@dataclass(frozen=True)
class Example:
    """What a person might say, and the call that answers it. Shown to the builder and in the docs."""

    says: str
    call: dict[str, Any]


@dataclass(frozen=True)
class Skill:
    """A typed function that a job can use as a step and a chat as a tool."""

    name: str
    description: str
    function: Callable[..., Any]
    parameters: type[BaseModel]
    output: TypeAdapter[Any]
    effect: Effect
    hosts: tuple[str, ...] = ()
    """Names of parameters that carry URLs or addresses, or fixed host names: what a grant covers."""
    secrets: tuple[str, ...] = ()
    patchable: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    """Parameters whose exact value belongs to a grant: without it a person is asked in every run."""
    examples: tuple[Example, ...] = ()
    timeout: float = 60.0
    killable: bool = False
    preview: Callable[..., Any] | None = None
    """For a write skill: the same arguments, giving what it would do, changing nothing."""
    already_done: Callable[..., Any] | None = None
    """For a write skill: (context, **arguments) → its output when the idempotency key shows that
    it has happened, None when it certainly has not. Without it an interrupted call is `unknown`."""
    lighter: Callable[[dict[str, Any]], Effect] | None = None
    """For a write skill some of whose calls only read: the effect of a call's arguments."""
    version: str = "1"
    context_parameter: str = ""
    body: str = ""
    """The text of SKILL.md below the front matter, read by a model when the skill is chosen."""
    source: str = "bundled"
    extra: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def is_async(self) -> bool:
        return inspect.iscoroutinefunction(self.function)

    def effect_of(self, arguments: dict[str, Any]) -> Effect:
        """The effect of one call; that of the skill unless the arguments say it does less."""
        return self.lighter(arguments) if self.lighter else self.effect

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the arguments; the caller's own, to be changed as it likes."""
        return deepcopy(self._schema_in)

    def output_schema(self) -> dict[str, Any]:
        """JSON Schema of what it gives; the caller's own too."""
        return deepcopy(self._schema_out)

    # Made once: pydantic takes milliseconds for each, and a draft asks dozens of times.

    @cached_property
    def _schema_in(self) -> dict[str, Any]:
        return self.parameters.model_json_schema()

    @cached_property
    def _schema_out(self) -> dict[str, Any]:
        return self.output.json_schema()

    def check(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Validated arguments, as Python values. Raises BadArguments naming each wrong one."""
        try:
            model = self.parameters.model_validate(arguments)
        except ValidationError as wrong:
            told = "; ".join(
                f"{'.'.join(map(str, e['loc'])) or self.name}: {e['msg']}" for e in wrong.errors()
            )
            raise BadArguments(f"skill {self.name!r}: {told}") from wrong
        return {name: getattr(model, name) for name in type(model).model_fields}

    def as_output(self, value: Any) -> Any:
        """What the function returned, as plain JSON data. Raises SkillError when it does not fit."""
        try:
            return self.output.dump_python(self.output.validate_python(value), mode="json")
        except ValidationError as wrong:
            raise SkillError(
                f"skill {self.name!r} gave something else than it declares: {wrong}"
            ) from wrong


def skill(
    *,
    effect: Effect,
    hosts: tuple[str, ...] = (),
    secrets: tuple[str, ...] = (),
    patchable: tuple[str, ...] = (),
    pinned: tuple[str, ...] = (),
    examples: tuple[Example, ...] = (),
    timeout: float = 60.0,
    killable: bool = False,
    preview: Callable[..., Any] | None = None,
    already_done: Callable[..., Any] | None = None,
    lighter: Callable[[dict[str, Any]], Effect] | None = None,
    version: str = "1",
) -> Callable[[F], F]:
    """Offer a function as a skill. The function is returned unchanged, so a test can call it."""

    def mark(function: F) -> F:
        made = _from_function(
            function, effect=effect, hosts=hosts, secrets=secrets, patchable=patchable,
            pinned=pinned, examples=examples, timeout=timeout, killable=killable, preview=preview,
            already_done=already_done, lighter=lighter, version=version,
        )  # fmt: skip
        setattr(function, _MARK, made)
        return function

    return mark


def declared(function: Callable[..., Any]) -> Skill | None:
    """The skill that `@skill` made of a function, if it did."""
    return getattr(function, _MARK, None)


def _from_function(function: Callable[..., Any], **declaration: Any) -> Skill:
    name = function.__name__
    doc = inspect.getdoc(function) or ""
    if not doc:
        raise SkillWrong(
            f"skill {name!r} has no docstring", hint="Say in one sentence what it does."
        )
    hints = typing.get_type_hints(function, include_extras=True)
    if "return" not in hints:
        raise SkillWrong(f"skill {name!r} does not say what it returns")
    context_parameter, fields = "", dict[str, Any]()
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name not in hints:
            raise SkillWrong(f"skill {name!r}: parameter {parameter.name!r} has no type")
        if hints[parameter.name] is SkillContext:
            context_parameter = parameter.name
            continue
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[parameter.name] = (hints[parameter.name], default)
    for word in ("patchable", "pinned"):
        unknown = [p for p in declaration[word] if p not in fields]
        if unknown:
            raise SkillWrong(f"skill {name!r}: {word} {unknown} are no parameters")
    if declaration["effect"] not in ("pure", "read", "write"):
        raise SkillWrong(
            f"skill {name!r}: effect {declaration['effect']!r} is not pure, read or write"
        )
    if declaration["killable"] and (context_parameter or inspect.iscoroutinefunction(function)):
        raise SkillWrong(
            f"skill {name!r}: a killable skill runs in a process of its own",
            hint="Make it a plain function without a context, or leave killable out.",
        )
    with warnings.catch_warnings():
        # A parameter may be called `schema`; pydantic's old method of that name is not used here.
        warnings.filterwarnings("ignore", message=".*shadows an attribute in parent.*")
        arguments = create_model(
            f"{name}_arguments", __config__=ConfigDict(extra="forbid"), **fields
        )
    return Skill(
        name=name,
        description=doc.split("\n\n")[0].replace("\n", " "),
        function=function,
        parameters=arguments,
        output=TypeAdapter(hints["return"]),
        context_parameter=context_parameter,
        **declaration,
    )
