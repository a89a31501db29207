"""Who gets the focused job's letter: whose address comes in addition, instead, as a copy, or out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.builder import hints
from assistant.builder.copies import hidden_copy
from assistant.builder.edits import Read
from assistant.builder.placing import Places
from assistant.builder.tasks import marks_of
from assistant.builder.terms import Question
from assistant.builder.ways import only_this
from assistant.grounding.cues import says
from assistant.grounding.languages import fold
from assistant.grounding.marks import Marked

_COPIES = ("cc", "bcc")
_SWAPPED = re.compile(
    r"(?<!\w)(?:(?:swap|switch|exchange|trade|reverse|flip)(?: (?:the|these|those|both|two|of|them|places|round|around|over|roles|names|persons|people|addresses|recipients))+"
    r"|(?:the )?other way (?:round|around|about)|(?:change|swap|trade|switch) places|vice versa|umgekehrt|tausch\w* (?:die|sie)|inverse\w*(?:-les)?|al reves|scambia\w*|andersom|omgekeerd)(?!\w)"
)
# "Take the temp out of the blind copy"
_OUT_OF_COPY = re.compile(
    r"(?<!\w)(?:take|remove|drop|get|leave|strike|delete)(?: (?!<)[\w'’-]+){1,5} (?:out of|off|from) (?:the |that )?(?:(?P<blind>blind cop(?:y|ies)|bcc)|cop(?:y|ies)|cc)(?!\w)"
)
_ELSE = re.compile(r"(?<!\w)(?:some(?:one|body)|anyone|anybody|a person) (?:else|different)(?!\w)")
_COPIED = (
    r"(?<!\w){0}(?:,? (?:is|be|only|merely|just|should|to|will|can|gets?|then|as|now|put|goes|go|stays?|in|on|the|a|one))*,? (?:copied|copy|cc)(?!\w)"
    r"|(?:a copy|copies|copy|cc)(?: it| only| just)?(?: (?:to|for))? {0}(?!\w)"
)
_MAIN = (
    r"(?:addressed to|goes to|go to|sent to|(?<!copy )(?<!cc )to) {0}(?!\w)"
    r"|(?<!\w){0}(?: (?:is|should|shall|must|has to|is to|to|be|becomes?|become|shouldn't|in copy|but|as|now|a|the|one))*(?: (?:one|person) (?:it|the (?:mail|letter))(?: is|'s| goes| should be)?(?: addressed)? to"
    r"| (?:the |a )?(?:main |proper |real |direct |first |full )?(?:recipient|addressee))(?!\w)"
)
_GONE = (
    r"(?<!\w){0}(?: (?:really|actually|now|herself|himself))? (?:need not|needn't|doesn't (?:need|want)|does not (?:need|want)|no longer|won't need|isn't to|shouldn't|should not|must not|mustn't)"
    r"(?: to)?(?: (?:be|get|have|receive|see|needs?|wants?|gets?))*(?: (?:an?|the|any|it|in|this|that|of))*(?: ?(?:copy|copied|cc|mails?|letters?|it))(?: any ?more| any longer)?(?=[.,;!?]|$| (?:any|and|please|so|since|because)\b)"
    r"|(?:(?<!\w)not|instead of|rather than|without|statt|pas|no) {0}(?= any|[.,;!?]|$| and\b)"
)


def read_recipients(
    read: Read,
    question: Question,
    marked: Marked,
    at: Places,
    marks: Sequence[str],
    *,
    known: frozenset[str],
    removed: bool,
) -> None:
    """Adds the edits of a letter's addresses to `read`. `marks`: those of the request that still
    stand; `removed`: the letter itself goes."""
    text = question.text
    here = marks_of(marks, ("mail",))
    new = [m for m in here if not at.holders(m)]
    letters = at.numbers_of("send_email")
    if not letters and new and "send_email" in known:
        read.add_step("send_email", to=new)
    if not letters or removed:
        return
    held = [m for m in marks_of(question.marks, ("mail",)) if at.holders(m)]
    _Letter(read, text, marked, at, letters[0], held).run(new, [m for m in here if m in held])


class _Letter:
    def __init__(
        self, read: Read, text: str, marked: Marked, at: Places, number: int, held: Sequence[str]
    ) -> None:
        self.read, self.text, self.number, self.held = read, text, number, held
        self.folded = fold(text)
        self.addresses = {mark: str(marked.meaning(mark)) for mark in held}
        self.marked = marked
        self.keys = {mark: self._key(at, mark) for mark in held}
        self.also = says("ways", "also", text) and not _ELSE.search(self.folded)
        self.instead = says("ways", "instead", text) or _ELSE.search(self.folded) is not None
        self.out = says("ways", "remove", text)

    def _key(self, at: Places, mark: str) -> str:
        return next((key for number, key in at.holders(mark) if number == self.number), "to")

    def run(self, new: Sequence[str], old: list[str]) -> None:
        if not new and (self._swapped() or self._moved()):
            return
        gone = [m for m in self.held if self._told(_GONE, m) and not self._told(_MAIN, m)]
        gone += [m for m in self._uncopied() if m not in gone]
        known = {mark: address for mark, address in self.addresses.items() if mark not in old}
        leaving = (
            hints.named_persons(self.text, known) if (new or self.out) and not self.also else []
        )
        old += [mark for mark in (*leaving, *gone) if mark not in old]
        if len(new) == 1 and not old and hints.moved(self.text):
            old += hints.moved_from(str(self.marked.meaning(new[0])), known)
        for mark in new:
            only = self.instead and (not self.also or only_this(self.text)) and not old
            key = "cc" if hints.in_copy(self.text) else "to"
            key = "bcc" if hidden_copy(self.text, mark) else key
            self._edit("set" if only and mark == new[0] and key == "to" else "add", mark, key)
        if old and not (new or self.out or gone) and only_this(self.text):
            self._edit("set", old[0])
            for mark in old[1:]:
                self._edit("add", mark)
            return
        if old and (new or self.out or gone):
            for mark in old:
                self._edit("remove", mark, self.keys.get(mark, "to"))

    def _edit(self, do: str, mark: str, key: str = "to") -> None:
        self.read.add(do, step=self.number, key=key, value=mark)

    def _told(self, pattern: str, mark: str) -> bool:
        """Whether a pattern stands in the words about whom a mark belongs to."""
        local = fold(self.addresses[mark]).partition("@")[0]
        names = [part for part in re.split(r"[._+-]", local) if len(part) > 1]
        who = "|".join(map(re.escape, (mark, *names)))
        return re.search(pattern.replace("{0}", f"(?:{who})"), self.folded) is not None

    def _uncopied(self) -> list[str]:
        """The only one who gets a copy, where somebody is to be taken out of it by another name."""
        said = _OUT_OF_COPY.search(self.folded)
        keys = ("bcc",) if said and said["blind"] else ("cc", "bcc") if said else ()
        copied = [m for m in self.held if self.keys[m] in keys]
        return copied if len(copied) == 1 else []

    def _swapped(self) -> bool:
        """ "Swap the two": whom it is to and who gets a copy change places."""
        to = [mark for mark, key in self.keys.items() if key == "to"]
        copies = [mark for mark, key in self.keys.items() if key in _COPIES]
        if len(to) != 1 or len(copies) != 1 or not _SWAPPED.search(self.folded):
            return False
        self._edit("set", copies[0])
        self._edit("set", to[0], self.keys[copies[0]])
        return True

    def _moved(self) -> bool:
        """ "To Kim, and Jo only in copy": each to the place that the words give them."""
        copied = {m for m in self.held if self.keys[m] == "to" and self._told(_COPIED, m)}
        raised = {m for m in self.held if self.keys[m] in _COPIES and self._told(_MAIN, m)}
        if not raised and not (copied and len(copied) < len(self.held)):
            return False
        to = [m for m in self.held if (self.keys[m] == "to" and m not in copied) or m in raised]
        if not to:
            return False
        self._edit("set", to[0])
        for mark in to[1:]:
            self._edit("add", mark)
        copies = [m for m in self.held if (self.keys[m] == "cc" and m not in raised) or m in copied]
        if copies:
            self._edit("set", copies[0], "cc")
            for mark in copies[1:]:
                self._edit("add", mark, "cc")
        for key in {self.keys[m] for m in raised}:
            if not any(self.keys[m] == key and m not in raised for m in self.held) and (
                key != "cc" or not copies
            ):
                self.read.add("clear", step=self.number, key=key)
        return True
