"""The parts that places are built of: addresses, words, keys, commands, hosts, long work."""

from __future__ import annotations

import ast
import asyncio
import json
import re
import tomllib
from pathlib import Path

import pytest
import typer

from assistant.cli.main import app
from assistant.errors import BindingsInvalid, CannotDo
from assistant.panel import controls, works
from assistant.panel.addresses import Address, to
from assistant.panel.hosts import in_punycode, plain
from assistant.panel.html import Html, el, join
from assistant.panel.keys import KEYS, registry
from assistant.panel.place import Values
from assistant.panel.texts import PATH, call_jobs, in_own_words, say
from assistant.panel.works import Tell, Works
from assistant.settings import PROJECT

PANEL = PROJECT / "assistant" / "panel"
HOSTILE = "<img src=x onerror=alert(1)>\"'${alert(2)}</script>"


def test_whatever_is_no_markup_is_escaped_and_markup_is_not():
    assert el("p", "<b>", Html("<i></i>"), title='"') == '<p title="&quot;">&lt;b&gt;<i></i></p>'
    assert join(["a", None, ("<", el("br"))]) == "a&lt;<br>"
    assert (
        el("svg", el("path", d="M0 0"), el("text", "1"))
        == '<svg><path d="M0 0"/><text>1</text></svg>'
    )
    assert el("input", checked=True, disabled=False, value="") == '<input checked value="">'


@pytest.mark.parametrize(
    "address",
    ["#/jobs", "#/runs/20261128T1/step/both.left%2Fagain", "#/jobs?q=a%26b&state=failed", "#/skills/mcp%2Ffiles%2Fread"],
)  # fmt: skip
def test_an_address_read_and_written_is_the_same(address: str):
    assert str(Address.parse(address)) == address


def test_an_address_of_nowhere_is_the_chat():
    assert [
        Address.parse(text).place for text in ("", "#", "#/nowhere/x", "javascript:alert(1)")
    ] == ["chat"] * 4
    assert (
        Address.parse("#/jobs/a?q=x&state=failed").but(q="", state="paused")
        == "#/jobs/a?state=paused"
    )


def keys_used() -> set[str]:
    """Keys of texts that stand whole in the code."""
    found = set[str]()
    for path in PANEL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("say", "count")
            ):
                for part in ast.walk(node.args[0]):
                    if (
                        isinstance(part, ast.Constant)
                        and isinstance(part.value, str)
                        and "." in part.value
                    ):
                        found.add(part.value + (".one" if node.func.id == "count" else ""))
    return found


def leaves(value: dict[str, object], path: str = "") -> set[str]:
    return {
        leaf
        for key, inner in value.items()
        for leaf in (
            leaves(inner, f"{path}{key}.") if isinstance(inner, dict) else {f"{path}{key}"}
        )
    }


def test_every_text_that_the_code_names_is_there():
    known = leaves(tomllib.loads(PATH.read_text(encoding="utf-8")))
    whole = {key for key in keys_used() if not key.endswith((".", "_")) and key[-1] != "_"}
    assert {
        key for key in whole if key not in known and not any(k.startswith(key) for k in known)
    } == set()


def test_a_text_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        say("jobs.no_such_text")


def commands() -> set[str]:
    """The first words of every command that the panel shows beside a button or a place."""
    texts = "\n".join(path.read_text(encoding="utf-8") for path in PANEL.rglob("*.py"))
    return {
        found.group(1)
        for found in re.finditer(r'["`]assistant ([a-z]+(?: [a-z]+)?(?: [a-z]+)?)', texts)
    }


def test_every_command_that_is_shown_exists():
    root = typer.main.get_command(app)
    unknown = list[str]()
    for words in commands():
        here = root
        for word in words.split():
            inner = getattr(here, "commands", None)
            if inner is None:
                break
            if word not in inner:
                unknown.append(words)
                break
            here = inner[word]
    assert unknown == []


def test_every_key_is_told_and_none_is_taken_twice():
    assert len({key.keys for key in KEYS}) == len(KEYS)
    assert all(say(f"keys.{key.name}") for key in KEYS)
    assert {key["keys"] for key in json.loads(registry())} >= {"?", "/", "Escape", "g j"}


def test_hosts_that_look_like_others_are_told_in_punycode():
    assert in_punycode('{"to": "jo@exаmple.org", "url": "https://xn--bcher-kva.example/"}') == [
        ("exаmple.org", "xn--exmple-4nf.org"), ("xn--bcher-kva.example", "bücher.example"),
    ]  # fmt: skip
    assert plain("jo@exаmple.org and example.org") == "jo@xn--exmple-4nf.org and example.org"


