"""What a request is about is found exactly, in seven languages."""

from __future__ import annotations

import pytest

from assistant.grounding.topics import topics


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        ("<when1> make me a newsletter of the <num1> best stories about batteries from <feed1> and mail it to <mail1>", ["batteries"]),
        ("send the <num1> best articles about solar power from <feed1> to <mail1>", ["solar power"]),
        ("mail <mail1> the <num1> most important posts on gardening from <feed1> <when1>", ["gardening"]),
        ("top <num1> news about AI safety from <feed1>, summarised, to <mail1>", ["AI safety"]),
        ("rank <feed1> by how much it is about perovskite solar cells, take <num1>", ["perovskite solar cells"]),
        ("anything about wind and solar power, save as <file1>", ["wind and solar power"]),
        ("stories about owls and mail them to <mail1>", ["owls"]),
        ("<num1> stories about the old harbour in a newsletter called <quote1>", ["old harbour"]),
        ("posts concerning R&D tax credits to <chan1>", ["R&D tax credits"]),
        ("<when1> die <num1> besten Meldungen über Wärmepumpen aus <feed1> an <mail1>", ["Wärmepumpen"]),
        ("envoie-moi <when1> les <num1> articles sur les abeilles sauvages de <feed1>", ["abeilles sauvages"]),
        ("cada viernes las noticias sobre energía solar de <feed1>", ["energía solar"]),
        ("le notizie sul calcio femminile da <feed1> a <mail1>", ["calcio femminile"]),
        ("quero todas as notícias sobre baterias do <feed1>, por favor, para <mail1>", ["baterias"]),
        ("de beste verhalen over schaatsen uit <feed1> naar <mail1>", ["schaatsen"]),
        ("read <feed1> and mail the newest <num1> to <mail1>", []),
        ("post it on <when1>", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_topic_is_the_words_after_about_up_to_the_next_thing(request_: str, found: list[str]):
    assert topics(request_) == found


def test_endless_text_is_read_in_time_and_no_topic_is_longer_than_eight_words():
    told = topics("about " + "word " * 5000)
    assert [len(topic.split()) for topic in told] == [8]
