"""The published vectors, checked as an app developer would."""

import base64
import json
from datetime import UTC, date, datetime
from pathlib import Path

from daozhen.card_vectors import vectors
from protocol.card import Card, Key, KeySet, Problem, Use, check_card, read_card

PUBLISHED = json.loads((Path(__file__).parents[3] / "docs" / "vectors" / "evc.json").read_text())
NOW = datetime.fromtimestamp(PUBLISHED["time"]["unix"], UTC)


def verdict(text: str) -> Problem | None:
    key = Key(
        kid=1,
        public=PUBLISHED["issuer"]["public_base64"].encode(),
        first_day=date(2026, 1, 1),
        last_day=date(2027, 1, 1),
        uses=frozenset(Use),
    )
    card = read_card(text)
    if not isinstance(card, Card):
        assert isinstance(card, Problem)
        return card
    return check_card(
        card, KeySet(counter=1, issued_at=NOW, keys=(key,)), None, now=NOW, today=NOW.date()
    )


def test_the_good_ones_are_good() -> None:
    assert [verdict(each["text"]) for each in PUBLISHED["good"]] == [None] * 3


def test_the_bad_ones_have_the_problem_that_is_published() -> None:
    assert [verdict(each["text"]) for each in PUBLISHED["bad"]] == [
        each["problem"] for each in PUBLISHED["bad"]
    ]


def test_what_is_deterministic_is_made_again_to_the_letter() -> None:
    again = json.loads(json.dumps(vectors()))
    for made in (again, PUBLISHED):
        made["good"][2].pop("text", None)
    assert again == PUBLISHED
    assert base64.b64decode(again["issuer"]["public_base64"])
