"""Whatever comes over MQTT, there is an answer."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import MAX_BYTES, AgentHealth, ButtonPressed, Show
from queue_server.cards import CardDesk, CardLists
from queue_server.ingest import Delivered, Heard, Ingest, Sensed
from queue_server.journal import Rejected
from tests.queue_server.core.makers import NINE, small_site
from tests.queue_server.shell import INSTALL, TOPICS, Agent

INGEST = Ingest("test", CardDesk(CardLists, small_site().day))
CARD = TOPICS.agent("k1", "card")


def read(topic: str, payload: bytes) -> Sensed | Heard | Rejected | None:
    return INGEST.read(Delivered(topic, payload, NINE))


def rejected(topic: str, payload: bytes) -> Rejected:
    found = read(topic, payload)
    assert isinstance(found, Rejected), found
    return found


def changed(message: tuple[str, bytes], **attributes: object) -> tuple[str, bytes]:
    topic, payload = message
    return topic, json.dumps({**json.loads(payload), **attributes}).encode()


def test_a_good_scan_is_read_with_its_number() -> None:
    found = read(*Agent().scan("HIS-0001"))
    assert isinstance(found, Sensed)
    assert (found.agent, found.install, found.seq) == ("k1", INSTALL, 1)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "not_json"),
        (b"hello", "not_json"),
        (b"\xff\xfe\x00", "not_json"),
        (b"[1, 2]", "not_an_envelope"),
        (b'{"specversion": "1.0"}', "not_an_envelope"),
        (b"x" * (MAX_BYTES + 1), "too_big"),
        (b'{"a":' * 30_000, "too_big"),
        (b"[" * 60_000, "not_json"),
        (bytes(1024 * 1024), "too_big"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_no_message_of_ours_is_kept_with_its_reason(payload: bytes, reason: str) -> None:
    found = rejected(CARD, payload)
    assert (found.reason, found.agent, found.payload) == (reason, "k1", payload)
    assert found.detail


@pytest.mark.parametrize(
    "topic",
    [
        "daozhen/v1/other/edge/k1/card",
        "daozhen/v1/test/edge//card",
        "daozhen/v1/test/edge/K1!/card",
        "daozhen/v1/test/edge/k1\n/card",
        "(not UTF-8)",
        "",
    ],
)
def test_a_topic_that_no_agent_of_this_site_has_is_refused(topic: str) -> None:
    found = rejected(topic, Agent().scan("HIS-1")[1])
    assert (found.reason, found.agent) == ("wrong_topic", None)


def test_a_message_of_another_site_is_refused_and_counts_as_taken() -> None:
    found = rejected(*changed(Agent().scan("HIS-1"), site="other"))
    assert (found.reason, found.install, found.seq) == ("wrong_site", INSTALL, 1)


def test_an_agent_can_not_speak_for_another() -> None:
    assert (
        rejected(*changed(Agent().scan("HIS-1"), source="/test/edge/k2")).reason == "wrong_source"
    )


def test_a_kind_has_its_place() -> None:
    agent = Agent()
    assert rejected(*agent.send("card", ButtonPressed(button="help"))).reason == "wrong_topic"
    assert rejected(*agent.send("card", Show(scan=rejected_id()))).reason == "wrong_topic"


def rejected_id() -> object:
    found = read(*Agent().scan("HIS-1"))
    assert isinstance(found, Sensed)
    return found.id


def test_an_unknown_kind_is_kept_counted_and_taken() -> None:
    found = rejected(*changed(Agent().scan("HIS-1"), type="daozhen.teleport.v9"))
    assert (found.reason, found.seq) == ("unknown_kind", 1)
    assert "daozhen.teleport.v9" in found.detail


def test_what_has_expired_means_nothing() -> None:
    agent = Agent()
    assert (
        rejected(*agent.scan("HIS-1", expirytime=NINE - timedelta(seconds=1))).reason == "expired"
    )


def test_a_scan_without_a_number_could_never_be_acknowledged() -> None:
    assert rejected(*Agent().scan("HIS-1", seq=None)).reason == "not_numbered"
    assert rejected(*Agent().scan("HIS-1", install=None)).reason == "not_numbered"


def test_an_install_that_is_none_is_not_remembered() -> None:
    found = rejected(*changed(Agent().scan("HIS-1"), install="not-hexadecimal!"))
    assert (found.reason, found.install, found.seq) == ("not_an_envelope", None, None)


def test_fields_of_a_newer_version_are_ignored() -> None:
    topic, payload = Agent().scan("HIS-1")
    envelope = json.loads(payload)
    envelope["colour"] = "green"
    envelope["data"]["colour"] = "green"
    assert isinstance(read(topic, json.dumps(envelope).encode()), Sensed)


def test_a_cleared_birth_is_nothing() -> None:
    assert read(TOPICS.agent("k1", "state"), b"") is None


def test_health_is_heard() -> None:
    found = read(*Agent().send("health", AgentHealth(outbox_waiting=3), seq=None))
    assert isinstance(found, Heard)


@given(st.text(max_size=60), st.binary(max_size=300))
def test_nothing_that_comes_raises(topic: str, payload: bytes) -> None:
    read(topic, payload)
    read(CARD, payload)


@given(
    st.dictionaries(
        st.sampled_from(["type", "time", "site", "seq", "install", "data", "source", "id"]),
        st.one_of(st.none(), st.integers(), st.text(max_size=20), st.just({}), st.just([])),
        max_size=4,
    )
)
def test_no_mangled_envelope_raises(attributes: dict[str, object]) -> None:
    found = read(*changed(Agent().scan("HIS-0001"), **attributes))
    if isinstance(found, Sensed):
        INGEST.command_of(found)
