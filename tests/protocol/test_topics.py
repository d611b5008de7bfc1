"""The topic tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import AgentTopic, BadName, Topics

TOPICS = Topics("north")


def test_what_is_built_is_taken_apart_again() -> None:
    assert TOPICS.agent("k01", "card") == "daozhen/v1/north/edge/k01/card"
    assert TOPICS.parse_agent(TOPICS.agent("k01", "card")) == AgentTopic("k01", "card")


@pytest.mark.parametrize(
    "name", ["", "K01", "a/b", "a+b", "#", "-a", "a" * 41, "张宝", "a b", "a\n"]
)
def test_a_name_that_cant_stand_in_a_topic_is_refused(name: str) -> None:
    with pytest.raises(BadName):
        TOPICS.agent(name, "card")


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "daozhen/v1/south/edge/k01/card",
        "daozhen/v1/north/edge/k01",
        "daozhen/v1/north/edge/k01/a/b",
    ],
)
def test_topics_of_another_form_or_site_are_not_taken_for_ours(topic: str) -> None:
    assert TOPICS.parse_agent(topic) is None


@given(st.text())
def test_no_topic_raises(topic: str) -> None:
    TOPICS.parse_agent(topic)
