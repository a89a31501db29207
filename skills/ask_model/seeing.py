"""Images for a model, as data: URLs."""

from __future__ import annotations

import base64

from assistant.errors import BadArguments
from assistant.net.client import good
from assistant.skills.context import SkillContext

MOST = 8
HEAVIEST = 5_000_000
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"RIFF", "webp"),
)


async def as_data_urls(context: SkillContext, images: list[str]) -> tuple[str, ...]:
    """The images in the form a message carries. Raises BadArguments for what is none."""
    if len(images) > MOST:
        raise BadArguments(f"images: at most {MOST} can be shown at once.", hint="Choose fewer.")
    return tuple([await _data_url(context, image) for image in images])


async def _data_url(context: SkillContext, image: str) -> str:
    if image.startswith("data:"):
        head, _, body = image.partition(",")
        try:
            raw = base64.b64decode(body, validate=True) if head.endswith(";base64") else b""
        except ValueError:
            raw = b""
    elif "://" in image:
        raw = good(await context.http.get(image, headers={"Accept": "image/*"})).content
    else:
        raw = context.artifacts.read(image)
    kind = next((name for start, name in _KINDS if raw.startswith(start)), "")
    if not kind or (kind == "webp" and raw[8:12] != b"WEBP"):
        raise BadArguments(
            f"images: {image[:80]!r} is no PNG, JPEG, GIF or WebP.", hint="Give an image."
        )
    if len(raw) > HEAVIEST:
        raise BadArguments(
            f"images: {image[:80]!r} is larger than {HEAVIEST // 1_000_000} MB.",
            hint="Make it smaller.",
        )
    return f"data:image/{kind};base64,{base64.b64encode(raw).decode()}"
