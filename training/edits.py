"""Changes to a job in focus, and the jobs that are in focus."""

from __future__ import annotations

import random
from typing import Any

from assistant.builder.tasks import Field
from training import times, words
from training.catalogue import FIELDS
from training.grammar import Grammar, Step
from training.requests import _finish
from training.samples import Sample, fresh, lines, say, wrap

Focused = tuple[str, list[Step], str, list[str]]


def focused(rng: random.Random) -> Focused:
    """(name, steps with plain values, when, structure tags) of some job."""
    chain: list[Step] = []
    source = rng.random()
    if source < 0.62:
        n = rng.choice([1, 1, 1, 2])
        chain.append(Step("fetch_feed", {"urls": [words.feed_url(rng) for _ in range(n)]}))
        if rng.random() < 0.35:
            chain[-1].args["limit"] = rng.randint(3, 50)
    elif source < 0.75:
        chain.append(Step("scrape_page", {"url": words.page_url(rng)}))
    elif source < 0.85:
        chain.append(Step("web_search", {"query": words.topic(rng)}))
        if rng.random() < 0.4:
            chain[-1].args["limit"] = rng.randint(3, 20)
    elif source < 0.92:
        chain.append(
            Step(
                "query_database",
                {
                    "question": f"how many {rng.choice(words.TABLES)} came in",
                    "database": rng.choice(words.DATABASES),
                },
            )
        )
    else:
        chain.append(Step("http_request", {"url": words.api_url(rng)}))
    if source < 0.85 and rng.random() < 0.65:
        args: dict[str, Any] = {}
        if rng.random() < 0.7:
            args["topic"] = words.topic(rng)
        if rng.random() < 0.75 or not args:
            args["limit"] = rng.randint(2, 20)
        chain.append(Step("rank_items", args))
    if rng.random() < 0.35:
        chain.append(
            Step("summarize_items", {"sentences": rng.randint(1, 5)} if rng.random() < 0.6 else {})
        )
    if rng.random() < 0.45:
        chain.append(
            Step("compile_newsletter", {"title": words.title(rng)} if rng.random() < 0.6 else {})
        )
    if rng.random() < 0.75:
        args = {"to": [words.mail(rng) for _ in range(rng.choice([1, 1, 2]))]}
        if rng.random() < 0.3:
            args["subject"] = words.title(rng)
        chain.append(Step("send_email", args))
    if rng.random() < 0.25:
        chain.append(Step("save_file", {"name": words.filename(rng)}))
    if rng.random() < 0.2 or len(chain) == 1:
        chain.append(Step("notify", {"channel": "#" + words.channel(rng)}))
    tags = [tag for tag in ("retry", "timeout", "alert", "approve") if rng.random() < 0.06]
    return words.job_name(rng), chain, "scheduled" if rng.random() < 0.7 else "", tags


NAMED = {
    "fetch_feed": "the feed|feed|source",
    "scrape_page": "the page|page|scraping",
    "web_search": "the search|web search",
    "rank_items": "the ranking|ranking|filter|selection|sorting",
    "summarize_items": "the summary|summaries|summary|the summaries|summarising|summing up",
    "compile_newsletter": "the newsletter|newsletter|the letter",
    "send_email": "the mail|mail|email|the email|mailing",
    "save_file": "the file|file|saving|the copy",
    "notify": "the notification|the message|notification|note in the channel|ping|channel message",
    "query_database": "the database question|database",
    "http_request": "the call|API call|request",
}

