"""Numbers read out of text as the text itself writes them: `£39.50`, `1.299,00 €`, `1 299 kr`.

Which sign parts thousands and which decimals is told by the number, else by the other numbers of the
text; a number that can be read in two ways is none. Dates, times, versions, ranges and numbers inside
words are no numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONEY = (
    r"(?:[€$£¥₹₽₩₺₪฿]|(?<![A-Za-z])(?:EUR|USD|GBP|CHF|JPY|SEK|NOK|DKK|PLN|CZK|HUF|RON|BRL|AUD|CAD|NZD|INR|CNY|ZAR|"
    r"euros?|pounds?|dollars?|francs?|kr|Fr|zł|Kč)(?![A-Za-z]))"
)
_BEFORE = re.compile(rf"{_MONEY}\.?[^\S\n]?\Z", re.IGNORECASE)
_BEHIND = re.compile(
    rf"(?:,[-–—]|\.[-–—])?[^\S\n]?{_MONEY}|,[-–—](?!\w)|\.[-–—](?!\w)", re.IGNORECASE
)
_TOKEN = re.compile(r"\d+(?:[.,'’\u00a0\u202f\u2009 ]\d+)*")
_SPACED = re.compile(
    r"\d{1,3}(?:(?P<gap>[\u00a0\u202f\u2009 ])\d{3})(?:(?P=gap)\d{3})*(?:[.,]\d+)?"
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)(?![A-Za-z])")
_LONGEST = 40
"""Digits; what is longer is no amount of anything."""
PRICE = frozenset(
    [
        "price",
        "prices",
        "cost",
        "costs",
        "fare",
        "fares",
        "preis",
        "preise",
        "kosten",
        "prix",
        "tarif",
        "precio",
        "precios",
        "coste",
        "prezzo",
        "prezzi",
        "costo",
        "preco",
        "precos",
        "custo",
        "prijs",
        "prijzen",
        "kosten",
    ]
)
"""Words of which an amount with a currency's sign may be said without the word itself."""


@dataclass(frozen=True)
class Amount:
    """A number where it stands. `value` is None when it can be read in two ways."""

    value: int | float | None
    start: int
    end: int
    money: bool

    def words(self, text: str) -> str:
        return text[self.start : self.end]


def amounts(text: str) -> list[Amount]:
    """Every number of a text, in order."""
    tokens = list(_tokens(text))
    signs = {sign for token, _, _ in tokens if (sign := _decimal_sign(token))}
    known = signs.pop() if len(signs) == 1 else ""
    found = list[Amount]()
    for token, start, money in tokens:
        value = _value(token, known, money=money)
        if value is not False:
            negative = text[start - 1 : start] in ("-", "−") or _minus_before(text, start)
            told = -value if negative and value is not None else value
            found.append(Amount(told, start - negative, start + len(token), money))
    return found


def said_of(text: str, word: str) -> list[Amount]:
    """The numbers that are said of a word: behind it on its line, else on the next line, else before
    it; of a price also the amounts of money, where the word leads to none."""
    found = amounts(text)
    near = list[Amount]()
    pattern = rf"(?<!\w){re.escape(word.casefold())}s?(?!\w)" if word.strip() else r"(?!)"
    for at in re.finditer(pattern, text.casefold() if len(text.casefold()) == len(text) else text):
        line = (text.rfind("\n", 0, at.start()) + 1, _line_end(text, at.end()))
        behind = [a for a in found if at.end() <= a.start < line[1]]
        below = [a for a in found if line[1] < a.start < _line_end(text, line[1] + 1)]
        before = [a for a in found if line[0] <= a.start < at.start()]
        near += behind[:1] or below[:1] or before[-1:]
    if word.casefold() not in PRICE or not any(a.money for a in found):
        return near
    return [a for a in near if a.money] or [a for a in found if a.money]


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _tokens(text: str) -> Iterator[tuple[str, int, bool]]:
    """(digits with their signs, place, whether it is money); spaces that part no thousands end one."""
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if _inside(text, start, end):
            continue
        token = match[0]
        money = _is_money(text, start, end)
        spaced = any(sign in token for sign in "\u00a0\u202f\u2009 ")
        if not spaced or (_SPACED.fullmatch(token) and (money or re.search(r"[.,]", token))):
            yield token, start, money
            continue
        for part in re.finditer(r"[^\u00a0\u202f\u2009 ]+", token):
            at = start + part.start()
            yield part[0], at, _is_money(text, at, at + len(part[0]))


def _inside(text: str, start: int, end: int) -> bool:
    """Whether digits are part of a word, a date, a time, an address or a range."""
    before, behind = text[max(0, start - 2) : start], text[end : end + 2]
    if re.search(r"[A-Za-z_#]\Z", before) and not _BEFORE.search(text[max(0, start - 8) : start]):
        return True
    if re.search(r"\w[-–—/:.]\Z", before) or re.match(r"[-–—/:]\d|[:_/]", behind):
        return True
    return _ORDINAL.match(text, end) is not None


def _is_money(text: str, start: int, end: int) -> bool:
    return bool(_BEFORE.search(text[max(0, start - 8) : start]) or _BEHIND.match(text, end))


def _minus_before(text: str, start: int) -> bool:
    """A minus before the currency's sign: "-£3"."""
    sign = _BEFORE.search(text[max(0, start - 8) : start])
    return (
        sign is not None
        and re.search(r"(?:^|[\s(])[-−]\Z", text[: start - len(sign[0])][-2:]) is not None
    )


def _decimal_sign(token: str) -> str:
    """The sign that surely parts decimals in a number; empty when none does."""
    last = re.search(r"[.,](?=\d+$)", token)
    if last is None or token.count(last[0]) > 1:
        return ""
    others = re.search(r"[.,'’\u00a0\u202f\u2009 ]", token[: last.start()])
    return last[0] if others or len(token) - last.end() != 3 or token.startswith("0") else ""


def _grouped(whole: str) -> bool:
    """Whether digits are parted into thousands by one sign."""
    signs = set(re.findall(r"\D", whole))
    parts = re.split(r"\D", whole)
    return len(signs) <= 1 and 0 < len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])


def _value(token: str, known: str, *, money: bool) -> int | float | bool | None:
    """What a number means; None when it can be read in two ways, False when it is none."""
    if sum(sign.isdigit() for sign in token) > _LONGEST:
        return False
    sign = _decimal_sign(token)
    if sign:
        whole, _, rest = token.rpartition(sign)
        plain = re.sub(r"\D", "", whole)
        return float(f"{plain}.{rest}") if whole.isdigit() or _grouped(whole) else False
    if token.isdigit():
        return int(token)
    if not _grouped(token):
        return False
    one = re.findall(r"\D", token)
    if len(one) == 1 and one[0] in ".," and not money:
        if not known:
            return None
        if known == one[0]:
            return float(token.replace(known, "."))
    return int(re.sub(r"\D", "", token))
