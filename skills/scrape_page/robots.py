"""What a site's robots.txt says to us, remembered for a day."""

from __future__ import annotations

from datetime import timedelta

from assistant.clock import parse_rfc3339, rfc3339
from assistant.errors import PolicyDenied, TryAgain
from assistant.net.client import USER_AGENT, good
from assistant.net.guard import origin_of
from assistant.skills.context import SkillContext

NAME = "robots"
KEPT = timedelta(hours=24)
LONGEST = 500_000  # what the standard asks readers to take at least


async def ask_robots(context: SkillContext, url: str) -> None:
    """Raises PolicyDenied when the site asks readers like us to leave that page alone.

    A site without a robots.txt allows everything; one whose robots.txt cannot be read now is
    tried again later, as the standard says.
    """
    from protego import Protego

    rules = await _rules(context, url)
    if rules and not Protego.parse(rules).can_fetch(url, USER_AGENT.split("/")[0]):
        raise PolicyDenied(
            f"{url} is not read: the site's robots.txt asks programs to leave it alone.",
            hint="Use the site's feed, or set 'robots' to false if you may read it.",
        )


async def _rules(context: SkillContext, url: str) -> str:
    origin, now = str(origin_of(url)), context.clock.now()
    kept = context.memory.get(NAME, origin)
    if isinstance(kept, dict) and now - parse_rfc3339(kept["at"]) < KEPT:
        return kept["rules"]
    response = await context.http.get(f"{origin}/robots.txt")
    if response.status_code >= 500 or response.status_code == 429:
        try:
            good(response)
        except TryAgain as busy:
            raise TryAgain(
                f"{origin}/robots.txt cannot be read now, so {url} is left alone.",
                retry_after=busy.retry_after,
                hint="It is tried again later; the setting 'robots' switches this off.",
            ) from busy
    rules = response.text[:LONGEST] if response.is_success else ""
    context.memory.put(NAME, origin, {"rules": rules, "at": rfc3339(now)})
    return rules
