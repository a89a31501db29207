"""A value on a page that is compared with a number becomes a condition that a run can prove."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from assistant.builder.measures import measured
from assistant.grounding.marks import mark
from assistant.job.running import request_for
from assistant.pipeline.loader import read_loosely
from assistant.settings import Settings
from assistant.workplace import Workplace
from tests.builder.conftest import Drafts
from tests.loopback import Site, page

URL = "https://shop.example/kettle"


@pytest.mark.parametrize(
    ("said", "what", "test"),
    [
        (f"tell me when the price on {URL} drops below 40", "price", "below"),
        (f"let #deals know once the price at {URL} falls under £39.50", "price", "below"),
        (f"every hour look at {URL} and if the price is below 40 euros mail jo@example.org", "price", "below"),
        (f"mail jo@example.org as soon as the kettle at {URL} costs less than 40 euros", "price", "below"),
        (f"if the water level on {URL} goes above 6.5 warn the boats channel", "level", "above"),
        (f"ping #ops whenever the temperature on {URL} is over 30 degrees", "temperature", "above"),
        (f"sag mir, wenn der Preis auf {URL} unter 39,50 € fällt", "preis", "below"),
        (f"préviens-moi si le prix sur {URL} passe sous 40 euros", "prix", "below"),
        (f"avvisami quando il prezzo su {URL} scende sotto i 40 euro", "prezzo", "below"),
        (f"warn #ops if {URL} has more than 5 listings", "", ""),
        (f"if there are more than 5 stories on {URL} mail them to jo@example.org", "", ""),
        (f"read {URL} and mail me at jo@example.org", "", ""),
    ],
)  # fmt: skip
def test_what_is_compared_is_read_from_the_words(said: str, what: str, test: str) -> None:
    found = measured(mark(said).text)
    assert (found.what if found else "", found.test if found else "") == (what, test)


def test_a_price_is_drafted_as_a_condition_on_the_page(draft: Drafts) -> None:
    made = draft(
        f"tell me when the price on {URL} drops below 40",
        {"kind": "job", "steps": ["extract_article"]}, {}, {},
    )  # fmt: skip
    data = read_loosely(made.yaml).document.data
    assert (made.problems, made.unplaced, made.title) == ((), (), "Shop price watch")
    assert data["triggers"] == [{"on": "page_changed", "url": URL, "every": "1h"}]
    assert data["steps"] == [
        {"id": "page", "skill": "scrape_page",
         "with": {"url": URL, "selector": "body", "fields": {"text": ""}}},
        {"id": "check", "if": "${{ number(steps.page.items[0].text, of='price') >= 40 }}",
         "stop": "40 or more"},
        {"id": "tell", "skill": "notify", "with": {
            "message": f"Price: ${{{{ number(steps.page.items[0].text, of='price') }}}} {URL}"}},
    ]  # fmt: skip


SHOP = "<html><body><h1>Harbour kettle</h1><p>4.6 stars, 112 reviews</p><dl><dt>Price<dd>{price}</dl><p>12 left</p></body></html>"


@pytest.mark.parametrize(
    ("price", "status", "told"),
    [
        ("£39.50", "succeeded", "Price: 39.5 "), ("1.039,50 €", "succeeded", ""), ("£40", "succeeded", ""),
        ("39,50 €", "succeeded", "Price: 39.5 "), ("on request", "failed", ""),
    ],
)  # fmt: skip
async def test_a_run_tells_the_price_when_it_has_fallen(
    draft: Drafts, tmp_path: Path, price: str, status: str, told: str
) -> None:
    with Site({"/kettle": page(SHOP.format(price=price))}) as site:
        url = site.url("/kettle")
        made = await asyncio.to_thread(
            draft, f"tell me when the price on {url} drops below 40",
            {"kind": "job", "steps": ["scrape_page", "notify"]}, {}, {},
        )  # fmt: skip
        origin = site.url("").rstrip("/")
        place = Workplace.open(Settings(home=tmp_path, allow_origins=(origin,)))
        try:
            record = place.jobs.create("shop-price-watch")
            place.lifecycle.save(record.id, made.yaml)
            engine = await place.engine()
            run_id = await engine.submit(
                request_for(place.jobs, place.jobs.get(record.id), trigger={"kind": "manual"})
            )
            await engine.wait(run_id, 30)
            assert place.runs.get(run_id).status == status, place.runs.get(run_id).error
            outbox = place.settings.outbox_dir
            said = "".join(f.read_text(encoding="utf-8") for f in outbox.rglob("*") if f.is_file())
            assert (told in said) if told else ("Price" not in said)
        finally:
            await place.close()