# op → texts; {n} {topic} … are new values, {old} what stands there, {thing} what the step makes.
TEXTS: dict[str, str] = {
    "set_limit": """
(make it|only|just|take|show|use|send|pick|keep|I want|give me|let it be|better|rather|now|please make that) {n}[ stories| items| articles| posts| of them| entries| results][ instead| from now on| please| next time| instead of {old}| not {old}| rather than {old}]
(change|set|raise|lower|increase|reduce|cut|bring|put|adjust|limit) (the limit|the number|the count|it|the number of stories|the number of items|the list|the amount)[ from {old}] (to|down to|up to) {n}
{n} (stories|items|articles|posts|results|entries|of them) (are enough|would be better|will do|is plenty|instead of {old}|rather than {old}|, not {old}|please|from now on|are plenty)
(instead of {old}|rather than {old}) (take|send|use|I want|give me|pick) {n}
no more than {n}[ stories| items| please]
(at most|up to|max) {n}[ stories| items| articles]
I (meant|said|wanted|only want|only need) {n}[ stories| items| not {old}]
{old} is too (many|much|few)(, make it|: take|, I want|;) {n}
actually {n}[ stories| items]
limit it to {n}[ stories| items]
{n} not {old}
""",
    "double_limit": """
(double|twice) (the number|the limit|the stories|the number of stories|the amount|the items|it|as many[ stories| items]|the list)
(make it|send|take|I want) (twice as many|double|twice the number)[ stories| items]
""",
    "half_limit": """
(halve|cut in half|half) (the number|the limit|the stories|the number of stories|the items|it|the list)
(make it|send|take|I want) (half as many|only half|half)[ stories| items| the stories| of it]
half as many[ stories| items| please]
""",
    "clear_limit": """
(drop|remove|lift|forget|no|without|delete|get rid of|take away) (the limit|the limit on stories|limit|the maximum|the cap)
(send|take|show|give me|I want) (all of them|all the stories|everything|all items)[, no limit]
""",
    "set_topic": """
(change|set|switch|turn) (the topic|the subject matter|topic|it|the theme|the focus) to {topic}
(make it|it should be|let it be|I want it|have it|now|rather|make that|this time) about {topic}[ instead| instead of {old}| not {old}| from now on| please]
{topic} instead of {old}
(stories|news|items|posts|only things|articles) about {topic}[ instead| please| from now on| rather than {old}]
(focus|concentrate) on {topic}[ instead| now| from now on]
(replace|swap) {old} (with|by|for) {topic}
(look|search|filter) for {topic} instead
I'm (more|now|no longer in {old} but) interested in {topic}[ now]
not {old} but {topic}
""",
    "set_query": """
(search|look|google) for {topic} (instead|from now on|now|rather)
(change|set) (the query|the search|the search term|what it searches for) to {topic}
{topic} instead of {old}
""",
    "set_sentences": """
(make|keep|write|do) (the summaries|the summary|each summary|them|summaries|it) {n} sentences[ long| each| instead of {old}]
(summaries|a summary|the summaries|summarise) (of|in|with) {n} sentences[ please| instead| each]
{n} sentences (each|per item|per story|instead of {old}|are enough|will do|please)
(shorter|longer) summaries[, please]: {n} sentences
(change|set|cut|reduce|raise) the (summary|summaries|sentences|summary length) to {n}[ sentences]
""",
    "set_url": """
(use|read|take|fetch|try|switch to|change to|go to|get it from) {url} (instead|instead of {old}|from now on|now|rather than {old})
(change|set|switch) (the feed|the source|the address|the url|the link|the page|the site) to {url}
(replace|swap) (the feed|the source|the url|{old}|the page) (with|by|for) {url}
(the feed|the source|the site|the page|it|the blog) (has moved to|is now at|moved to|is now) {url}
from {url} instead[ of {old}]
(not {old} but|the right link is|the correct address is|I meant) {url}
""",
    "add_url": """
(also|additionally) (read|use|fetch|take|include|check|follow) {url}
(add|include|append) {url}[ too| as well| to the feeds| to the sources| as another source| as a second feed]
(read|use|fetch|take|include|check|follow) {url} (too|as well|in addition|also)
(and|plus) {url}[ too| as well]
one more (feed|source): {url}
""",
    "remove_url": """
(drop|remove|leave out|take out|stop reading|no longer read|forget|delete|kick out) {oldurl}[ from the feeds| from the list| please]
(without|not) {oldurl}[ please| any more| any longer]
""",
    "add_to": """
(also|and also) (send|mail|email) (it|this|the newsletter|that|a copy) to {mail}
(send|mail|email) (it|this|the newsletter|a copy) to {mail} (too|as well|also|in addition)
(add|include|cc|put|copy in) {mail}[ too| as well| to the list| to the recipients| as a recipient| in the mail| on the list| on copy]
{mail} (should|wants to|would like to|must|needs to) (get|receive|have) it (too|as well|also)
(let|have) {mail} (get|receive) it (too|as well)
(and to|plus|cc:|cc) {mail}[ please]
another recipient: {mail}
one more address: {mail}
""",
    "set_to": """
(send|mail|email|deliver) (it|this|the newsletter|that|them) to {mail} (instead|instead of {old}|from now on|rather than to {old}|, not to {old}|now|only)
(change|set|switch) (the recipient|the address|the mail address|the receiver|the email) to {mail}
(replace|swap) {old} (with|by|for) {mail}
(it|the newsletter|the mail) should (go to|be sent to|reach) {mail}[ instead| from now on| instead of {old}| now]
{mail} instead of {old}
(not {old} but|I meant|wrong address, it's|the right address is) {mail}
{mail} (takes over|gets it from now on|replaces {old})
""",
    "remove_to": """
(stop sending it to|no longer send it to|don't send it to|do not mail|stop mailing|don't mail) {oldmail}[ any more| anymore| please| any longer]
(remove|drop|take|delete|unsubscribe|strike) {oldmail}[ from the list| off the list| from the recipients| please| from the mail]
{oldmail} (does not want it any more|should not get it any more|has left|no longer needs it|doesn't need it anymore|left the company)
""",
    "set_title": """
(call|name) it {title}[ instead| from now on]
(change|set) (the title|the name of the newsletter|the headline|its title) to {title}
(the title|its title) (should be|is now|must be|ought to be) {title}
(title|new title|with the title|under the title)[:] {title}
(rename|retitle) the newsletter[ to| as] {title}
""",
    "set_subject": """
(change|set) (the subject|the subject line) to {title}
(the subject|the subject line) (should be|is now|must be) {title}
(with|use) the subject[ line] {title}
subject: {title}
(add|give it) (a|the) subject[:] {title}
""",
    "set_name": """
(save|store|keep|write) (it|that|the file) (as|to|in|under) {file} (instead|instead of {old}|from now on|now)
(change|set) (the file|the file name|the name of the file|the filename) to {file}
(the file|it) should be (called|named) {file}
(rename the file|the file is now called|call the file)[ to] {file}
{file} instead of {old}
""",
    "set_channel": """
(post|tell|send) (it |that |)(to|in) {chan} instead[ of {old}]
(tell|notify|use|ping|inform) {chan} (instead|instead of {old}|from now on|, not {old})
(change|set|switch) the channel to {chan}
{chan} instead of {old}
""",
    "swap_to": """
(replace|swap|exchange) {oldmail} (with|by|for) {mail}
{mail} (instead of|rather than|, not) {oldmail}
(send|mail) it to {mail}(, not to | instead of | rather than ){oldmail}
not {oldmail} but {mail}
change {oldmail} (to|into) {mail}
""",
    "swap_url": """
(replace|swap|exchange) {oldurl} (with|by|for) {url}
{url} (instead of|rather than) {oldurl}
(read|use|take) {url}(, not | instead of | rather than ){oldurl}
change {oldurl} (to|into) {url}
{oldurl} (has moved to|is now|moved to) {url}
""",
    "remove_step": """
(drop|remove|skip|leave out|leave away|take out|delete|omit|cut|get rid of|forget|cancel|leave off) {thing}[ please| from the job| step| from it| from now on]
(no more|without|no|no longer any) {thing}[ please| any more| in future| from now on| needed]
(I|we) (don't|do not|no longer) (need|want) {thing}[ any more| anymore| any longer]
{thing} (is not needed|can go|is unnecessary|may go|isn't necessary)[ any more]
(stop|quit) (doing |with |)(the |){thing}
""",
    "schedule": """
(run|do|send|start|make|schedule) (it|this|that|the job|the newsletter) {when}[ instead| from now on| please]
(change|move|set|switch|shift|put) (it|the schedule|the time|the job|that) to {when}
{when} instead[ please]
(make it|make that|I want it|rather|better|let it run|it should run|have it run|now|please) {when}[ instead]
{when} (would be better|suits me better|is better|from now on|please)
from now on {when}
{when}
reschedule[ it] to {when}
""",
    "unschedule": """
(stop|no longer|don't) (running|run) it (automatically|by itself|on a schedule|on its own)
(remove|drop|delete|cancel|clear) (the schedule|its schedule|the timer|the timing)
(no schedule|no more schedule|without a schedule)[ any more| please]
(run it |)only when I (say so|ask|start it|tell you)
only by hand[ from now on| please]
I('ll| will) start it (myself|by hand)[ from now on]
""",
    "pause": """
(pause|suspend|halt|freeze|hold|interrupt|put on hold|stop) (it|this|the job|that job|{name})[ for now| until further notice| for a while| please| till I'm back| over the holidays| during my vacation]
(take a break with|switch off|turn off|deactivate|disable) (it|the job|{name})[ for now| please]
no {name} (for now|this week|until I say so)
""",
    "resume": """
(resume|continue|unpause|restart|reactivate|wake|wake up|revive) (it|this|the job|that job|{name})[ now| please| again]
(switch|turn) (it|the job|{name}) (on|back on)[ again]
(start|carry on with|go on with) (it|the job|{name}) again
(you can|let it|let the job) (go on|continue|run again)[ now]
""",
    "run_now": """
(run|start|do|execute|launch|fire|trigger|kick off) (it|this|the job|that job|{name}) (now|right now|once|at once|immediately|right away|once now|straight away|this minute)
(give it a try|try it|try it out|test it)[ now| once| please]
(send|make|deliver) it now
run (it|{name})
(I want it|I need it) (now|right now)
(an extra|one extra) run[ now| please]
""",
    "delete": """
(delete|erase|destroy|scrap|throw away|get rid of|bin|trash|remove) (it|this job|the job|that job|{name}|the whole job|the whole thing)[ please| for good| completely| altogether]
(I|we) (don't|do not|no longer) need (the job|this job|{name})[ any more| anymore][, delete it|]
""",
    "rename": """
(rename|call|name) (the job|this job|it|{name}) {newname}
rename (it|the job|this job|{name}) (to|as|into) {newname}
*2 (call|name) it {newname}[ from now on| instead| please]
(change|set) (the name|the job's name|its name) to {newname}
(the job|it|{name}) should be called {newname}
(give it the name|new name:|let's call it) {newname}
""",
    "remove_structure": """
(drop|remove|no|no more|without|forget|skip|take out) {tag}[ please| any more]
(we|I) (don't|do not) need {tag}[ any more]
""",
}
TAGS = {
    "retry": "the retries|retrying|retries|the second tries",
    "timeout": "the timeout|the time limit|timeout",
    "alert": "the alert|alerts|the warning|the alert on failure",
    "approve": "the approval|asking me first|approvals|the approval step",
}
FRONT = [
    "",
    "",
    "",
    "",
    "",
    "",
    "please ",
    "can you ",
    "could you ",
    "actually, ",
    "hmm, ",
    "oh, and ",
    "sorry, ",
    "ok, ",
    "hey, ",
    "one change: ",
    "for {name}: ",
    "in {name}, ",
    "in the job {name} ",
    "no, ",
    "and ",
    "also: ",
    "wait, ",
    "I changed my mind: ",
    "let's ",
    "I'd like you to ",
    "good, but ",
    "nice, but ",
    "almost: ",
    "looks good, but ",
]


