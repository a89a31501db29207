"""The letters as a browser shows them: nothing wider than the window, every text easy to read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.panel.running_panel import chromium
from tools.letters import DESIGNS, SCHEMES, WIDTHS, letters

READABLE = 4.5
"""The contrast that WCAG asks of text."""
FAINT_TEXTS = """() => {
  const light = rgb => {
    const [r, g, b] = rgb.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const e of document.body.querySelectorAll("*")) {
    const own = [...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join("");
    const style = getComputedStyle(e);
    if (!/[\\p{L}\\p{N}]/u.test(own) || !e.offsetHeight || parseFloat(style.fontSize) < 2) continue;
    const [a, b] = [light(numbers(style.color).slice(0, 3)), light(behind(e))].sort((x, y) => y - x);
    const contrast = (a + .05) / (b + .05);
    if (contrast < LIMIT) faint.push(`${own.slice(0, 40)} ${contrast.toFixed(1)}`);
  }
  return faint;
}""".replace("LIMIT", str(READABLE))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return asyncio.run(letters(Path(tmp_path_factory.mktemp("home"))))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("design", DESIGNS)
def test_a_letter_fits_the_window_and_can_be_read(
    made: dict[str, str], browser: Browser, design: str, width: int, scheme: Any
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.set_content(made[design])
    told = page.evaluate("[document.documentElement.scrollWidth, document.images.length]")
    broken = page.evaluate("[...document.images].filter(i => !i.naturalWidth).length")
    faint = page.evaluate(FAINT_TEXTS)
    page.close()
    assert (told[0] <= width, broken, faint) == (True, 0, [])
    assert told[1] == {"letter": 3, "brief": 0, "gallery": 3}[design]
