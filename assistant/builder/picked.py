"""What the best are chosen for, where no "about" says it: "the four that matter most for nurses",
"rank for packaging", "chip export rules is what I care about"."""

from __future__ import annotations

import re

_EDGES = re.compile(r"^[\s,;:.()\"“”-]+|[\s,;:.()\"“”-]+$")
_END = r"(?= best\b| most\b|[.;:,<)?!]|$| (?:and|then|to|from|as|every|each|in|with|on|at|is|are|of|via|by)\b)"
_NOT_ME = r"(?!me\b|us\b|each\b|every\b|it\b|them\b|that\b|this\b|the (?:day|week|month|list|reader)\b|relevance|date|importance)"
_MOST = re.compile(
    rf"(?<!\w)(?:(?:matters?|counts?|weighs?|means?|helps?|interests?) (?:the )?most (?:for|to)|(?:is|are|be) (?:of )?(?:most|the most|greatest|real|any) "
    rf"(?:use|interest|value|importance|relevance|useful|relevant|interesting) (?:for|to)|(?:most|more) (?:useful|relevant|interesting|important|helpful)(?: (?!to\b)[a-z]+)? (?:for|to)) {_NOT_ME}(?P<what>[^.;,<]{{3,50}}?){_END}",
    re.I,
)
_FITTING = re.compile(
    rf"(?<!\w)(?:<num\d>|ones?|those|best|things|items|stories|posts|few|whatever|anything)(?: (?!which\b|that\b)\w+)? (?:that|which)? ?(?:best )?(?:fits?|suits?|matche?s?|concerns?) {_NOT_ME}(?P<what>[^.;,<]{{3,50}}?){_END}",
    re.I,
)
# "Chip export rules is what I care about", "my subject is eels", "what we follow: eels".
_CARED_FOR = re.compile(
    r"(?:^|[.;:,] (?:and |but |so )?)(?P<what>(?!(?:that|this|it|which)\b)[^.;:,<]{3,50}?) (?:is|are) (?:what|all(?: that)?|the (?:one )?(?:thing|topic|subject|only thing)) (?:that )?(?:i|we)(?:'m| am| are|'re)? (?:really |only |mostly )?(?:care|interested|follow|after|want|here|need)\w*",
    re.I,
)
_INTEREST = re.compile(
    rf"(?<!\w)(?:what (?:i|we)(?:'m| am|'re| are)? (?:really |only |mostly )?(?:care about|follow|after|interested in)|(?:i|we)(?:'m| am|'re| are) (?:only |mostly |really )?(?:after|interested in|keen on)|(?:i|we) (?:only |mostly |really )?(?:care (?:about|for)|follow)"
    rf"|(?:my|our|the) (?:topic|subject|theme|interest|thing|beat)s?)(?: (?:is|are|here is|being))?:? (?:the |those |all about |only |just |anything (?:on|about) |everything (?:on|about) )?(?!(?:that|this|it|them|what|how|in|those)\b|<)(?P<what>[^.;,<]{{3,50}}?){_END}",
    re.I,
)
_CONCERNING = re.compile(
    rf"(?:whatever|anything|everything|those|what|ones|all|that|which) (?:that |which )?(?:concerns?|mentions?|covers?|deals? with|touch(?:es)?(?: on)?|"
    rf"(?:is|are) (?:relevant to|to do with|of interest to|useful for)|has to do with|have to do with|relates? to) (?P<what>[^.;,<]{{3,50}}?){_END}",
    re.I,
)
_PICKED = re.compile(
    r"(?:rank\w*|filter\w*|sort\w*|pick\w*|choos\w*|select\w*|keep\w*|best|top|ones|things|stories|items|posts|those|ten|five|three)"
    r"[^.;,<]{0,25}?(?:<num\d>)?[^.;,<]{0,20}? (?:for|by|that fit|which fit|fitting|that suit|matching|that match|to do with|of interest to|useful for|useful to|aimed at)"
    rf" {_NOT_ME}(?P<what>[^.;,<]{{3,50}}?){_END}",
    re.I,
)