class _Slots:
    """Values of an edit's text: prepared surfaces by name."""

    def __init__(self, surfaces: dict[str, str]) -> None:
        self.surfaces = surfaces

    def __call__(self, rng: random.Random, slot: str) -> str:
        return self.surfaces[slot]


def _text(rng: random.Random, op: str, surfaces: dict[str, str], texts: dict[str, str]) -> str:
    options = lines(texts[op])
    for _ in range(20):
        told = rng.choice(options)
        try:
            return Grammar({"X": [told]}, _Slots(surfaces)).say(rng, "X").text
        except KeyError:
            continue  # this wording needs a value that the job does not have
    raise KeyError(op)


def edit(rng: random.Random, lang: str) -> Sample:
    """One or two changes to a job."""
    fresh()
    texts = TEXTS
    if lang != "en":
        from importlib import import_module

        from training.samples import _MODULES

        texts = import_module(f"training.languages.{_MODULES[lang]}").EDITS
    name, chain, when, tags = focused(rng)
    surfaces = {"name": name}
    parts: list[str] = []
    edits: list[dict[str, Any]] = []
    extra: list[Step] = []
    used: set[str] = set()
    for _ in range(rng.choices([1, 2], weights=[0.82, 0.18])[0]):
        made = _one(rng, lang, chain, tags, surfaces, texts, bool(when), bool(parts))
        if (
            made is None
            or made[1] in used
            or (parts and made[1] in ("delete", "pause", "resume", "run_now"))
        ):
            continue
        used.add(made[1])
        parts.append(made[0])
        also = made[2].pop("also", None)
        edits += [made[2], *([also] if also else [])]
    if not parts:
        return edit(rng, lang)
    joint = {
        "en": [" and ", ", and ", ". ", "; ", " but ", ". Also, "],
        "de": [" und ", ". "],
        "fr": [" et ", ". "],
        "es": [" y ", ". "],
        "it": [" e ", ". "],
        "pt": [" e ", ". "],
        "nl": [" en ", ". "],
    }[lang]
    body = rng.choice(joint).join(parts)
    if lang == "en":
        body = rng.choice(FRONT).format(name=name) + body
    if rng.random() < 0.2 and lang == "en":
        body += rng.choice(
            [
                " please",
                ", please",
                ", thanks",
                ". Thanks",
                " in " + name,
                " for " + name,
                ". That's all.",
                ", the rest is fine",
                ". Rest stays as it is.",
            ]
        )
    sample = _finish(rng, lang, body, "edit", extra, [], None)
    sample.edits, sample.focus, sample.focus_name, sample.focus_when = edits, chain, name, when
    sample.missing = tags
    if rng.random() < 0.3:
        sample.jobs = [words.job_name(rng) for _ in range(rng.randint(1, 3))]
    return sample


