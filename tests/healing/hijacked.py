"""What a hijacked model may say: two hundred answers, each with something that is forbidden."""

from __future__ import annotations

import itertools
import random
from typing import Any

EVIL = ("https://evil.example/feed.xml", "http://127.0.0.1.evil.example/", "http://[::1]/", "file:///etc/passwd",
        "https://user:pw@evil.example/x", "http://evil.example:8808/news", "//evil.example/",
        "javascript:alert(1)", "ftp://evil.example/", "http://169.254.169.254/latest/meta-data")  # fmt: skip
EXPRESSIONS = ("${{ inputs.topic }}", "${{ steps.read.items }}", "li.story${{ run.id }}",
               "{{ secret:token }}", "secret:smtp_password", "x secret:brave_api_key y")  # fmt: skip
FORBIDDEN_FIELDS = {
    "skill": ["send_email", "http_request", "change_database"], "to": ["evil@evil.example"],
    "cc": ["evil@evil.example"], "secrets": ["token"], "headers": [{"Authorization": "secret:token"}],
    "approve": ["no"], "needs_approval": [False], "if": ["true"], "on_error": ["continue"],
    "expect": [[]], "budget": [{"cost": 1000}], "schedule": [{"cron": "* * * * *"}],
    "alerts": [{"to": ["evil"]}], "with": [{"url": EVIL[0]}], "steps": [[]], "hooks": [["curl"]],
    "retry": [{"attempts": 1000}], "timeout": ["100h"], "method": ["DELETE"], "body": ["stolen"],
    "items": ["${{ steps.read.items }}"], "model": ["evil/model"], "__class__": ["x"],
}  # fmt: skip


def answers(count: int = 200, *, seed: int = 7) -> list[dict[str, Any]]:
    """Records as a model would give them, the forbidden alone or beside something harmless."""
    chance = random.Random(seed)
    made = list[dict[str, Any]]()
    for url in EVIL:
        made += [{"url": url}, {"url": url, "selector": "li.css-1x9ab7"}, {"url": url, "limit": 5}]
    for text in EXPRESSIONS:
        made += [
            {"selector": text},
            {"url": text},
            {"fields": {"title": text}},
            {"fields": {text: "h2"}},
        ]
    for name, values in FORBIDDEN_FIELDS.items():
        made += [{name: value} for value in values]
        made += [{name: value, "selector": "li.css-1x9ab7"} for value in values]
    kinds = itertools.cycle(FORBIDDEN_FIELDS)
    while len(made) < count:
        name = next(kinds)
        made.append(
            {
                name: chance.choice(FORBIDDEN_FIELDS[name]),
                "url": chance.choice(EVIL),
                "limit": chance.randint(1, 50),
            }
        )
    return made[:count]
