"""Who gets a letter besides: in copy, or where nobody sees it."""

from __future__ import annotations

import re

from assistant.grounding.languages import fold

_HIDDEN = re.compile(
    r"(?:\bbcc(?: to| for| an)?|blind (?:carbon )?copy(?: to| for)?(?: (?:me|him|her|them|us))?(?: at)?|blindkopie(?: an)?|\bcci|\bcco|\bccn)[: ]+$",
    re.I,
)
_ASIDE = re.compile(
    r"(?:\bcc(?:,? (?!<)\w+){0,4},?|in copy|copy(?: to| for)?(?: (?:me|him|her|them|us))?(?: at)?|kopie(?: an)?|en copie|con copia)[: ]+$"
    r"|(?<!\w)(?:put|have|keep|take|get|copy|leave) (?:her|him|them|[A-Z][\w'’-]+) (?:in|on|as|into)? ?(?:an? |the )?(?:copy|cc|in)(?: (?:too|as well|please))?[,: ]+$"
    # "with Ravi copied in at <mail>", "let Pat have one in cc, <mail>"
    r"|(?<!\w)(?:cc'?e?d|cop(?:ied|ying)|in (?:cc|copy))(?: (?:in|too|also|on|this|it|goes|as|well|please))*[,:(]*(?: (?!to\b|mail\b|send\b|post\b)[\w'’-]+){0,3}[,:(]?(?: (?:at|on|via|is|who is|that's))?[ (]+$",
    re.I,
)
_HIDDEN_TOO = re.compile(
    r"\)?,?(?: (?:he|she|they|nobody|no one|anyone|the (?:first|other)s?(?: one)?|<mail\d>|too|as well|also|but|and|so|gets? (?:it|one)))* (?:mustn't|must not|shouldn't|should not|needn't|need not|can't|won't|isn't to|may not|is not to|never|should never|must never|cannot|has no need to|have no need to)(?: be able to)? (?:see|know|notice|find out|learn)(?!\w)"
    r"|\)?,?(?: (?:should|but|only|must|too|also|as well|and|strictly|purely|please|goes|in|get|have|receive|see|it|this|one|that|gets it|gets one|is|to be|be|kept))*"
    r" (?:(?:shouldn't|should not|mustn't|must not|isn't to|is not to|not to)(?: be)? (?:visible|seen|shown|appear)|invisib\w+|hidden|unseen|secretly|"
    r"behind the scenes|on the quiet|blind(?:ly)?(?! ?(?:copy|carbon|copies))|(?:as |on |by |gets? |has |receives? )?(?:a |an )?blind (?:carbon )?(?:copy|copies)(?=$|[.,;)]| (?:because|since|so|as|please|only|too)\b)|(?:gets? |as )?(?:a |an )?bcc(?=$|[.,;)]| (?:because|since|so|as|please|only|too)\b)|in (?:the )?bcc(?=$|[.,;)])|without (?:the )?(?:others?|anyone|anybody|them)(?: else)? (?:seeing|knowing|noticing)|"
    r"unsichtbar|versteckt|im verborgenen|en cache|de maniere invisible|oculto|nascosto|onzichtbaar)(?!\w)"
)
_ASIDE_TOO = re.compile(
    r"\)?,? (?:(?:is |be |being |to be |should be )?(?:openly )?copied(?: in)?|(?:wants?|gets?|receives?|has|needs?|is to have|should (?:get|have)) (?:a|one) copy)(?!\w)|"
    r"\)?,? (?:is |goes |gets |comes |should be |to be )?(?:in|on|as|into|en|in) (?:an? |the )?(?:cc|copy|copia|kopie|copie)\b|\)?,? (?:cc'?e?d|in kopie|en copie|gets? a copy|(?:only )?(?:as|for) information)\b|\)? (?:\((?:cc|copy)\))"
)


def hidden_copy(text: str, mark: str) -> bool:
    """Whether the words around an address's mark say that nobody is to see that it gets a letter."""
    at = text.index(mark)
    return bool(_HIDDEN.search(text[:at]) or _HIDDEN_TOO.match(fold(text[at + len(mark) :])))


def open_copy(text: str, mark: str) -> bool:
    """Whether the words around an address's mark say that it gets a copy."""
    at = text.index(mark)
    return bool(_ASIDE.search(text[:at]) or _ASIDE_TOO.match(fold(text[at + len(mark) :])))