def _place(chain: list[Step], skills: tuple[str, ...]) -> int | None:
    """The number of the last step of some skills."""
    return next((i for i in range(len(chain), 0, -1) if chain[i - 1].skill in skills), None)


def _field(skill: str, key: str) -> Field:
    return next(f for f in FIELDS[skill] if f.name == key)


def _set(do: str, number: int, skill: str, key: str, refs: Any) -> dict[str, Any]:
    return {"do": do, "step": number, "key": key, "field": _field(skill, key), "value": refs}


def _one(
    rng: random.Random,
    lang: str,
    chain: list[Step],
    tags: list[str],
    surfaces: dict[str, str],
    texts: dict[str, str],
    scheduled: bool,
    later: bool,
) -> tuple[str, str, dict[str, Any]] | None:
    """(text, op, edit) of one change that this job allows."""
    ops: dict[str, float] = {
        "schedule": 2.2,
        "add_step": 2.0,
        "pause": 0.8,
        "resume": 0.7,
        "run_now": 0.8,
        "delete": 0.7,
        "rename": 0.8,
        "add_structure": 1.0,
        "set_limit": 2.2,
        "swap_to": 0.7,
        "swap_url": 0.5,
        "swap_step": 0.6,
        "double_limit": 0.25,
        "half_limit": 0.25,
        "clear_limit": 0.3,
        "set_topic": 1.5,
        "set_query": 0.6,
        "set_sentences": 0.8,
        "set_url": 1.2,
        "add_url": 1.1,
        "remove_url": 0.6,
        "add_to": 1.6,
        "set_to": 1.3,
        "remove_to": 0.9,
        "set_title": 0.9,
        "set_subject": 0.6,
        "set_name": 0.6,
        "set_channel": 0.6,
        "remove_step": 1.6,
    }
    if scheduled:
        ops["unschedule"] = 0.5
    if tags:
        ops["remove_structure"] = 1.5
    op = rng.choices(list(ops), weights=list(ops.values()))[0]
    s = dict(surfaces)

    def told() -> str:
        return _text(rng, op, s, texts)

    if op in ("pause", "resume", "run_now", "delete", "unschedule"):
        return told(), op, {"do": op}
    if op == "rename":
        new = words.job_name(rng)
        surface, ref = wrap(rng.choice([new, new, f'"{new}"']))
        s["newname"] = surface
        return told(), op, {"do": "rename", "name": ref}
    if op == "schedule":
        surface, ref = wrap(
            times.when(rng, lang)
            if rng.random() < 0.7
            else (
                {
                    "en": "at ",
                    "de": "um ",
                    "fr": "à ",
                    "es": "a las ",
                    "it": "alle ",
                    "pt": "às ",
                    "nl": "om ",
                }[lang]
                + times.clock(rng, lang)
            )
        )
        s["when"] = surface
        return told(), op, {"do": "schedule", "when": ref}
    if op == "remove_structure":
        tag = rng.choice(tags)
        s["tag"] = rng.choice(TAGS[tag].split("|"))
        return told(), op, {"do": "remove_structure", "tag": tag}
    if op == "remove_step":
        number = rng.randint(1, len(chain))
        if sum(step.skill == chain[number - 1].skill for step in chain) > 1:
            return None
        if lang == "en":
            s["thing"] = rng.choice(NAMED[chain[number - 1].skill].split("|"))
        else:
            from importlib import import_module

            from training.samples import _MODULES

            things = import_module(f"training.languages.{_MODULES[lang]}").THINGS
            if chain[number - 1].skill not in things:
                return None
            s["thing"] = rng.choice(things[chain[number - 1].skill].split("|"))
        return told(), op, {"do": "remove_step", "step": number}
    if op == "swap_step":
        return _swapped(rng, lang, chain)
    if op == "add_step":
        return _added(rng, lang, chain)
    if op == "add_structure":
        rule = rng.choice(["RETRYING", "TIMEOUT", "ALERT", "APPROVING"])
        clause = say(rng, lang, rule)
        made = clause.steps[0]
        if made.skill == "@approve":
            number = _place(chain, ("send_email", "notify", "http_request", "save_file"))
            if number:
                made.args["step"] = ("literal", number)
        return clause.text, op, {"do": "add_structure", "tag": made.skill[1:], "fill": made}
    return _value_change(rng, op, chain, s, told)