_FAR = r"(?= best\b| most\b|[.;:,<)?!]|$| (?:and then|then|to|from|as|every|each|until|till|down|so|before|on top|come|comes|go|goes|first|are|is|in (?:the|a|our|one|two|<num\d>))\b)"
_HOW_USEFUL = re.compile(
    rf"how (?:useful|relevant|interesting|important|close|helpful|handy|related|near) (?:they|it|each|that|those|these|each one) (?:is|are|would be|might be|may be|gets?|comes?) (?:to|for) {_NOT_ME}(?P<what>[^.;,<]{{3,50}}?){_FAR}",
    re.I,
)
# "The five that smell most of expressionism", "closest to refugee youth", "sift them for lenses"
_LEANING = re.compile(
    rf"(?<!\w)(?:(?:close|closest|closer|nearest|near|dearest) (?:it |they |that |each )?(?:(?:gets?|is|are|comes?|stands?|sits?) )?to|(?:smells?|reeks?|tastes?|sounds?|speaks?) (?:the )?(?:most |mostly |strongest )?of|"
    rf"lean(?:s|ing)? (?:most |mostly )?(?:to|towards?)|how much (?:it|they|each|that) (?:has|have) to do with|(?:sift|comb|sieve|screen|mine|go through|search|check|scan|trawl|skim)(?:s|ed|ing)?(?: (?:it|them|that|these|those|the (?:lot|list|whole lot|results|items)|through|all|both))+ for)"
    rf" {_NOT_ME}(?P<what>[^.;,:<]{{3,50}}?){_FAR}",
    re.I,
)
# "The six that shunters would care about most", "what a beekeeper would want to know"
_READERS = re.compile(
    r"(?:<num\d>|ones?|those|best|things|items|stories|posts|few|whatever|anything|what)(?: (?:that|which))? (?P<what>(?!(?:i|we|you|they|he|she|it|one|people|everyone|everybody|somebody|anyone|someone|that|which|the reader)\b)(?:(?:a|an|the|our|my) )?[^\W\d]+(?: [^\W\d]+)?) (?:would|will|might|could|should|may|do|does)(?: (?:really|actually|most|probably))* (?:care|like|love|want|need|read|enjoy|worry|find (?:most )?(?:useful|interesting|helpful)|be (?:most )?interested in)(?!\w)",
    re.I,
)
# "Get only crab and lobster stuff", "weed out anything that isn't folk", "only rats in grain stores"
_STUFF = r"(?:stuff|things?|news|stor(?:y|ies)|items?|posts?|ones?|entr(?:y|ies)|bits|articles?|pieces|headlines)"
_ONLY_KIND = re.compile(
    rf"(?<!\w)(?:only|just|nothing but) (?:the )?(?P<what>(?!(?:the|if|when|newest|latest|last|first|new|recent|old|older|fresh|best|top|english|<)\b)[^.;:,<]{{3,40}}?) {_STUFF}(?=[.;:,<)]|$| (?:and|then|please|from|of)\b)",
    re.I,
)
_NOT_KIND = re.compile(
    r"(?:throw|chuck|leave|weed|sort|cut|take|filter|drop|discard|skip|ignore|lose|bin|forget|omit|remove|toss|kick)(?: out| away| aside)? (?:whatever|anything|everything|all|those|what|the rest|the ones|stuff)(?: (?:that|which|there))* ?"
    r"(?:isn't|is not|aren't|are not|has nothing to do with|have nothing to do with|doesn't concern|not)(?: (?:about|on|to do with|concerning|related to))? (?P<what>[^.;:,<]{3,50}?)(?=[.;:,<)]|$| (?:and|then|before|please)\b)",
    re.I,
)
_ONLY_LINE = re.compile(
    r"(?:^|\n|[.;,] )[-*•–]? ?(?:only|just|nothing but) (?P<what>(?!(?:<|if|when|on|at|in|for|from|to|once|one|two|after|before|as|by|with|the|weekdays|weekends|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|headlines|titles|links|new|news|text|plain|english|numbers|now|then|what|those|that|this|it|them|you|me|us|please|daily|weekly|works?|want|need|ping|mail|send|tell|say|do|because|so)\b)[^.;:,<\n]{3,50}?)(?: (?:stuff|things?|please|pls|ta|thanks))*(?=[.;,\n]|$)",
    re.I,
)
_WHICH = re.compile(
    rf"(?<!\w)(?:which|what)(?: ones?)? (?:<num\d>|of (?:these|those|them|it|that|the \w+)|ones|in there)(?: \w+){{0,3}}? (?:(?:matters?|counts?|apply|applies|means? (?:anything|something)|speaks?|(?:is|are)(?: \w+)? (?:relevant|useful|interesting|important|of use|any use|worth \w+)) (?:for|to)|concerns?|touch(?:es)?|deals? with|mentions?|(?:is|are)(?: \w+)? about) {_NOT_ME}(?P<what>[^.;,<]{{3,50}}?){_FAR}",
    re.I,
)
_UNTIL = r"(?=[.;:,<)?!]|$| (?:y|et|e|und|en|sind|handeln|handelt|liegen|kommen|zijn|liggen|de(?= <)|para|pour|por|avec|con|com|mit|met)\b)"
_FOREIGN = re.compile(
    r"(?<!\w)(?:plus proches? (?:d[eu]s? la |de l'|du |des |de )|m[aá]s (?:cercan|pr[oó]xim)\w+ (?:a la |a los |a las |al |a )|pi[uù] vicin\w (?:alla |allo |ai |agli |alle |al |a )|mais pr[oó]xim\w+ (?:da |do |das |dos |de |à |ao )"
    r"|am n[aä]chsten (?:an |bei |zu )(?:de[mnr] |die |das )?|het dichtst bij (?:de |het )?|qu[eé]date (?:s[oó]lo |solamente )?con (?:los|las|lo|el|la)(?: <num\d>)?(?: (?!de\b|que\b)\w+)? (?:de|que (?:hablen|traten|hablan|tratan) (?:de|sobre)|sobre) |(?:touch(?:e|ent|ant)|a trait|ont trait) (?:[àa] la |[àa] l'|aux? |[àa] )(?:la |l'|les )?|(?:parlent?|traitent?|s'occupent?|parle|traite) (?:de la |de l'|du |des |de )|concernent (?:la |les? |l')|(?:trat[ae]n?|habl[ae]n?|fal[ae]m?|trat[ae]m) (?:de|sobre|da|do|das|dos) (?:l[oa]s? |el )?|(?:parl[ai](?:no)?|tratt[ai](?:no)?) d(?:i|el|ella|ei|elle|egli) |riguardano (?:il |la |le |i |gli |l')|handeln von (?:de[mnr] )?|(?<=die )von (?:de[mnr] )?(?=[^.;:,<]{3,50} handel[nt])|betr(?:effen|ifft) (?:die |das |den )?|(?:mit|met) )"
    rf"(?P<what>[^.;:,<]{{3,50}}?)(?:(?= zu tun(?!\w)| te maken(?!\w))|(?<!mit )(?<!met )(?!\w){_UNTIL})",
    re.I,
)


