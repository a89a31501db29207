"""Inputs that somebody fills in each time: how they are told, and where they go."""

from __future__ import annotations

import pytest

from assistant.builder.blanks import filled, pointed
from assistant.builder.frame import frame_of
from assistant.builder.terms import Question
from assistant.builder.wiring import parts_of
from assistant.grounding.marks import mark
from assistant.skills.library import Library


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("something reusable with two blanks, topic and limit, that I fill in each time. It", ["topic", "limit"]),
        ("I want a form with two boxes, customer and area. The model writes", ["customer", "area"]),
        ("a job I can fill in when I start it, with breed and county as the blanks. It", ["breed", "county"]),
        ("a job where I fill in town and radius: it searches the web", ["town", "radius"]),
        ("a job that asks me for street and year each time, looks online", ["street", "year"]),
        ("a job that wants a plate number whenever I start it", ["plate number"]),
        ("Vorrei un lavoro con un campo, cliente, da compilare ogni volta a mano: interroga", ["cliente"]),
        ("Ich brauche einen Auftrag mit zwei Feldern, Ort und Tage, die ich jedes Mal ausfülle: such", ["Ort", "Tage"]),
        ("Quiero un trabajo con dos campos, ciudad y oficio, que relleno cada vez: busca", ["ciudad", "oficio"]),
        ("un travail avec deux champs, ville et sport, à remplir à chaque fois : cherche", ["ville", "sport"]),
        ("Een taak met twee velden, plaats en soort, die ik elke keer invul: zoek", ["plaats", "soort"]),
        ("um trabalho que me pergunte assunto e cidade cada vez que o arranco: pesquisa", ["assunto", "cidade"]),
    ],
)  # fmt: skip
def test_inputs_are_told_as_blanks_boxes_and_fields(said: str, names: list[str]) -> None:
    marked = mark(said)
    told = frame_of(Question(marked.text, tuple(marked.values), ()), marked).told
    assert [item.values for item in told if item.tag == "inputs"] == [{"names": names}]


@pytest.mark.parametrize(
    "said",
    [
        "extract the fields name, price and date from this text",
        "POST to https://api.a.example/x with the fields name and phone",
        "save it as a csv with the fields title and link",
        "scrape https://a.example/x, fields: name from h3, price from span.cost",
        "I need two fields, title (that's the h3) and price (span.price). Nothing else.",
    ],
)
def test_fields_of_a_record_are_no_inputs(said: str) -> None:
    marked = mark(said)
    told = frame_of(Question(marked.text, tuple(marked.values), ()), marked).told
    assert "inputs" not in [item.tag for item in told]


@pytest.mark.parametrize(
    ("query", "names", "told"),
    [
        ("stargazing spots there", ["town", "radius"], "stargazing spots in ${{ inputs.town }} ${{ inputs.radius }}"),
        ("parking in that town", ["town", "date"], "parking in ${{ inputs.town }} ${{ inputs.date }}"),
        ("parish records of them", ["surname", "year"], "parish records of ${{ inputs.surname }} ${{ inputs.year }}"),
        ("firms of that trade in that town", ["town", "trade"], "firms of ${{ inputs.trade }} in ${{ inputs.town }}"),
        ("empresas de ese oficio", ["oficio", "ciudad"], "empresas de ${{ inputs.oficio }} ${{ inputs.ciudad }}"),
        ("the topic", ["topic"], "${{ inputs.topic }}"),
        ("", ["assunto"], "${{ inputs.assunto }}"),
    ],
)  # fmt: skip
def test_a_search_keeps_its_subject(
    library: Library, query: str, names: list[str], told: str
) -> None:
    values = {"query": query} if query else {}
    parts = parts_of([(library.get("web_search"), values)])
    assert filled(parts, names) == {name: {"type": "string"} for name in names}
    assert parts[0].arguments == {"query": told}


def test_counts_and_days_go_into_the_number_and_the_span_they_speak_of(library: Library) -> None:
    search, rank = library.get("web_search"), library.get("rank_items")
    parts = parts_of([(search, {"query": "the topic"}), (rank, {})])

    assert filled(parts, ["topic", "limit", "days"]) == {
        "topic": {"type": "string"}, "limit": {"type": "integer"}, "days": {"type": "integer"},
    }  # fmt: skip
    assert [part.arguments for part in parts] == [
        {"query": "${{ inputs.topic }}"},
        {"topic": "${{ inputs.topic }}", "limit": "${{ inputs.limit }}", "since": "${{ inputs.days }}d"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("flea markets there", "flea markets in X"),
        ("Flohmärkten dort", "Flohmärkten in X"),
        ("new books by them", "new books by X"),
        ("breeders", "breeders X"),
        ("write a letter\n\nthe items", "write a letter X\n\nthe items"),
    ],
)
def test_an_input_stands_where_a_text_points_at_it(text: str, told: str) -> None:
    assert pointed(text, ["X"]) == told