def _added(
    rng: random.Random, lang: str, chain: list[Step]
) -> tuple[str, str, dict[str, Any]] | None:
    have = {step.skill for step in chain}
    rule, skill = rng.choice(
        [
            ("MAILING", "send_email"),
            ("SAVING", "save_file"),
            ("SAVING", "save_file"),
            ("NOTIFYING", "notify"),
            ("NOTIFYING", "notify"),
            ("SUMMING", "summarize_items"),
            ("LETTER", "compile_newsletter"),
            ("RANKING", "rank_items"),
            ("EXTRACTING", "extract_article"),
            ("POSTING", "http_request"),
        ]
    )
    if skill in have:
        return None
    clause = say(rng, lang, rule)
    made: dict[str, Any] = {"do": "add_step", "skill": "", "fill": clause.steps[0]}
    text = clause.text
    late = _place(chain, ("send_email", "notify", "save_file"))
    first = next(
        (
            i
            for i, step in enumerate(chain, 1)
            if step.skill in ("send_email", "notify", "save_file", "compile_newsletter")
        ),
        None,
    )
    also = {
        "en": ["also ", "and also ", "in addition, ", "additionally ", ""],
        "de": ["außerdem ", ""],
        "fr": ["aussi : ", ""],
        "es": ["además, ", ""],
        "it": ["inoltre ", ""],
        "pt": ["além disso, ", ""],
        "nl": ["verder: ", ""],
    }[lang]
    if skill in ("send_email", "save_file", "notify", "http_request"):
        text = rng.choice(also) + text
        if lang == "en" and rng.random() < 0.25:
            text += rng.choice([" as well", " too", " in the end", " at the end", " afterwards"])
    elif first is not None and late is not None:
        made["before"] = first
        if lang == "en" and rng.random() < 0.6:
            text += rng.choice(
                [
                    " first",
                    " before sending",
                    " before that",
                    " before mailing it",
                    " beforehand",
                    " before it goes out",
                ]
            )
    return text, "add_step", made


