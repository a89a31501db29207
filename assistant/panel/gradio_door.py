"""How Gradio is loaded: without the work that only its own developers need.

At each import Gradio parses the source of its 80 components and writes type stubs beside it, and
it loads the MCP library for a server that the panel never opens. Together that is half of the
time in which the panel starts; and the installed packages should not be written to at all.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any, cast

STUBS = "gradio.component_meta"
UNUSED = "mcp"


def load_gradio() -> None:
    """Import Gradio, once; whoever imports it afterwards finds it loaded."""
    # It asks the network for its version and reports use unless this is set before.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    if "gradio" in sys.modules:
        return
    with _hidden(UNUSED), _found_by(_WithoutStubs()):
        import gradio  # noqa: F401  # pyright: ignore[reportUnusedImport]


class _WithoutStubs(MetaPathFinder):
    """Finds the module that writes the stubs, and loads it so that it writes none."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(fullname, path) if fullname == STUBS else None
        if found is not None and found.origin:
            found.loader = _Loader(fullname, found.origin)
        return found


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        # A Gradio that has no such function any more writes no stubs either.
        if hasattr(module, "create_or_modify_pyi"):
            cast(Any, module).create_or_modify_pyi = _write_no_stub


def _write_no_stub(*_: object) -> None:
    return None


@contextmanager
def _found_by(finder: MetaPathFinder) -> Generator[None]:
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@contextmanager
def _hidden(name: str) -> Generator[None]:
    """A library that is taken for absent meanwhile, unless somebody has loaded it before."""
    if name in sys.modules:
        yield
        return
    cast(dict[str, Any], sys.modules)[name] = None
    try:
        yield
    finally:
        del sys.modules[name]
