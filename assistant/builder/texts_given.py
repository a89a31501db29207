"""Free texts that the words of a request give to its steps: what to search, ask, say and keep."""

from __future__ import annotations

import re

from assistant.builder.columns import fields_named, record_named
from assistant.builder.data_asked import database_named, databases_named
from assistant.builder.evidence import evidence
from assistant.builder.interests import interest
from assistant.builder.messages import (
    content_of,
    headings,
    only_headed,
    told_address,
    told_channel,
    unled,
    worded,
)
from assistant.builder.methods import body_said, method_of, sends
from assistant.builder.picked import most_for
from assistant.builder.prompts_told import prompt_of
from assistant.builder.remains import query_left, searches, telling
from assistant.builder.tasks import marks_of
from assistant.builder.texts_said import saying, topic_of
from assistant.builder.turns import Turns
from assistant.grounding.marks import MARK

_SAYS = re.compile(
    r"<(?:mail|chan)\d>[)\]]?,? (?:que|qu'|che|dass|dat) ?(?:c'est|tout|ca|les?|la|el|los|las|il|lo|gli|e|sono|ya|esta|hay|todo|tutto|tudo|o|os|as|der|die|das|es|alles|het|de|alle|er)\b|"
    r"(?:only|just|then|[.,;:]) notify (?!<|me\b|us\b|the\b)\w|<mail\d>[)\]]?,?(?: by e?-?mail)? that (?:the|our|my|it|we|he|she|they|there|his|her|their|your|a|an|everything|nobody|all|no|i)\b|(?:tell|ping|alert|warn|notify|message|inform) (?:the |our )?(?:channel )?<chan\d>(?: channel| team)?:? <quote|<chan\d>(?: channel| team| folks| group)? (?:know )?that\b|\b(?:say|post|write|put|drop) <quote|<quote\d> (?:to|in|into|on) (?:the |our )?<chan|:\s*<quote|"
    r"(?:shout|ping|note|message|word|line|post|notification) (?:of |saying |that says )?<quote|(?:tell|let|ping|inform|notify) (?:the |our )?(?:channel )?<chan\d>(?: channel| team)?(?: know)?,? (?:it's|its|it is|they're|they are|that's|we|everything|all|the \w+(?: \w+)? (?:is|are|has|have)) |\bsaying\b|that says|(?:text|body):? <quote|<chan\d>(?: channel| team| group)?(?: know)?,? with:? <quote|with the (?:text|message|words)|mit dem text|avec le texte|con el texto|con il testo"
)


_GOES_ON = re.compile(r"(?:and|then|also|und|et|puis|y|e|en) ", re.I)


class Texts(Turns):
    """Gives each step the texts that words lead to."""

    def run(self, *, fed: bool) -> None:
        """`fed`: there is a result to go on from."""
        # What is said to somebody takes its words before what is kept in a file.
        order = sorted(range(len(self.turns)), key=lambda n: self.turns[n][0] == "save_file")
        for number in order:
            fields = self.turns[number][1]
            alone = number == 0 and not fed
            for item in fields:
                if item.kind != "text" or item.name in self.made.values[number]:
                    continue
                if item.name == "database":
                    if told := self._asked(number)[0]:
                        self.give(number, item.name, told, ())
                    continue
                if item.name in ("fields", "schema"):
                    named = fields_named if item.name == "fields" else record_named
                    names = named(self.text)
                    if names:
                        self.give(number, item.name, names, ())
                    continue
                told = self._searched(number) if item.name == "query" else ""
                told = told or self._text(item.name, alone, self._asked(number)[1])
                if item.name == "body" and self.named("http_request")[:1] == [number]:
                    told = self._record()
                spoken = item.name in ("message", "body", "content")
                if spoken and told in self.made.used and told != told_channel(self.text):
                    continue  # It is the letter's opening or name.
                if told and not self._prompted(item.name, told):
                    inside = [m for m in MARK.findall(told) if m.startswith(("<quote", "<num"))]
                    self.give(number, item.name, [told] if item.many else told, inside)

    def _prompted(self, name: str, told: str) -> bool:
        """Whether a message is only what a model is to say: its answer is the message."""
        prompts = [str(values["prompt"]) for values in self.made.values if "prompt" in values]
        return name in ("message", "body") and any(told in p or p in told for p in prompts)

    def _record(self) -> str:
        """What is sent to an interface: the JSON that stands in the words."""
        at = self.folded.find("{")
        elsewhere = told_address(self.text, headings(self.text))
        told = {*self.made.used, told_channel(self.text), elsewhere}
        quotes = [m for m in marks_of(self.marks, ("quote",)) if m not in told]
        if not sends(self.text) or method_of(self.text) == "GET":
            return ""  # What is only read gets nothing sent.
        return quotes[0] if quotes and at < 0 else body_said(self.text)

    def _asked(self, number: int) -> tuple[str, str]:
        """The database of a step and the words it is read from: of several each has its own."""
        turns = self.named("query_database")
        named = databases_named(self.text) if len(turns) > 1 and number in turns else []
        if named and len(named) == len(turns):
            return named[turns.index(number)]
        return database_named(self.text), self.text

    def _searched(self, number: int) -> str:
        """The quotation that one of several searches is for."""
        turns, quoted = self.named("web_search"), searches(self.text)
        return (
            quoted[turns.index(number)] if len(turns) == len(quoted) > 1 and number in turns else ""
        )

    def _text(self, name: str, alone: bool, words: str) -> str:
        if name == "topic":
            chosen = most_for(self.text) if self.named("web_search") else ""
            return chosen or topic_of(self.text) or interest(self.text)
        if name == "subject":
            return saying(name, self.text) or self._headed()
        if name == "query":
            told = saying(name, self.text)
            return told if telling(told) else query_left(self.text)
        if name == "prompt":
            return prompt_of(self.text, alone=len(self.turns) == 1)
        if name == "message" and (told := told_channel(self.text)):
            return told
        if name == "body" and (told := told_address(self.text, headings(self.text))):
            return told
        if name in ("message", "body") and not alone:
            told = saying(name, self.text)
            told = worded(self.text) if not told or told in headings(self.text) else told
            return told if _SAYS.search(self.folded) else ""
        if name in ("message", "body"):
            return self._said(name)
        if name == "content":
            return content_of(
                self.text, [m for m in self.marks if m not in self.made.used], alone=alone
            )
        return saying(name, words)

    def _said(self, name: str) -> str:
        """What a message or letter says: not the quotation that is its heading, but the other."""
        heads = headings(self.text)
        told = saying(name, self.text)
        if _GOES_ON.match(told) and evidence(told).sure:
            told = ""  # "Ping <chan1> and email <mail1>"
        if told and not (only_headed(told, heads) or re.match(r"<quote\d> as (?:its|the)\b", told)):
            return told
        if len(self.turns) == 1 and (rest := worded(self.text) or unled(self.text, heads)):
            return rest
        quotes = [m for m in marks_of(self.marks, ("quote",)) if m not in heads]
        return quotes[0] if heads and len(quotes) == 1 else ""

    def _headed(self) -> str:
        """The subject of a letter that is told as its heading, where nothing else has one."""
        others = self.named("compile_newsletter") or self.named("notify")
        return "" if others else saying("title", self.text)