def _swapped(
    rng: random.Random, lang: str, chain: list[Step]
) -> tuple[str, str, dict[str, Any]] | None:
    """One way of delivery for another: `don't mail it, save it as x.md instead`."""
    if lang != "en":
        return None
    here = [
        i for i, step in enumerate(chain, 1) if step.skill in ("send_email", "save_file", "notify")
    ]
    rule, skill = rng.choice(
        [("MAILING", "send_email"), ("SAVING", "save_file"), ("NOTIFYING", "notify")]
    )
    if len(here) != 1 or chain[here[0] - 1].skill == skill:
        return None
    away = {
        "send_email": "don't mail it|do not send a mail|no mail|don't email it|instead of mailing it|rather than a mail|stop mailing it",
        "save_file": "don't save it|no file|do not store it|instead of the file|rather than saving it",
        "notify": "don't post it|no notification|don't tell the channel|instead of the channel message",
    }[chain[here[0] - 1].skill]
    clause = say(rng, lang, rule)
    text = (
        rng.choice(away.split("|"))
        + rng.choice([", ", ", but ", "; ", " - "])
        + clause.text
        + rng.choice(["", " instead", " instead", " please"])
    )
    gone = {"do": "remove_step", "step": here[0]}
    return (
        text,
        "swap_step",
        gone | {"also": {"do": "add_step", "skill": "", "fill": clause.steps[0]}},
    )


