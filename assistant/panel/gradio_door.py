"""How Gradio is loaded: without the work that only its own developers need.

At each import Gradio parses the source of its 80 components and writes type stubs beside it,
renders the documentation of every event, loads pandas for tables that the panel never shows, the
MCP library for a server that it never opens, its own command line and a client of its maker's
hub. Together that is more than half of the time in which the panel starts; and the installed
packages should not be written to at all.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import LazyLoader
from types import ModuleType
from typing import Any, cast

UNUSED: Mapping[str, Sequence[str] | None] = {
    "mcp": None, "httpx._main": None, "gradio.cli": ("deploy",), "gradio.workflow": ("Workflow",),
}  # fmt: skip
"""Modules that are taken for absent, or stand there with these names alone, while Gradio loads.
Whoever imports one of them afterwards gets the real one."""
LATER = ("pandas",)
"""Libraries that are loaded when something of them is first used."""


def load_gradio() -> None:
    """Import Gradio, once; whoever imports it afterwards finds it loaded."""
    # It asks the network for its version and reports use unless this is set before.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    if "gradio" in sys.modules:
        return
    with _replaced(UNUSED), _found_by(_Lighter()):
        import gradio  # noqa: F401  # pyright: ignore[reportUnusedImport]


@contextmanager
def built_once() -> Generator[None]:
    """Blocks that are made inside get no web application of their own: mounting makes one anyway,
    and each takes a fifth of a second."""
    from gradio.routes import App

    makes = App.create_app
    cast(Any, App).create_app = _do_nothing
    try:
        yield
    finally:
        cast(Any, App).create_app = makes


def _without_stubs(module: Any) -> None:
    # A Gradio that has no such function any more writes no stubs either.
    if hasattr(module, "create_or_modify_pyi"):
        module.create_or_modify_pyi = _do_nothing


def _without_docs(module: Any) -> None:
    if hasattr(module, "EventListener"):
        module.EventListener.set_doc = _do_nothing


def _of_one_number(module: Any) -> None:
    """What a session keeps in a component's place has the number of that place.

    An update, and be it that nothing changes, puts a copy there that is made with a number of its
    own; the next event that reads it files the copy under that number, too. So a page that asks once
    a second made its session one component larger each time: 0.7 MB a minute for two tabs.
    """
    keep = module.SessionState.__setitem__

    def kept(self: Any, key: int, value: Any) -> None:
        from gradio.blocks import Block

        if isinstance(value, Block):
            value._id = key  # pyright: ignore[reportPrivateUsage]
        keep(self, key, value)

    module.SessionState.__setitem__ = kept


def _do_nothing(*_: object, **__: object) -> None:
    return None


CHANGED: Mapping[str, Callable[[Any], None]] = {
    "gradio.component_meta": _without_stubs, "gradio.events": _without_docs,
    "gradio.state_holder": _of_one_number,
}  # fmt: skip


class _Lighter(MetaPathFinder):
    """Finds the modules that are changed once they are loaded, and those that are loaded later."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in CHANGED and fullname not in LATER:
            return None
        found = PathFinder.find_spec(fullname, path)
        if found is None or found.loader is None or not found.origin:
            return found
        if fullname in LATER:
            found.loader = LazyLoader(found.loader)
        else:
            found.loader = _Changing(fullname, found.origin)
        return found


class _Changing(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        CHANGED[module.__name__](module)


@contextmanager
def _found_by(finder: MetaPathFinder) -> Generator[None]:
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@contextmanager
def _replaced(names: Mapping[str, Sequence[str] | None]) -> Generator[None]:
    """Modules that are absent or nearly empty meanwhile, unless somebody has loaded them before."""
    modules = cast(dict[str, Any], sys.modules)
    put = [name for name in names if name not in modules]
    for name in put:
        modules[name] = _bare(name, names[name])
    try:
        yield
    finally:
        for name in put:
            del modules[name]


def _bare(name: str, holds: Sequence[str] | None) -> ModuleType | None:
    if holds is None:
        return None
    made = ModuleType(name)
    for each in holds:
        setattr(made, each, None)
    return made
