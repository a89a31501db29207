"""The lock files and pyproject.toml say the same thing, and nothing about this machine."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from assistant.settings import PROJECT

LOCKS = {
    "requirements.lock": ("postgres", "setup"),
    "requirements-dev.lock": ("postgres", "setup", "dev"),
}


def locked(name: str) -> dict[str, list[tuple[str, str]]]:
    """Package → (version, requirement line with its hashes); a package may have one a marker."""
    found: dict[str, list[tuple[str, str]]] = {}
    text = (PROJECT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;]+)", line):
            found.setdefault(normal(match[1]), []).append((match[2], line))
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(lock: str) -> list[Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = list(project["dependencies"])
    for extra in LOCKS[lock]:
        lines += project["optional-dependencies"][extra]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_locked_at_a_version_that_fits(lock: str):
    pins = locked(lock)
    wrong = [
        str(requirement)
        for requirement in wanted(lock)
        if not any(
            requirement.specifier.contains(version, prereleases=True)
            for version, _ in pins.get(normal(requirement.name), [])
        )
    ]
    assert wrong == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes_and_no_address(lock: str):
    assert [
        name
        for name, pins in locked(lock).items()
        if any("--hash=sha256:" not in line for _, line in pins)
    ] == []
    text = (PROJECT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:", text)


def test_the_tests_run_on_the_very_versions_that_the_product_does():
    product, tests = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {n: [v for v, _ in p] for n, p in product.items()} == {
        n: [v for v, _ in tests[n]] for n in product
    }


@pytest.mark.parametrize("bad", ["1.82.7", "1.82.8"])
def test_the_malicious_litellm_releases_cannot_be_chosen(bad: str):
    litellm = next(r for r in wanted("requirements.lock") if r.name == "litellm")
    assert not litellm.specifier.contains(bad)
