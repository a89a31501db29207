"""`make letters`: every design of a newsletter as a mail client would show it, in build/letters/.

Three widths, light and dark, from stories of the demo newspaper's kind: to be looked at.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser

from assistant.models.doubles import OneModel, ScriptedModel
from assistant.net.client import open_client
from assistant.settings import PROJECT, Settings, prepare
from assistant.skills.calling import call
from assistant.skills.library import Library
from assistant.skills.outside import outside_context
from tests.loopback import Page, Site
from tests.panel.running_panel import chromium

DESIGNS = ("letter", "brief", "gallery")
WIDTHS = (320, 600, 1200)
SCHEMES = ("light", "dark")
INTRO = (
    "Good morning. A quiet week at sea, a loud one in the council: the ferry **comes back**, and "
    "[the bridge](https://example.org/bridge) does not."
)
STORIES: tuple[tuple[str, str, str, str, bool], ...] = (
    ("The night ferry returns after eleven years", "The Lantern", "Sea",
     "From May a ferry will again leave for the islands each evening at nine. The company bought two "
     "hybrid ships second-hand and had them refitted here.\nTickets go on sale in March.", True),
    ("Council puts off the bridge for the third time", "Harbour Gazette", "Town",
     "The cost has risen to 14.2 million, and nobody could say why.", False),
    ("A lighthouse keeper's notebooks, read by the whole town", "The Lantern", "Town",
     "Volunteers have copied out 4,000 pages of weather, wrecks and recipes.", True),
    ("Why the herring came early", "Tides & Weather", "Sea",
     "The water was two degrees warmer in February than in any year on record, say biologists, and the "
     "shoals followed. Fishermen are glad; the puffins, which feed their young in June, may not be.", True),
    ("Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik schließt nach neunzig Jahren", "Küstenblatt",
     "Town", "Die letzte Mütze geht an das Museum.", False),
    ("Small boats, large questions", "Harbour Gazette", "Sea", "", False),
)  # fmt: skip


def picture(number: int) -> bytes:
    """A horizon, a sun and a sail; each a little different."""
    image = Image.new("RGB", (1200, 700), (120, 160 + 10 * number, 200))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 430, 1200, 700), fill=(30, 60 + 8 * number, 100))
    draw.ellipse((800 - 90 * number, 120, 960 - 90 * number, 280), fill=(250, 220, 150))
    draw.polygon([(420, 470), (560, 180), (590, 470)], fill=(245, 245, 240))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def items(site: Site) -> list[dict[str, Any]]:
    return [
        {
            "title": title, "url": f"https://example.org/{n}", "source": source, "summary": summary,
            "published": f"2026-03-0{n + 1}T08:00:00.000Z", "author": "Mara Quill" if n % 2 else "",
            "tags": [section, "also: Küstenblatt <https://example.org/other>"] if n == 0 else [section],
            "image": site.url(f"/{n}.png") if pictured else "",
        }
        for n, (title, source, section, summary, pictured) in enumerate(STORIES)
    ]  # fmt: skip


async def letters(home: Path) -> dict[str, str]:
    """The HTML of each design."""
    routes = {f"/{n}.png": Page(200, {"content-type": "image/png"}, picture(n)) for n in range(6)}
    with Site(routes) as site:
        settings = Settings.model_validate({"home": home, "allow_origins": (site.origin,)})
        prepare(settings)
        skill = Library.open(settings).get("compile_newsletter")
        async with open_client(settings) as http:
            context = outside_context(
                settings, http=http, models=OneModel(ScriptedModel()), folder=home / "files"
            )
            told = {"items": items(site), "title": "Harbour stories", "intro": INTRO}
            made = {
                design: await call(skill, told | {"design": design}, context) for design in DESIGNS
            }
            return {design: given["newsletter"]["html"] for design, given in made.items()}


def shoot(browser: Browser, html: str, path: Path, width: int, scheme: Any) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.set_content(html)
    page.screenshot(path=path, full_page=True)
    page.close()


def main() -> None:
    folder = PROJECT / "build" / "letters"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        made = asyncio.run(letters(Path(home)))
    with chromium() as browser:
        for design, html in made.items():
            for width in WIDTHS:
                for scheme in SCHEMES:
                    path = folder / f"{design}-{width}-{scheme}.png"
                    shoot(browser, html, path, width, scheme)


if __name__ == "__main__":
    main()
