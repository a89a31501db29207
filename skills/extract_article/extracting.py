"""The article in a page, found by trafilatura in a process of its own.

Run as a program it answers requests `{"url", "charset"}` with the bytes of a page. A page that
takes too long or too much memory ends this process, never the one that asked.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from assistant.skills.pages import parse_page
from assistant.skills.worker_process import serve

SHORT = 250
TEASER = 1_500
_PAYWALL_WORDS = re.compile(
    r"subscribe (now )?to (continue|read|keep reading|unlock)|subscribers? only|"
    r"already a subscriber|to continue reading|become a (subscriber|member) to|"
    r"this (article|content|story) is (only )?(for|available to) (paying )?(subscribers|members)|"
    r"jetzt abonnieren und weiterlesen|weiterlesen mit|nur für abonnenten|"
    r"réservé aux abonnés|abonnez-vous pour|contenido exclusivo para suscriptores",
    re.IGNORECASE,
)
_CONSENT_WORDS = re.compile(
    r"before you continue|we (value|care about) your privacy|accept (all )?(the )?cookies|"
    r"we and our (\d+ )?partners|consent to the use|manage (your )?(privacy|cookie)|"
    r"bevor (sie|du) fortf|zustimmen und weiter|avant de continuer|antes de continuar|"
    r"prima di continuare|voordat je verdergaat",
    re.IGNORECASE,
)
_CONSENT_PLACE = re.compile(r"^https?://(consent|guce|privacy|cmp)\.|[/.]consent[./?]", re.I)


def extract(body: bytes, url: str, charset: str) -> dict[str, Any]:
    """`{state, title, text, author, published, image, language, source, tags}` of a page."""
    import trafilatura

    page = parse_page(body, charset)
    if page is None:
        return {"state": "empty"}
    facts = _declared_facts(page)
    found: Any = None
    # Precision first: of a page with an article it takes less of what surrounds it.
    for precision, recall in ((True, False), (False, False), (False, True)):
        found = trafilatura.bare_extraction(
            parse_page(body, charset), url=url, include_comments=False, with_metadata=True,
            favor_precision=precision, favor_recall=recall,
        )  # fmt: skip
        if found is not None and len(found.text or "") >= SHORT:
            break
    text = (found.text or "").strip() if found else ""
    answer = {"title": "", "author": "", "image": "", "source": "", "tags": []} | facts
    if found is not None:
        answer |= {
            "title": found.title or answer["title"],
            "author": found.author or "",
            "image": found.image or "",
            "source": found.sitename or found.hostname or "",
            "tags": [*(found.categories or []), *(found.tags or [])],
            "summary": found.description or "",
            "published": _published(facts.get("published", ""), found.date or ""),
        }
    answer["text"] = text = _below_title(text, str(answer["title"]))
    answer["state"] = _state(page, text, url, free=facts["free"])
    return answer


def _below_title(text: str, title: str) -> str:
    """The text without a first line that only repeats the title."""
    first, _, rest = text.partition("\n")
    return rest.lstrip() if rest and _words(first) == _words(title) else text


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _declared_facts(page: Any) -> dict[str, Any]:
    """What the page says of itself beside its text."""
    language = page.get("lang") or _meta(page, "og:locale", "content-language", "language")
    data = _linked_data(page)
    moment = _meta(page, "article:published_time", "datePublished", "date", "pubdate")
    return {
        "language": language.replace("_", "-").split("-")[0].lower()[:3],
        "published": moment or str(_first(data, "datePublished") or ""),
        "free": str(_first(data, "isAccessibleForFree")).lower() != "false"
        and _meta(page, "article:content_tier").lower() not in ("locked", "metered"),
    }


def _meta(page: Any, *names: str) -> str:
    for name in names:
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            for found in page.xpath(f"//meta[@{attribute}=$name]/@content", name=name):
                if found.strip():
                    return found.strip()
    return ""


def _linked_data(page: Any) -> list[Any]:
    blocks = list[Any]()
    for script in page.xpath("//script[@type='application/ld+json']/text()"):
        try:
            blocks.append(json.loads(script))
        except (ValueError, RecursionError):
            continue
    return blocks


def _first(data: Any, key: str) -> Any:
    """The first value of a key anywhere in linked data."""
    waiting = [data]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, dict):
            if one.get(key) not in (None, ""):
                return one[key]
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return None


def _published(declared: str, found: str) -> str:
    """The declared moment when it is the day that was found, else that day."""
    try:
        moment = datetime.fromisoformat(declared)
    except ValueError:
        moment = None
    if moment is not None:
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not found or declared.startswith(found):
            return _rfc3339(moment)
    try:
        return _rfc3339(datetime.fromisoformat(found).replace(tzinfo=UTC))
    except ValueError:
        return ""


def _rfc3339(moment: datetime) -> str:
    told = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return told.replace("+00:00", "Z")


def _state(page: Any, text: str, url: str, *, free: bool) -> str:
    seen = " ".join(page.text_content().split())[:20_000]
    if _CONSENT_PLACE.search(url) or (len(text) < TEASER and _asks_consent(page, seen, text)):
        return "consent"
    if len(text) < TEASER * 2 and (
        not free or (len(text) < TEASER and _PAYWALL_WORDS.search(seen))
    ):
        return "paywall"
    return "ok" if text else "empty"


def _asks_consent(page: Any, seen: str, text: str) -> bool:
    """Whether the page is a consent form, rather than an article under a banner."""
    if not _CONSENT_WORDS.search(seen):
        return False
    return not text or bool(_CONSENT_WORDS.search(text)) or len(seen) < 3 * len(text) < SHORT * 3


def answer(body: bytes, request: Mapping[str, Any]) -> dict[str, Any]:
    """The article, or why there is none: any page may break any parser."""
    try:
        return extract(body, request["url"], request["charset"])
    except Exception as wrong:
        return {"state": "failed", "reason": type(wrong).__name__}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    serve(answer)
