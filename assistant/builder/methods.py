"""How an interface is called: the method that the words of a request name or mean."""

from __future__ import annotations

import re

from assistant.grounding.languages import fold

_METHOD = re.compile(
    r"\b(get|post|put|delete|patch|head)(?: requests?| <quote\d>)?(?: to| on| at| against)? <(?:api|page)\d>(?! (?:to|in|on|into) (?:the |our )?<chan)"
)
# Something goes to an interface: "post the count to <api>", "send what was found on to <api>".
_SENT = re.compile(
    r"(?:^|[.;,:] |\b(?:and|then|please|pls|should|must|to|i want to|you) )(?:post|send|push|submit|deliver|forward|hand|schick\w*|sende|envoie|envia|manda|invia|stuur)(?!ed|ing)(?: (?!<(?:mail|chan))[^\s.;]+){1,9}? (?:(?:on |over |off )?(?:to|at|into|on)|an|a|naar|nach) (?:the |our |my )?(?:\w+ )?(?:at )?<(?:api|page)\d>"
)
_LOUD = re.compile(r"\b(POST|PUT|DELETE|PATCH|HEAD)(?:s|ed|ing)?\b")


def sends(text: str) -> bool:
    """Whether a marked request sends something to an interface, and does not only read it."""
    folded = fold(text)
    return bool(_LOUD.search(text) or _METHOD.search(folded) or _SENT.search(folded))


def method_of(text: str) -> str:
    """GET, POST …: the method that a marked request names, else the one that its words mean."""
    folded = fold(text)
    loud, plain = _LOUD.search(text), _METHOD.search(folded)
    named = loud[1] if loud else plain[1].upper() if plain else ""
    return named or ("POST" if _SENT.search(folded) else "GET")


_SENT_THERE = re.compile(r"\b(?:POST|PUT)(?:s|ed)?\b|\bpost(?:s|ed)? (?:[\w']+ ){1,4}to <api")
_TOLD = re.compile(
    r"<chan|(?<!\w)(?:tell|notif\w*|ping|alert|warn|let \w+ know|remind|message)(?!\w)"
)


def tells_nobody(text: str) -> bool:
    """Whether what is posted goes to an interface and to no people."""
    return bool(_SENT_THERE.search(text)) and not _TOLD.search(fold(text))