def _value_change(
    rng: random.Random, op: str, chain: list[Step], s: dict[str, str], told: Any
) -> tuple[str, str, dict[str, Any]] | None:
    do, _, what = op.partition("_")
    where = {
        "limit": ("rank_items", "fetch_feed", "web_search", "scrape_page"),
        "topic": ("rank_items",),
        "query": ("web_search",),
        "sentences": ("summarize_items",),
        "url": ("fetch_feed", "scrape_page", "http_request"),
        "to": ("send_email",),
        "title": ("compile_newsletter",),
        "subject": ("send_email",),
        "name": ("save_file",),
        "channel": ("notify",),
    }[what]
    number = None
    for skill in where:
        number = _place(chain, (skill,))
        if number and (
            what != "limit" or "limit" in chain[number - 1].args or skill == "rank_items"
        ):
            break
    if not number:
        return None
    step = chain[number - 1]
    key = "urls" if what == "url" and step.skill == "fetch_feed" else what
    old = step.args.get(key)
    if op in ("double_limit", "half_limit", "clear_limit"):
        if old is None:
            return None
        if op == "clear_limit":
            return told(), op, {"do": "clear", "step": number, "key": key}
        return told(), op, {"do": "set", "step": number, "key": key, "value": do}
    if old is not None:
        s["old"] = str(old[0] if isinstance(old, list) else old)
    if do in ("add", "remove") and step.skill not in ("fetch_feed", "send_email"):
        return None
    if do == "swap":
        if not isinstance(old, list):
            return None
        new = words.mail(rng) if what == "to" else words.feed_url(rng)
        gone, was = wrap(rng.choice(old))
        surface, ref = wrap(new)
        s |= {"oldmail": gone, "oldurl": gone, "mail": surface, "url": surface}
        if len(old) == 1:
            return told(), op, _set("set", number, step.skill, key, ref)
        s["second"] = ""
        text = told()
        return (
            text,
            op,
            _set("remove", number, step.skill, key, was)
            | {"also": _set("add", number, step.skill, key, ref)},
        )
    if do == "remove":
        if not isinstance(old, list):
            return None
        surface, ref = wrap(rng.choice(old))
        s["oldurl" if what == "url" else "oldmail"] = surface
        return told(), op, _set("remove", number, step.skill, key, ref)
    made = {
        "limit": lambda: words.number(rng), "sentences": lambda: words.number(rng, 2, 6), "topic": lambda: words.topic(rng), "query": lambda: words.topic(rng),
        "url": lambda: words.feed_url(rng) if step.skill == "fetch_feed" else words.api_url(rng) if step.skill == "http_request" else words.page_url(rng),
        "to": lambda: words.mail(rng), "title": lambda: rng.choice(['"{}"', "{}"]).format(words.title(rng)), "subject": lambda: rng.choice(['"{}"', "{}"]).format(words.title(rng)),
        "name": lambda: words.filename(rng), "channel": lambda: "#" + words.channel(rng),
    }[what]()  # fmt: skip
    surface, ref = wrap(made)
    s[
        {
            "limit": "n",
            "sentences": "n",
            "topic": "topic",
            "query": "topic",
            "url": "url",
            "to": "mail",
            "title": "title",
            "subject": "title",
            "name": "file",
            "channel": "chan",
        }[what]
    ] = surface
    text = told()
    if isinstance(old, list) and len(old) > 1 and do == "set":
        return None
    return text, op, _set(do, number, step.skill, key, ref)
