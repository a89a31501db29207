"""Packs: a catalogue's prefix and the requests that share it, as token ids with weights."""

from __future__ import annotations

import functools
import random
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import assistant.grounding.zones
from assistant.builder.tasks import Decisions
from assistant.builder.terms import Question
from training import edits, requests, times, tokenizer
from training.catalogue import Catalogue, catalogue
from training.conversion import Unfit, asked, messages
from training.samples import LANGUAGES, Sample

# Listing the system's zones takes milliseconds; a million requests ask for it.
assistant.grounding.zones.available_timezones = functools.cache(zoneinfo.available_timezones)  # type: ignore[attr-defined]

PACKS, BRANCHES, SORTED = 48, 16, 96
LONGEST = 280
"""Tokens of a branch; a longer one is left out."""


def samples(rng: random.Random) -> Iterator[Sample]:
    """Requests of every kind without end."""
    makers = [*requests.MAKERS, (1.5, edits.edit)]
    weights = [w for w, _ in makers]
    while True:
        lang = requests.language(rng)
        make = rng.choices([m for _, m in makers], weights=weights)[0]
        try:
            yield around(rng, make(rng, lang))
        except KeyError as absent:
            if lang == "en":
                raise
            del absent  # this language has no such rule yet


_KINDS = [
    ("items", "web_search"),
    ("items", "fetch_feed"),
    ("items", "scrape_page"),
    ("newsletter", "compile_newsletter"),
    ("rows", "query_database"),
    ("text", "ask_model"),
    ("response", "http_request"),
    ("items", "rank_items"),
    ("items", "summarize_items"),
    ("items", "extract_article"),
]


def around(rng: random.Random, sample: Sample) -> Sample:
    """What the chat already shows: needed by `mail it`, noise for others."""
    refers = sample.kind == "call" and sample.steps[0].skill in (
        "rank_items",
        "summarize_items",
        "compile_newsletter",
        "send_email",
        "notify",
        "save_file",
    )
    if sample.kind != "edit" and rng.random() < (0.75 if refers else 0.08):
        kind, by = rng.choice(_KINDS)
        count = rng.randint(1, 60) if kind in ("items", "rows") and rng.random() < 0.9 else ""
        sample.last = f"{kind}|{by}|{count}"
    if sample.focus is None and rng.random() < (
        0.3 if sample.kind in ("answer", "unsupported") else 0.12
    ):
        sample.focus_name, sample.focus, sample.focus_when, _ = edits.focused(rng)
    return sample


def questions(
    rng: random.Random, cat: Catalogue, source: Iterator[Sample]
) -> Iterator[tuple[Question, Decisions]]:
    """Requests that can be asked in this catalogue."""
    for sample in source:
        try:
            yield asked(sample, cat, rng)
        except Unfit:
            continue


def encoded(
    tok: Tokenizer, question: Question, right: Decisions
) -> tuple[list[int], list[int], list[int]]:
    """(prefix ids, branch ids, weights): 2 for what is answered, 1 for the person's words."""
    told = messages(question, right)
    user = told[1][1]
    cut = (
        user.index("\nRequest\n")
        if not (question.focus or question.last)
        else min(
            i
            for i in (user.find("\nJob "), user.find("\nResult\n"), user.find("\nRequest\n"))
            if i >= 0
        )
    )
    if not question.offers:
        raise Unfit("no catalogue")
    prefix = tok.encode(f"<|system|>{told[0][1]}<|end|><|user|>{user[:cut]}").ids
    ids, weights = tok.encode(user[cut:]).ids, []
    weights = [1] * len(ids)
    ids.append(tok.token_to_id("<|end|>"))
    weights.append(0)
    for text, learned in tokenizer.render(told[2:]):
        more = tok.encode(text).ids
        ids += more
        weights += [2 if learned else 0] * len(more)
    return prefix, ids, weights