_NOTHING_BUT = re.compile(
    r"nothing but (?P<what>(?!the (?:newest|latest|last|first)\b|(?:links|titles|headlines|text|news)\b|<)[^.;:,<\n]{3,40}?)(?=[.;,\n]| and\b|$)",
    re.I,
)
_RANKED = re.compile(
    rf"rank(?:ed|ing)?(?: (?:it|them|those|that|these|everything))? (?:for|by) {_NOT_ME}(?!(?:date|age|time)\b)(?P<what>[^.;,<]{{3,50}}?){_FAR}",
    re.I,
)
_CONCERNED = re.compile(r"(?:alles, )?(?:was|das) mit (?P<what>.+?) zu tun hat", re.I)
# "Only CVE or security fixes, max 12", "nur was mit Normung zu tun hat"
_ONLY = re.compile(
    r"(?:^|(?<=[.;:!?] ))(?:only|just|nothing but|nur|seulement|solo|alleen) (?!<|if\b|when\b|on\b|at\b|in\b)(?P<what>[^.;:,<]{3,50}?),? (?:max\.?|at most|up to|no more than|höchstens|maximal|au plus|como máximo|al massimo|hooguit) <num\d>"
    r"|(?:was|das) mit (?P<mit>[^.;:,<]{3,50}?) zu tun hat|ce qui (?:concerne|touche|parle de) (?P<fr>[^.;:,<]{3,50}?)(?=[.;:,<]| et )|que ver con (?P<es>[^.;:,<]{3,50}?)(?=[.;:,<]| y )|che riguarda (?P<it>[^.;:,<]{3,50}?)(?=[.;:,<]| e )",
    re.I,
)


_HAS_TO_DO = re.compile(r" (?:zu tun|te maken)(?!\w)")


# What leads on to where it comes from: "sequía de <feed1>".
_LED_ON = re.compile(r"\s+(?:de|del|di|da|dal|du|von|aus|van|uit|from|of|in|on|at)$", re.I)


def picked_for(text: str) -> list[str]:
    """What a marked request has the best chosen for, the surest wording first."""
    patterns = (
        _MOST,
        _HOW_USEFUL,
        _RANKED,
        _NOTHING_BUT,
        _WHICH,
        _LEANING,
        _READERS,
        _NOT_KIND,
        _ONLY_KIND,
        _FITTING,
        _CARED_FOR,
        _CONCERNING,
        _PICKED,
        _INTEREST,
        _ONLY_LINE,
    )
    found = [m["what"] for pattern in patterns for m in pattern.finditer(text)]
    found += [
        m["what"] for m in _FOREIGN.finditer(text)
        if not re.match(r"mi?t\b|met\b", m[0], re.I) or _HAS_TO_DO.match(text, m.end())
    ]  # fmt: skip
    for m in _ONLY.finditer(text):
        what = next(part for part in m.groups() if part)
        inner = _CONCERNED.fullmatch(what)
        found.append(inner["what"] if inner else what)
    return [_LED_ON.sub("", _EDGES.sub("", what)) for what in found]


def most_for(text: str) -> str:
    """What the best are chosen for beside what is searched for; empty when nothing says so."""
    surest = (
        _MOST,
        _HOW_USEFUL,
        _RANKED,
        _NOTHING_BUT,
        _LEANING,
        _READERS,
        _NOT_KIND,
        _ONLY_KIND,
        _FITTING,
    )
    found = next((m for pattern in surest for m in pattern.finditer(text)), None)
    return _EDGES.sub("", found["what"]) if found else ""
