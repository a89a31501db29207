"""Search services: each turns a query into items, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

from assistant.clock import rfc3339
from assistant.errors import CannotDo
from assistant.net.client import good
from assistant.settings import Search
from assistant.skills.markup import fold, plain, web_link
from assistant.skills.records import Item

BRAVE = "https://api.search.brave.com/res/v1/web/search"
KEY = "brave_api_key"


@dataclass(frozen=True)
class Page:
    """One page of results; `more` says whether another one exists."""

    items: list[Item]
    more: bool


class Provider(Protocol):
    """A search service. `number` counts pages from 0."""

    most_pages: int

    async def page(
        self, query: str, number: int, *, since: datetime | None, now: datetime
    ) -> Page: ...


def provider(search: Search, http: httpx.AsyncClient, secrets: Mapping[str, str]) -> Provider:
    """The service that the settings name. Raises CannotDo with the cure when it cannot be used."""
    if search.provider == "searxng":
        if not search.url:
            raise CannotDo(
                "The setting search.provider is searxng, and search.url names no address.",
                hint="Set search.url to the address of the SearXNG, such as https://search.example.org",
            )
        return SearXNG(http, search.url)
    key = secrets.get(KEY)
    if not key:
        raise CannotDo(
            "Searching the web needs a key of the Brave Search API, and there is none.",
            hint=f"Get one at https://brave.com/search/api and set it: assistant secrets set {KEY}. "
            "Or name a SearXNG in the setting 'search'.",
        )
    return Brave(http, key, search.url or BRAVE)


class Brave:
    """The Brave Search API: pages of 20, at most ten of them."""

    most_pages = 10
    size = 20

    def __init__(self, http: httpx.AsyncClient, key: str, url: str) -> None:
        self._http, self._key, self._url = http, key, url

    async def page(self, query: str, number: int, *, since: datetime | None, now: datetime) -> Page:
        asked = {
            "q": query,
            "count": str(self.size),
            "offset": str(number),
            "text_decorations": "0",
        }
        if since is not None:
            asked["freshness"] = f"{since:%Y-%m-%d}to{now:%Y-%m-%d}"
        response = await self._http.get(
            self._url,
            params=asked,
            headers={"Accept": "application/json", "X-Subscription-Token": self._key},
        )
        # Brave answers 422 for a key that it does not know.
        if response.status_code in (401, 403, 422):
            raise CannotDo(
                f"The Brave Search API does not accept the request ({response.status_code}).",
                hint=f"Check the key: assistant secrets set {KEY}",
            )
        answer = _json(good(response))
        found = _list(_part(answer, "web"), "results")
        more = _part(answer, "query").get("more_results_available")
        return Page([_brave_item(one) for one in found], bool(more))


class SearXNG:
    """A SearXNG instance with its JSON format switched on."""

    most_pages = 10

    def __init__(self, http: httpx.AsyncClient, url: str) -> None:
        self._http = http
        self._url = url.rstrip("/") + "/search"

    async def page(self, query: str, number: int, *, since: datetime | None, now: datetime) -> Page:
        asked = {"q": query, "format": "json", "pageno": str(number + 1)}
        if since is not None:
            days = (now - since).days
            asked["time_range"] = "day" if days < 2 else "month" if days < 32 else "year"
        response = await self._http.get(
            self._url, params=asked, headers={"Accept": "application/json"}
        )
        if response.status_code == 403:
            raise CannotDo(
                f"{self._url} does not answer in JSON.",
                hint="Add json to search.formats in the settings.yml of the SearXNG.",
            )
        found = _list(_json(good(response)), "results")
        return Page([_searxng_item(one) for one in found], bool(found))


def _brave_item(one: Mapping[str, Any]) -> Item:
    url = web_link(_text(one, "url"))
    return Item(
        title=_text(one, "title"),
        url=url,
        source=_text(_part(one, "profile"), "name") or (urlsplit(url).hostname or ""),
        published=_moment(_text(one, "page_age")),
        summary=_text(one, "description"),
        image=web_link(_text(_part(one, "thumbnail"), "src")),
    )


def _searxng_item(one: Mapping[str, Any]) -> Item:
    url = web_link(_text(one, "url"))
    return Item(
        title=_text(one, "title"),
        url=url,
        source=urlsplit(url).hostname or "",
        published=_moment(_text(one, "publishedDate")),
        summary=_text(one, "content"),
        image=web_link(_text(one, "thumbnail") or _text(one, "img_src")),
    )


def _json(response: httpx.Response) -> Mapping[str, Any]:
    try:
        answer = response.json()
    except ValueError as wrong:
        raise CannotDo(
            f"{response.url.copy_with(query=None)} did not answer in JSON.",
            hint="Check the address of the search service.",
        ) from wrong
    return answer if isinstance(answer, Mapping) else {}


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = data.get(name)
    return part if isinstance(part, Mapping) else {}


def _list(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    part = data.get(name)
    return [one for one in part if isinstance(one, Mapping)] if isinstance(part, list) else []


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return fold(plain(value)) if isinstance(value, str) else ""


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return rfc3339(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