def make(number: int, tok: Tokenizer, target: Path, packs: int = PACKS) -> None:
    """Writes one shard."""
    rng = random.Random(1_000_003 * (number + 1))
    source = samples(rng)
    data: dict[str, np.ndarray] = {}
    count = 0
    while count < packs:
        cat = catalogue(rng)
        rows: list[tuple[list[int], list[int]]] = []
        prefix: list[int] = []
        for question, right in questions(rng, cat, source):
            prefix, ids, weights = encoded(tok, question, right)
            if len(ids) <= LONGEST:
                rows.append((ids, weights))
            if len(rows) == SORTED:
                break
        rows.sort(key=lambda row: len(row[0]))
        for at in range(0, SORTED, BRANCHES):
            part = rows[at : at + BRANCHES]
            width = max(len(ids) for ids, _ in part)
            grid = np.zeros((BRANCHES, width), dtype=np.uint16)
            told = np.zeros((BRANCHES, width), dtype=np.uint8)
            for i, (ids, weights) in enumerate(part):
                grid[i, : len(ids)], told[i, : len(ids)] = ids, weights
            data |= {
                f"prefix{count}": np.array(prefix, dtype=np.uint16),
                f"ids{count}": grid,
                f"weights{count}": told,
            }
            count += 1
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_suffix(".new.npz")
    np.savez(new, count=np.array(count), **data)
    new.replace(target)


def texts(number: int, seed: int = 7) -> Iterator[str]:
    """Dialogues as text, to make a tokenizer of, and words of the other languages."""
    rng = random.Random(seed)
    yield from FOREIGN.split("\n") * 12
    for lang in LANGUAGES[1:]:
        yield from (f"{times.when(rng, lang)} {times.since(rng, lang)}" for _ in range(150))
    source = samples(rng)
    for _ in range(number // 20):
        cat = catalogue(rng)
        for at, (question, right) in enumerate(questions(rng, cat, source)):
            told = messages(question, right)
            if at == 0:
                yield told[0][1]
                yield told[1][1]
            yield question.text
            for _, text in told[2:]:
                yield text
            if at == 20:
                break


FOREIGN = """
bitte schick mir die neuesten Nachrichten aus dem Feed und fasse sie zusammen, dann sende den Newsletter an
speichere das Ergebnis als Datei, erstelle einen Rundbrief mit dem Titel, die besten Artikel über Themen von der Seite
hole die Liste von der Webseite und benachrichtige den Kanal, wenn etwas Neues erscheint, sonst melde einen Fehler
suche im Internet nach, frage die Datenbank, lass das Modell schreiben, jeden Morgen, jede Woche, die letzten Beiträge und Meldungen
maile mir eine Zusammenfassung in drei Sätzen, rufe die Schnittstelle auf, lösche den Auftrag, statt, nicht mehr, auch, außerdem
envoie les derniers articles du flux par courriel à, fais une lettre d'information avec les meilleures nouvelles sur, puis résume en phrases
enregistre le résultat dans le fichier, cherche sur le web, récupère le tableau de la page, préviens le canal quand il y a du nouveau
demande à la base de données, fais écrire par le modèle, chaque matin, toutes les semaines, appelle l'interface, supprime, au lieu de
envía las últimas noticias del canal por correo a, haz un boletín con los mejores artículos sobre, luego resume en frases y guarda
como archivo, busca en la web, saca la tabla de la página, avisa al canal cuando haya algo nuevo, consulta la base de datos, cada mañana
pide al modelo que escriba, llama a la interfaz, borra el trabajo, en lugar de, también, además, si no hay nada, entonces
manda le ultime notizie del feed per posta a, fai una newsletter con i migliori articoli su, poi riassumi in frasi e salva
come file, cerca sul web, prendi la tabella dalla pagina, avvisa il canale quando c'è qualcosa di nuovo, interroga la base di dati
fai scrivere al modello, chiama l'interfaccia, elimina il lavoro, invece di, anche, ogni mattina, se non c'è niente, allora
envie as últimas notícias do feed por email para, faça um boletim com os melhores artigos sobre, depois resuma em frases e salve
como arquivo, pesquise na web, pegue a tabela da página, avise o canal quando houver algo novo, consulte o banco de dados
peça ao modelo que escreva, chame a interface, apague a tarefa, em vez de, também, toda manhã, se não houver nada, então
stuur het laatste nieuws uit de feed per mail naar, maak een nieuwsbrief met de beste artikelen over, vat samen in zinnen en bewaar
als bestand, zoek op het web, haal de tabel van de pagina, meld het kanaal wanneer er iets nieuws is, vraag de database, elke ochtend
laat het model schrijven, roep de interface aan, verwijder de taak, in plaats van, ook, bovendien, als er niets is, dan
"""
