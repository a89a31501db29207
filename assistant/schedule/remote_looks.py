"""Looks at feeds, pages and databases, through the skills that read them in jobs."""

from __future__ import annotations

from typing import Any

from assistant.schedule.looks import Found, Surroundings, digest

MOST_ITEMS, MOST_SEEN = 50, 5000
MOST_ROWS, ROWS_TOLD = 10_000, 100
LONGEST_TEXT = 20_000
LINES_TOLD = 100


async def look_at_feed(
    around: Surroundings, options: dict[str, Any], state: dict[str, Any]
) -> Found:
    """New items of a feed. An item that was seen once is never new again."""
    read = await around.call("fetch_feed", {"url": options["url"], "limit": 1000})
    items = {digest([i["url"] or i["title"], "" if i["url"] else i["published"]]): i for i in read["items"]}  # fmt: skip
    seen: list[str] = state.get("seen", [])
    fresh = {key: item for key, item in items.items() if key not in set(seen)}
    note = f"{len(items)} items"
    # What has left the feed may come back: it stays known, within bounds.
    kept = {"seen": list(dict.fromkeys([*items, *seen]))[: max(MOST_SEEN, len(items))]}
    if not state or not fresh:
        return Found(kept, note=note)
    told = [_item(item) for item in list(fresh.values())[:MOST_ITEMS]]
    return Found(kept, [{"url": options["url"], "new_count": len(fresh), "items": told}], note)


def _item(item: dict[str, Any]) -> dict[str, Any]:
    kept = {name: item[name] for name in ("title", "url", "published", "source", "author")}
    return kept | {"summary": item["summary"][:500]}


async def look_at_page(
    around: Surroundings, options: dict[str, Any], state: dict[str, Any]
) -> Found:
    """The text of a page, or of what a selector picks from it: one line a block, single spaces."""
    asked = {
        "url": options["url"], "selector": options.get("selector") or "body", "fields": {"text": ""},
    }  # fmt: skip
    read = await around.call("scrape_page", asked)
    text = "\n".join(str(record["text"]) for record in read["records"])
    kept = {"digest": digest(text), "text": text[:LONGEST_TEXT]}
    note = f"{len(text)} characters"
    if not state or state["digest"] == kept["digest"]:
        return Found(kept, note=note)
    before, after = state["text"].splitlines(), kept["text"].splitlines()
    told = {
        "url": options["url"],
        "text": kept["text"],
        "added": [line for line in after if line not in set(before)][:LINES_TOLD],
        "removed": [line for line in before if line not in set(after)][:LINES_TOLD],
    }
    return Found(kept, [told], note)


async def look_at_rows(
    around: Surroundings, options: dict[str, Any], state: dict[str, Any]
) -> Found:
    """The rows that a query gives, in whatever order."""
    asked = {"sql": options["sql"], "database": options.get("database", ""), "limit": MOST_ROWS}
    read = await around.call("query_database", asked)
    rows = {f"{digest(row)}-{place}": row for place, row in _numbered(read["rows"])}
    kept = {"rows": sorted(rows)}
    note = f"{read['count']} rows"
    if not state or state["rows"] == kept["rows"]:
        return Found(kept, note=note)
    known = set(state["rows"])
    added = [row for key, row in rows.items() if key not in known]
    told = {
        "rows": read["count"],
        "added_count": len(added),
        "removed_count": len(known - rows.keys()),
        "added": added[:ROWS_TOLD],
    }
    return Found(kept, [told], note)


def _numbered(rows: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """Each row with how many equal ones stand before it: two equal rows are two."""
    count, found = dict[str, int](), list[tuple[int, dict[str, Any]]]()
    for row in rows:
        key = digest(row)
        found.append((count.get(key, 0), row))
        count[key] = count.get(key, 0) + 1
    return found
