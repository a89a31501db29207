"""The ninth batch, what stands at home: tables, models, mail and skills."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from assistant.models.doubles import Asked as Prompted
from tests.healing.scenarios import Put, Table
from tests.healing.tarnbeck import (
    NOTICED,
    NOTICES,
    SHOWN,
    SHOWS,
    TENDERED,
    TENDERS,
    Notice,
    Tender,
    newest,
    of_year,
    rss,
    titles,
    whole,
)  # fmt: skip
from tests.healing.world import World

LISTED = """steps:
  - id: read
    skill: query_database
    with: {database: shop, sql: "select ref, address from applications where listed = 1 order by id desc"}
outputs: {count: "${{ steps.read.count }}"}
"""
OPEN = """steps:
  - id: read
    skill: query_database
    with: {database: shop, sql: "select title, closes from tenders where state = 'Open' order by id desc"}
outputs: {count: "${{ steps.read.count }}"}
expect: ["${{ steps.read.count > 0 }}"]
"""
WARD = """steps:
  - id: judge
    skill: ask_model
    with:
      prompt: "A lamp by the gate of Castle Park is broken. In which ward is that: Northgate, Southmead, Castle, Waterside or Minster?"
  - id: number
    set: {ward: "${{ {'Northgate': 11, 'Southmead': 12, 'Castle': 13, 'Waterside': 14, 'Minster': 15}[steps.judge.text] }}"}
outputs: {said: "${{ [vars.ward] }}"}
"""
PICKS = """steps:
  - id: pick
    skill: ask_model
    with:
      prompt: "Choose three shows for families and give their titles: ${{ inputs.shows }}"
      schema: {type: object, properties: {picks: {type: array, items: {type: string}}}, required: [picks]}
outputs: {said: "${{ steps.pick.record.picks }}"}
expect: ["${{ size(steps.pick.record.picks) == 3 }}"]
"""
PICKS = f"inputs:\n  shows: {{type: string, default: {json.dumps('; '.join(s.title for s in SHOWN[:8]))}}}\n{PICKS}"
LETTER = """steps:
  - id: read
    skill: fetch_feed
    with: {url: "{origin}/rss.xml", limit: 5}
  - id: letter
    skill: compile_newsletter
    with: {items: "${{ steps.read.items }}", title: "This week at the Lantern"}
  - id: send
    skill: send_email
    with: {to: friends@tarnbeck.example, newsletter: "${{ steps.letter.newsletter }}"}
    retry: {attempts: 1}
outputs: {count: "${{ size(steps.read.items) }}"}
"""
COUNT = """steps:
  - id: count
    skill: count_pages
    with: {url: "{origin}/minutes"}
