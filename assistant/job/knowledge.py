"""What was learned in jobs, as Markdown files that the person may read, edit and delete.

`$ASSISTANT_HOME/knowledge/<job>.md` begins with the job it comes from. The folder is the truth:
its index for searching follows the files, whoever changes them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.clock import Clock, rfc3339
from assistant.errors import BindingsInvalid, TargetUnresolved
from assistant.pipeline.suggest import did_you_mean
from assistant.store.database import Store
from assistant.store.files import write_atomically
from assistant.store.interactions import fts_query
from assistant.store.jobs import NAME, JobRecord

LARGEST = 200_000
"""Bytes of a file that is read; a longer one is not knowledge but an archive."""
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_COMMON = frozenset(
    [
        "about",
        "after",
        "again",
        "also",
        "and",
        "any",
        "are",
        "ask",
        "before",
        "below",
        "but",
        "can",
        "could",
        "every",
        "first",
        "for",
        "from",
        "get",
        "give",
        "has",
        "have",
        "her",
        "his",
        "how",
        "into",
        "its",
        "just",
        "last",
        "let",
        "like",
        "list",
        "made",
        "mail",
        "make",
        "many",
        "more",
        "most",
        "new",
        "news",
        "not",
        "now",
        "off",
        "one",
        "only",
        "our",
        "out",
        "over",
        "put",
        "read",
        "run",
        "send",
        "she",
        "show",
        "some",
        "tell",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "three",
        "today",
        "two",
        "use",
        "want",
        "was",
        "week",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)


@dataclass(frozen=True)
class Known:
    """A piece of knowledge: its file's name, the job it comes from, and what fits the question."""

    name: str
    job: str
    title: str
    text: str


class Knowledge:
    """The knowledge folder of a home."""

    def __init__(self, folder: Path, store: Store, clock: Clock) -> None:
        self.folder = folder
        self._store = store
        self._clock = clock

    def add(self, job: JobRecord, line: str) -> str:
        """Add a line to what is known from a job; gives the file's name."""
        path = self.folder / f"{job.name}.md"
        before = path.read_text(encoding="utf-8") if path.is_file() else _begun(job, self._today())
        plain = " ".join(line.split())
        if f"- {plain}\n" not in before:
            write_atomically(path, f"{before.rstrip()}\n- {plain}\n")
        return path.stem

    def names(self) -> list[str]:
        """The files there are, without `.md`."""
        return sorted(path.stem for path in self.folder.glob("*.md") if path.is_file())

    def read(self, name: str) -> str:
        """A file's text. Raises TargetUnresolved."""
        try:
            return self._path(name).read_text(encoding="utf-8")
        except UnicodeDecodeError as wrong:
            raise BindingsInvalid(f"{name}.md is no UTF-8 text") from wrong

    def write(self, name: str, text: str) -> None:
        """Put a text in the place of a file, or make a new one. Raises BindingsInvalid."""
        if not NAME.fullmatch(name):
            raise BindingsInvalid(f"{name[:80]!r} is no name", hint="Use a-z, 0-9 and dashes.")
        if len(text.encode()) > LARGEST:
            raise BindingsInvalid(f"{name}.md would be larger than {LARGEST:,} bytes")
        write_atomically(self.folder / f"{name}.md", text)

    def delete(self, name: str) -> None:
        """Forget a file. Raises TargetUnresolved."""
        self._path(name).unlink()

    def search(self, words: str, *, limit: int = 5) -> list[Known]:
        """What is known about some words, the best first: any of the words may be there."""
        return self._found(fts_query(words, joined=" OR "), limit)

    def offered(self, prompt: str, *, but: str = "", limit: int = 2) -> list[Known]:
        """What is known from other jobs that plainly helps with a prompt: two words in common."""
        about = dict.fromkeys(w for w in re.findall(r"[^\W\d_]{3,}", prompt.lower()))
        words = [word for word in about if word not in _COMMON]
        found = self._found(fts_query(" ".join(words), joined=" OR "), limit * 3)
        near = [k for k in found if k.name != but and _shared(words, f"{k.title} {k.text}") >= 2]
        return near[:limit]

    def _found(self, match: str, limit: int) -> list[Known]:
        self._follow()
        if not match:
            return []
        rows = self._store.rows(
            "select w.path, w.title, w.body, k.job from knowledge_words w"
            " join knowledge k on k.path = w.path"
            " where knowledge_words match ? order by rank limit ?",
            match, limit,
        )  # fmt: skip
        words = [word.strip('"').lower() for word in match.split(" OR ")]
        return [Known(r["path"], r["job"], r["title"], _best(r["body"], words)) for r in rows]

    def _follow(self) -> None:
        """Bring the index up to the files: new, changed and deleted ones."""
        known = {row["path"]: row["stamp"] for row in self._store.rows("select * from knowledge")}
        there = {path.stem: path for path in self.folder.glob("*.md") if path.is_file()}
        for name in known.keys() - there.keys():
            self._forget(name)
        for name, path in there.items():
            facts = path.stat()
            stamp = f"{facts.st_mtime_ns}-{facts.st_size}"
            if known.get(name) != stamp and facts.st_size <= LARGEST:
                self._index(name, path.read_text(encoding="utf-8", errors="replace"), stamp)

    def _index(self, name: str, text: str, stamp: str) -> None:
        head, body = _parts(text)
        title = next((ln.lstrip("# ") for ln in body.splitlines() if ln.startswith("# ")), name)
        connection = self._store.db.conn
        with connection:
            connection.execute("delete from knowledge_words where path = ?", (name,))
            connection.execute("insert into knowledge_words values (?, ?, ?)", (name, title, body))
            connection.execute(
                "insert or replace into knowledge values (?, ?, ?)",
                (name, stamp, head.get("job", "")),
            )

    def _forget(self, name: str) -> None:
        connection = self._store.db.conn
        with connection:
            connection.execute("delete from knowledge_words where path = ?", (name,))
            connection.execute("delete from knowledge where path = ?", (name,))

    def _path(self, name: str) -> Path:
        path = self.folder / f"{name}.md"
        if not NAME.fullmatch(name) or not path.is_file():
            raise TargetUnresolved(
                f"nothing is known under {name[:80]!r}", hint=did_you_mean(name, self.names())
            )
        return path

    def _today(self) -> str:
        return rfc3339(self._clock.now())[:10]


def _begun(job: JobRecord, day: str) -> str:
    title = " ".join((job.title or job.name).split())
    return f"---\njob: {job.name}\nid: {job.id}\nsince: {day}\n---\n# {title}\n\n"


def _parts(text: str) -> tuple[dict[str, str], str]:
    match = _HEAD.match(text)
    if match is None:
        return {}, text
    pairs = (line.partition(":") for line in match[1].splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}, text[match.end() :]


def _best(body: str, words: list[str], most: int = 3) -> str:
    """The lines that have most of the words, in their order."""
    lines = [ln.lstrip("-* ").strip() for ln in body.splitlines() if ln.strip() and ln[0] != "#"]
    ranked = sorted(range(len(lines)), key=lambda n: (-_shared(words, lines[n]), n))[:most]
    return "\n".join(lines[n] for n in sorted(ranked))


def _shared(words: list[str], text: str) -> int:
    there = set(re.findall(r"[^\W\d_]+", text.lower()))
    stems = {word[:6] for word in there}
    return sum(1 for word in dict.fromkeys(words) if word in there or word[:6] in stems)
