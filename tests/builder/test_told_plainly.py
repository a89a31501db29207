"""Single calls and requests in other languages as people tell them: by what is to come out, with
asides, without the word that would name the skill."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.builder.columns import fields_named
from assistant.builder.documents import documents, without_documents
from assistant.builder.evidence import evidence
from assistant.builder.frame import frame_of
from assistant.builder.picked import picked_for
from assistant.builder.questions import LastResult, Surroundings, question_of
from assistant.builder.remains import query_left
from assistant.builder.selectors import selectors
from assistant.builder.text_work import shortened_by_model
from assistant.builder.texts_said import question_in, saying
from assistant.grounding.marks import mark
from tests.builder.conftest import Drafts


@pytest.mark.parametrize(
    ("said", "skills"),
    [
        ("Pop up a note that says dinner is ready", {"notify"}),
        ("zeig mir eine Meldung: der Teig ist fertig", {"notify"}),
        ("Envoie-moi une notification : le four est chaud", {"notify"}),
        ("Mándame un aviso: el horno ya está caliente", {"notify"}),
        ("Mandami una notifica: consegnare le bozze", {"notify"}),
        ("stuur me een melding: het brood moet eruit", {"notify"}),
        ("has anyone written about the old weir this past month?", {"web_search"}),
        ("hat jemand was über Moorbrände geschrieben?", {"web_search"}),
        ("Quelqu'un a-t-il écrit quelque chose sur les digues ?", {"web_search"}),
        ("which four of these matter for beekeepers", {"rank_items"}),
        ("which of these matter for beekeepers", {"rank_items"}),
        ("order that by how close it gets to lead pipes", {"rank_items"}),
        ("welche davon haben mit Wolle zu tun?", {"rank_items"}),
        ("lesquelles parlent de la pêche ?", {"rank_items"}),
        ("quédate con las más cercanas a la exportación", {"rank_items"}),
        ("kort die lijst in tot één zin per bericht", {"summarize_items"}),
        ("die Beiträge, jeder auf drei Sätze gekürzt", {"summarize_items"}),
        ("deux phrases pour chacune", {"summarize_items"}),
        ("make a club letter out of that", {"compile_newsletter"}),
        ("mets-le en page", {"compile_newsletter"}),
        ("con queste notizie fammi la circolare dei soci", {"compile_newsletter"}),
        ("sácame el artículo entero: https://a.example/uno", {"extract_article"}),
        ("put this through openai/gpt-5-mini", {"ask_model"}),
    ],
)  # fmt: skip
def test_what_is_wanted_is_told_by_what_comes_out(said: str, skills: set[str]) -> None:
    assert evidence(mark(said).text).sure == skills


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("van <page1> de artikelen, alleen omschrijving, gewicht en prijs, meer hoef ik niet", ["omschrijving", "gewicht", "prijs"]),
        ("from <page1> I need three columns: species, landing, price", ["species", "landing", "price"]),
        ("what's on <page1>, want cut and price, keep as <file1>", ["cut", "price"]),
        ("was auf <page1> steht, Marke und Modell reichen", ["marke", "modell"]),
        ("whatever <page1> lists, with its title and its museum, put in order", ["title", "museum"]),
        ("sur <page1> relève-moi l'appellation et le prix, c'est tout", ["appellation", "prix"]),
        ("de <page1> quiero solo especie, peso y precio", ["especie", "peso", "precio"]),
        ("only beer and wine from <page1>", []),
    ],
)  # fmt: skip
def test_columns_are_told_in_a_list(said: str, names: list[str]) -> None:
    assert fields_named(said) == names


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("read https://a.example/board (posts are li.topic)", {}),
        ("https://a.example/liste (Zeilen: tr.notice)", {}),
        ("whatever https://a.example/art lists under li.object", {}),
        ("https://a.example/lotes, cada uno es un div.lote", {}),
        ("https://a.example/list: the title is h3", {"fields": {"title": "h3"}}),
    ],
)  # fmt: skip
def test_the_selector_of_the_entries_is_no_field(said: str, fields: dict[str, Any]) -> None:
    assert selectors(mark(said)) == fields


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("which of these actually matter for pension trustees? Top <num1>.", "pension trustees"),
        ("order that by how close it gets to lead pipes in schools, and", "lead pipes in schools"),
        ("les <num1> nouvelles les plus proches du droit locatif, deux", "droit locatif"),
        ("quédate con las <num1> noticias más cercanas a la exportación y", "exportación"),
        ("quédate con los de ovejas churras y avísame", "ovejas churras"),
        ("die <num1> Beiträge, die mit Übersetzungen zu tun haben", "Übersetzungen"),
        ("welche davon haben mit Wolle zu tun?", "Wolle"),
    ],
)  # fmt: skip
def test_what_they_are_chosen_for_is_told_without_about(said: str, topic: str) -> None:
    assert picked_for(said)[:1] == [topic]


@pytest.mark.parametrize(
    ("said", "by_model"),
    [
        ("short versions of these, with <model1> not the built-in one", True),
        ("shorten the lot using <model1>", True),
        ("let <model1> do the boiling down this time", True),
        ("fasse sie mit <model1> zusammen", True),
        ("résume-les avec <model1>", True),
        ("summarise them and with <model1> write a poem", False),
    ],
)
def test_a_model_may_only_be_named_to_shorten_with(said: str, by_model: bool) -> None:
    assert shortened_by_model(said) is by_model


def test_a_file_that_nobody_can_write_goes_with_the_letter() -> None:
    said = "invoice-4.pdf wants to go to jo@a.example, save the rows as rows.csv"
    question, marked = question_of(said, [], Surroundings())

    assert documents(marked) == ("<file1>",)
    assert without_documents(question) == (
        "a document wants to go to <mail1>, save the rows as <file2>"
    )
    assert documents(mark("save it as report.pdf and mail it to jo@a.example")) == ()


@pytest.mark.parametrize(
    ("said", "kind", "meant"),
    [
        ("send sheila at brookcare dot example a line", "mail", "sheila@brookcare.example"),
        ("jo.b at mail dot a dot example", "mail", "jo.b@mail.a.example"),
        ("save that as ships dot csv", "file", "ships.csv"),
    ],
)
def test_addresses_and_files_may_be_spelled_out(said: str, kind: str, meant: str) -> None:
    assert [value.meant for value in mark(said).of(kind)] == [meant]


@pytest.mark.parametrize(
    "said",
    [
        "Dile a jo@a.example que la firma se pasa al jueves",
        "En el móvil no se abre, sácame el artículo: https://a.example/nueva",
        "It wants a header, otherwise it hands you HTML: https://a.example/api/x",
        "Schick es als Datei an jo@a.example",
    ],
)
def test_not_every_small_word_opens_a_condition(said: str) -> None:
    question, marked = question_of(said, [], Surroundings())
    frame = frame_of(question, marked)

    assert (frame.tags, frame.open_tags()) == ((), [])


def test_an_otherwise_that_leads_to_a_deed_may_be_a_branch() -> None:
    said = "A long queue: mail jo@a.example. Otherwise only a quiet note in #ops."
    question, marked = question_of(said, [], Surroundings())

    assert "if" in frame_of(question, marked).open_tags()


def test_what_is_asked_may_stand_beside_the_words_that_ask() -> None:
    assert query_left(
        "I'm stuck on rent reductions for noise. See what the internet has, at most <num1> hits"
    ) == "I'm stuck on rent reductions for noise"  # fmt: skip
    assert question_in(
        "wie viele Reifen wir verkauft haben, steht in der Datenbank lager, und zwar nach Größe aufgeteilt"
    ) == "wie viele Reifen wir verkauft haben, steht in der Datenbank lager, und zwar nach Größe aufgeteilt"  # fmt: skip
    assert saying("message", "Mandami una notifica: consegnare le bozze") == "consegnare le bozze"


@pytest.mark.parametrize(
    ("said", "body"),
    [
        ("drop dave@a.example a line, scaffold comes down Thursday", "scaffold comes down Thursday"),
        ("let the caterers know (book@a.example) it's 22 people now", "it's 22 people now"),
        ("let Ms Okafor know (ok@a.example) her crown is in, she can come from Tuesday", "her crown is in, she can come from Tuesday"),
        ("warn the scouts (lead@a.example) the bridge is shut until Friday", "the bridge is shut until Friday"),
    ],
)  # fmt: skip
def test_a_text_may_follow_whom_it_is_for_without_a_cue(
    said: str, body: str, draft: Drafts
) -> None:
    made = draft(said, {"kind": "job", "when": "<when1>", "steps": ["send_email"]}, {})
    assert (made.kind, made.cron, dict(made.call).get("body")) == ("call", "", body)


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("Écris à mme.roux@a.example que Paul est malade jusqu'à jeudi, objet Absence", {"to": "mme.roux@a.example", "subject": "Absence", "body": "Paul est malade jusqu'à jeudi"}),
        ("Dile a jo@a.example, y también a bo@a.example, que la firma se pasa al jueves; asunto: Firma", {"to": ["jo@a.example", "bo@a.example"], "subject": "Firma", "body": "la firma se pasa al jueves"}),
    ],
)  # fmt: skip
def test_a_subject_ends_what_a_letter_says_in_any_language(
    said: str, call: dict[str, Any], draft: Drafts
) -> None:
    made = draft(said, {"kind": "job", "when": "<when1>", "steps": ["send_email"]}, {})
    assert (made.kind, made.cron, dict(made.call)) == ("call", "", call)


@pytest.mark.parametrize(
    ("said", "steps"),
    [
        ("nur die von heute", [("rank_items", "1d")]),
        ("only the last three days", [("rank_items", "3d")]),
        ("order that by how close it gets to lead pipes, only this week's", [("rank_items", "7d")]),
    ],
)
def test_what_is_shown_may_be_sifted_by_its_age_alone(
    said: str, steps: list[tuple[str, str]], draft: Drafts
) -> None:
    around = Surroundings(last=LastResult("items", "fetch_feed", 6))
    made = draft(said, {"kind": "answer"}, {}, around=around)
    assert [(step.skill, step.arguments.get("since")) for step in made.steps] == steps


def test_a_monthly_bulletin_made_of_what_is_shown_is_no_schedule(draft: Drafts) -> None:
    around = Surroundings(last=LastResult("items", "fetch_feed", 6))
    outline = {"kind": "job", "when": "<when1>", "steps": ["compile_newsletter"]}
    made = draft(
        "turn that into our monthly bulletin, title Hay & Straw", outline, {}, around=around
    )
    assert (made.kind, made.cron, made.call["title"]) == ("call", "", "Hay & Straw")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("ping me: bread's out", "bread's out"),
        ("give the harbour channel the word that berth 9 is free from noon", "berth 9 is free from noon"),
        ("text the crew channel that low water is at 14:20", "low water is at 14:20"),
        ("tell the yard channel that the feed lorry is stuck", "the feed lorry is stuck"),
    ],
)  # fmt: skip
def test_a_message_holds_its_times_and_names_no_source(
    said: str, message: str, draft: Drafts
) -> None:
    made = draft(said, {"kind": "job", "steps": ["notify"]}, {})
    assert (made.kind, dict(made.call).get("message")) == ("call", message)


@pytest.mark.parametrize(
    ("said", "body"),
    [
        ("Lis https://a.example/flux, enregistre ça dans a.md et écris à jo@a.example que c'est prêt", "c'est prêt"),
        ("Speicher https://a.example/feed als a.md und schreib an jo@a.example, dass alles fertig ist", "alles fertig ist"),
        ("Salva https://a.example/feed in a.md e scrivi a jo@a.example che è pronto", "è pronto"),
    ],
)  # fmt: skip
def test_what_is_told_after_the_work_is_done_is_told_in_any_language(
    said: str, body: str, draft: Drafts
) -> None:
    outline = {"kind": "job", "steps": ["fetch_feed", "save_file", "send_email"]}
    made = draft(said, outline, {}, {}, {})
    assert [step.arguments.get("body") for step in made.steps][-1] == body