outputs: {pages: "${{ steps.count.pages }}"}
"""


def applications(told: Sequence[Notice], *, place: str = "address", more: bool = False) -> str:
    """The notices as a script for the database; `more` adds where the applicant lives."""
    extra = "applicant_address text, " if more else ""
    home = "'{} Harbour Street, Ebbing', " if more else ""
    given = ", ".join(
        f"({s.n}, '{s.ref}', {home.format(s.n + 71)}"
        f"'{_quoted(s.address)}', '{s.ward}', {s.n % 2})"
        for s in told
    )  # fmt: skip
    return (
        f"create table applications (id integer primary key, ref text, {extra}{place} text, ward text, "
        f"listed integer); insert into applications values {given};"
    )


def tender_tables(
    told: Sequence[Tender], *, table: str = "tenders", state: Callable[[str], str] = str
) -> str:  # fmt: skip
    given = ", ".join(
        f"({t.n}, '{_quoted(t.title)}', '{t.value}', '{t.closes:%Y-%m-%d}', '{state(t.state)}')"
        for t in told
    )
    return (
        f"create table {table} (id integer primary key, title text, value text, closes text, state text); "
        f"insert into {table} values {given};"
    )


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def fill(table: Table) -> None:
    _tables(table)
    _models(table)
    _trouble(table)


def _tables(t: Table) -> None:
    def put(*scripts: str) -> Put:
        return lambda w: w.tables(";".join(scripts)) or {}

    t.add("town-address-of-the-site", "bad_arguments", "heal", LISTED, put(applications(NOTICED)),
          put(applications(NOTICES, place="site_address", more=True)),
          gives=("read", lambda w: [f"{s.ref} {s.address}" for s in NOTICES if s.n % 2]))  # fmt: skip
    still_open = titles([one for one in TENDERS if one.state == "Open"])
    t.add("town-tenders-in-another-table", "bad_arguments", "heal", OPEN, put(tender_tables(TENDERED)),
          put(tender_tables(TENDERS, table="procurement_tenders"),
              of_year(tender_tables(newest(Tender, 16, 9), table="tenders_archive_2025"), 2025)),
          gives=("read", still_open))  # fmt: skip
    t.add("town-states-became-letters", "empty_result", "heal", OPEN, put(tender_tables(TENDERED)),
          put(tender_tables(TENDERS, state=lambda told: told[0]),
              "create table states (letter text, meaning text); insert into states values ('A', 'Awarded'), "
              "('O', 'Open'), ('W', 'Withdrawn')"),
          gives=("read", still_open))  # fmt: skip


_STRICT = re.compile(
    r"\b(only|no|not|nothing|never|just|exactly|alone|bare|plain|single|one word|without)\b",
    re.IGNORECASE,
)
_THREE = re.compile(
    r"\b(at most|no more than|not more than|only|exactly|a maximum of|precisely|just) (three|3)\b|"
    r"\b(three|3) (at most|titles|entries|elements|items|and no more)\b", re.IGNORECASE,
)  # fmt: skip
"""What makes the clerk keep to the form, and to the number, after it has changed its ways."""


def _says(clerk: Callable[[Prompted], Any], senior: Callable[[Prompted], Any]) -> Put:
    def put(w: World) -> dict:
        w.models.update(clerk=clerk, senior=senior)
        return {}

    return put


def _models(t: Table) -> None:
    def plain(asked: Prompted) -> Any:
        known = (asked.schema or {}).get("properties", {})
        return dict.fromkeys(known, "Castle") if known else "Castle"

    def wordy(asked: Prompted) -> Any:
        fenced = "```\nCastle\n```\nThe lamp stands by Castle Park, which is why I chose this ward."
        return plain(asked) if asked.schema or _STRICT.search(asked.prompt) else fenced

    t.add("town-ward-in-fences", "model_output", "heal", WARD, _says(plain, plain), _says(wordy, plain),
          gives=("outputs", lambda w: ["13"]))  # fmt: skip

    def three(asked: Prompted) -> Any:
        return {"picks": [s.title for s in SHOWN[:3]]}

    def seven(asked: Prompted) -> Any:
        most = (asked.schema or {}).get("properties", {}).get("picks", {}).get("maxItems", 7)
        told = 3 if _THREE.search(asked.prompt) else most
        return {"picks": [s.title for s in SHOWN[:told]]}

    t.add("town-seven-for-three", "model_output", "heal", PICKS, _says(three, three), _says(seven, three),
          gives=("outputs", titles(SHOWN[:3])))  # fmt: skip


def _trouble(t: Table) -> None:
    def letters(told: str) -> Put:
        def put(w: World) -> dict:
            w.state["mail"] = told
            return {"/rss.xml": rss(SHOWS, w.origin, "What's on at the Lantern")}

        return put

    t.add("town-mail-quota", "quota", "leave", LETTER, letters(""),
          letters("552 5.2.2 The quota of outgoing mail of this account is exceeded"))  # fmt: skip

    def counting(kind: str) -> Put:
        def put(w: World) -> dict:
            w.buggy.write_text(kind, encoding="utf-8")
            return {"/minutes": whole("<h1>Minutes of the council</h1>")}

        return put

    t.add("town-skill-trips", "bug", "leave", COUNT, counting("good"), counting("bad"))


MENDS = {
    "town-address-of-the-site": [("ref, address", "ref, site_address")],
    "town-tenders-in-another-table": [("from tenders", "from procurement_tenders")],
    "town-states-became-letters": [("'Open'", "'O'")],
    "town-ward-in-fences": [("or Minster?", "or Minster? Answer with the name of the ward alone.")],
    "town-seven-for-three": [("titles:", "titles, no more than three:")],
}  # fmt: skip