def test_a_form_of_a_schema_reads_back_what_it_shows():
    properties = {
        "limit": {"type": "integer", "default": 5}, "urls": {"type": "array"}, "dry": {"type": "boolean"},
        "kind": {"enum": ["a", "b"]}, "note": {"type": "string", "description": HOSTILE},
    }  # fmt: skip
    made = join(controls.schema_fields(properties, required=["limit"], given={"note": HOSTILE}))
    assert "<img" not in made
    typed = {"arg:limit": " 7 ", "arg:urls": "", "arg:note": "x"}
    assert controls.arguments(typed, properties) == {"limit": " 7 ", "dry": "false", "note": "x"}


def test_nothing_a_page_sends_is_trusted_to_be_there():
    values = Values({"job": 3, "jobs": ["a", 1, ""], "name": "  "})
    assert values.many("jobs") == ["a"]
    for name in ("job", "name", "missing"):
        with pytest.raises(BindingsInvalid):
            values.text(name)


async def test_long_work_tells_how_far_it_is_and_can_be_stopped():
    running = Works()
    held = asyncio.Event()

    async def endless(tell: Tell) -> str:
        tell(3, 10)
        await held.wait()
        return "never"

    async def failing(tell: Tell) -> str:
        raise CannotDo("no room", hint="Make some.")

    work = running.begin("a", "Fetching", endless)
    running.begin("b", "Failing", failing)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert (work.going, work.share) == (True, 0.3)
    assert "3 of 10" in works.shown(work, stop="models.stop")
    with pytest.raises(Exception, match="going on already"):
        running.begin("a", "Fetching", endless)
    running.stop("a")
    await running.close()
    told = [(one.failed, one.told) for one in running.all()]
    assert told == [(True, "Stopped. What has come so far is kept."), (True, "no room Make some.")]


SENTENCE = re.compile(
    r"(?:^|[>“(] ?)[A-Z][a-z]+[,:;]? [a-z]{2,}|^[a-z]{2,} [a-z]{2,} [a-z]{2,}|^[A-Z][a-z]{2,}$"
)
NO_SCREEN = {
    "serve.py": "what the terminal says", "login.py": "its one refusal is the terminal's",
    "keys.py": "names of keys", "theme.py": "names of fonts", "gradio_door.py": "names of modules",
    }  # fmt: skip
"""Files whose words are no texts of a screen, and what they are."""
COMMAND, CLASSES = re.compile(r"^\[?`?assistant [a-z]"), ("class_", "kind")


def literals(tree: ast.AST) -> set[str]:
    """Words of a person's language that stand in code; no docstrings, commands and CSS classes."""
    left_out = set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            left_out.add(id(node.value))
        if isinstance(node, ast.keyword) and node.arg in CLASSES:
            left_out |= {id(part) for part in ast.walk(node.value)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in left_out and not COMMAND.match(node.value)
        if SENTENCE.search(node.value) and "select " not in node.value
    }


def test_english_stands_in_one_file():
    found = {
        f"{path.name}: {text}"
        for path in PANEL.rglob("*.py")
        if path.name not in NO_SCREEN
        for text in literals(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set()


def test_words_in_code_are_found_wherever_they_stand():
    code = '''
def f(name):
    """Not this sentence."""
    button("Save", class_="two charts")
    return f"<p>Nothing yet for {name}</p>" + say("jobs.none") + "no such file" + "assistant jobs list"
'''
    assert literals(ast.parse(code)) == {"Save", "<p>Nothing yet for ", "no such file"}


def test_a_job_is_called_as_the_person_calls_it():
    call_jobs("investigation", "investigations")
    try:
        assert say("jobs.missing", name="x") == "There is no investigation “x”"
        assert say("chat.placeholder") == "Ask, or describe an investigation"
        assert in_own_words("there is no job 'job'; see `assistant jobs list`. A job has a job.yaml") == (
            "there is no investigation 'job'; see `assistant jobs list`. An investigation has a job.yaml"
        )  # fmt: skip
    finally:
        call_jobs("job", "jobs")
    assert say("shell.jobs") == "Jobs"


def test_links_are_quoted():
    assert to("runs", "a/b", q="x y") == "#/runs/a%2Fb?q=x+y"
    assert Path(PATH).is_file()


NO_COMMAND = {"works.py": "a command's own work is stopped by Ctrl-C"}


def test_every_button_and_form_names_the_command_that_does_the_same():
    without = set[str]()
    for path in PANEL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or path.name in NO_COMMAND:
                continue
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            acts = any(isinstance(one, ast.Constant) and "." in str(one.value) for one in node.args)
            if name in ("button", "form") and acts and all(word.arg != "cli" for word in node.keywords):  # fmt: skip
                without.add(f"{path.name}:{node.lineno}")
    assert without == set()
