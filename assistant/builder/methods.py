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
# "POST its verdict to <api2>", "a POST of it to <page1>"
_CALLED = re.compile(
    r"\b(?P<method>GET|POST|PUT|DELETE|PATCH|HEAD)(?:s|ed|ing)?\b(?:[^.;<\n]|\.(?=\w)|<(?:quote|num|file|when|time)\d>){0,80}?(?P<link><(?:api|page|feed)\d>)"
)
# "<page1> wants a PUT with the number"
_WANTS = re.compile(
    r"(?P<link><(?:api|page)\d>) (?:wants|needs|expects|takes|gets|is given|should get|must get|is sent|awaits|would like) (?:an? )?(?P<method>GET|POST|PUT|DELETE|PATCH)\b"
)
_LINK = re.compile(r"<(?:api|page|feed)\d>")
# "<page1> is moody. Fetch it with GET"
_CALLED_SO = re.compile(
    r"\b(?:with|by|via|using|per|as|mit|avec|con|com|met)(?: (?:an?|the|one|plain|simple|bare|ordinary|normal|single|its own|einem|une?|um|een))* (?P<method>GET|POST|PUT|DELETE|PATCH|HEAD)\b"
)
_LOUD = re.compile(r"\b(POST|PUT|DELETE|PATCH|HEAD)(?:s|ed|ing)?\b")


def sends(text: str) -> bool:
    """Whether a marked request sends something to an interface, and does not only read it."""
    folded = fold(text)
    return bool(_LOUD.search(text) or _METHOD.search(folded) or _SENT.search(folded))


def called(text: str) -> dict[str, str]:
    """The links of a marked request that are called by a method written out, each with its method."""
    led = list(_CALLED.finditer(text))
    found: dict[str, str] = {}
    for said in _CALLED_SO.finditer(text):
        onward = any(m.start("method") == said.start("method") for m in led)
        if not onward and (before := _LINK.findall(text[: said.start()])):
            found[before[-1]] = said["method"]
    found |= {m["link"]: m["method"] for m in _WANTS.finditer(text)}
    return found | {m["link"]: m["method"] for m in led}


def method_of(text: str, link: str = "") -> str:
    """GET, POST …: the method that a marked request names for a link, else the one that its words
    mean."""
    methods = called(text)
    if link in methods:
        return methods[link]
    if len(methods) > 1 and link:
        return "GET"
    folded = fold(text)
    loud, plain = _LOUD.search(text), _METHOD.search(folded)
    named = loud[1] if loud else plain[1].upper() if plain else ""
    return named or ("POST" if _SENT.search(folded) else "GET")


_BODY = re.compile(
    r"(?<!\w)(?:with )?(?:the |a )?(?:body|payload)(?: (?:is|of|being|reads?|should be|just))*:? (?P<what>(?!(?:is|of|to|and|with|the|a|it|that)\b)[\w-]+(?: [\w-]+)?)(?=[,.;]|$| and\b)"
)


# "with power=off in the body", "payload power=off", "POST state=on"
_PAIRS = r"[\w.-]+=(?:[^\s,;&<]|<num\d>)+(?:[&,] ?[\w.-]+=(?:[^\s,;&<]|<num\d>)+)*"
_BODY_PAIRS = re.compile(
    rf"(?<!\w)(?P<what>{_PAIRS})(?= (?:in|as|for) (?:the |its |a )?(?:body|payload|form|data))|(?:\b(?:POST|PUT|PATCH)|(?<!\w)(?:body|payload|form|data|koerper|corps|cuerpo|corpo))(?: (?:is|of|being|should be|with))*:? (?P<pairs>{_PAIRS})"
)


def body_said(text: str) -> str:
    """A word or two that are named as what is sent: "body standby", "power=off in the body"."""
    if pairs := _BODY_PAIRS.search(text):
        return pairs["what"] or pairs["pairs"]
    said = _BODY.search(text)
    return said["what"] if said else ""


_SENT_THERE = re.compile(r"\b(?:POST|PUT)(?:s|ed)?\b|\bpost(?:s|ed)? (?:[\w']+ ){1,4}to <api")
_TOLD = re.compile(
    r"<chan|(?<!\w)(?:tell|notif\w*|ping|alert|warn|let \w+ know|remind|message)(?!\w)"
)


def tells_nobody(text: str) -> bool:
    """Whether what is posted goes to an interface and to no people."""
    return bool(_SENT_THERE.search(text)) and not _TOLD.search(fold(text))
