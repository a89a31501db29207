"""What the data of a home take, as the page tells it."""

from __future__ import annotations

from bs4 import BeautifulSoup

from assistant.panel.places import settings_data
from assistant.settings import Settings
from assistant.store.files import size_told
from assistant.workplace import Workplace


def test_a_store_is_as_large_as_its_file_with_its_log(settings: Settings) -> None:
    place = Workplace.open(settings)
    page = BeautifulSoup(settings_data.show(place), "html.parser")
    sizes = {
        row.code.text: row.find_all("td")[2].text for row in page.select("tbody tr") if row.code
    }
    store = settings.store_path
    parts = [store, *(store.with_name(f"{store.name}-{end}") for end in ("wal", "shm"))]
    assert all(part.is_file() for part in parts)
    assert sizes[str(store)] == size_told(sum(part.stat().st_size for part in parts))
    place.close_store()
