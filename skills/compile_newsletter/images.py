"""Images of a letter: those of trusted hosts stay where they are, others are put into the letter.

An image is decoded and written anew: what arrives is a plain small JPEG without place, camera
or anything else that the file carried, and no picture tells its host who opened the letter.
"""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Sequence
from urllib.parse import urlsplit

from PIL import Image, ImageOps, UnidentifiedImageError

from assistant.errors import AssistantError, CannotDo
from assistant.net.client import good
from assistant.skills.context import SkillContext
from assistant.skills.markup import web_link
from assistant.skills.records import Item

from .letter import Picture

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
MOST_PIXELS = 30_000_000
SMALLEST = 64
"""Smaller ones are icons or counters."""
LEAD_WIDTH, CARD_WIDTH, THUMB_WIDTH = 1072, 720, 256
MOST_PICTURES = 12
AT_ONCE = 6
QUALITY = 78
TALLEST = 0.75


async def pictures_for(
    context: SkillContext, items: Sequence[Item], design: str
) -> dict[int, Picture]:
    """The pictures that the design shows, by the item's place; one that fails is a warning."""
    if design == "brief":
        return {}
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(n: int, item: Item) -> Picture | None:
        wide = LEAD_WIDTH if n == 0 else CARD_WIDTH if design == "gallery" else THUMB_WIDTH
        async with gate:
            try:
                return await _picture(context, item.image, wide, square=wide == THUMB_WIDTH)
            except AssistantError as trouble:
                context.warn(f"The picture of {item.title!r} was left out: {trouble.message}")
                return None

    wanted = [(n, item) for n, item in enumerate(items) if item.image][:MOST_PICTURES]
    found = await asyncio.gather(*(one(n, item) for n, item in wanted))
    return {n: picture for (n, _), picture in zip(wanted, found, strict=True) if picture}


async def _picture(
    context: SkillContext, image: str, width: int, *, square: bool
) -> Picture | None:
    if image.startswith("data:"):
        raw = _from_data_url(image)
    else:
        url = web_link(image)
        if not url:
            raise CannotDo("its address is no web address.")
        if urlsplit(url).hostname in context.settings.letters.image_hosts:
            return Picture(url)
        raw = good(await context.http.get(url, headers={"Accept": "image/*"})).content
    return await asyncio.to_thread(_rewritten, raw, width, square=square)


def _from_data_url(image: str) -> bytes:
    head, _, body = image.partition(",")
    if not head.startswith("data:image/") or not head.endswith(";base64"):
        raise CannotDo("its data: address holds no image.")
    try:
        return base64.b64decode(body, validate=True)
    except ValueError as wrong:
        raise CannotDo("its data: address is broken.") from wrong


def _rewritten(raw: bytes, width: int, *, square: bool) -> Picture | None:
    """A small JPEG of what the bytes show; None for a picture too small to be one."""
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise CannotDo(f"it has {opened.width} × {opened.height} pixels.")
            if min(opened.size) < SMALLEST:
                return None
            opened.draft("RGB", (width, width))
            shown = ImageOps.exif_transpose(opened).convert("RGBA")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as wrong:
        raise CannotDo("it is no JPEG, PNG, GIF or WebP image.") from wrong
    flat = Image.alpha_composite(Image.new("RGBA", shown.size, "white"), shown).convert("RGB")
    fitted = _fitted(flat, width, square=square)
    out = io.BytesIO()
    fitted.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    encoded = base64.b64encode(out.getvalue()).decode()
    return Picture(f"data:image/jpeg;base64,{encoded}", fitted.width, fitted.height, embedded=True)


def _fitted(image: Image.Image, width: int, *, square: bool) -> Image.Image:
    if square:
        return ImageOps.fit(image, (width, width))
    if image.height > image.width * TALLEST:
        image = ImageOps.fit(
            image, (image.width, int(image.width * TALLEST)), centering=(0.5, 0.35)
        )
    if image.width <= width:
        return image
    return image.resize(
        (width, round(image.height * width / image.width)), Image.Resampling.LANCZOS
    )
