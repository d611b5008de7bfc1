"""A phone proves that it holds the key, here and now."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from protocol.checkin_token import Question, proof_is_good, prove, read_question

KEY = bytes(range(16))
QUESTION = Question(bytes(16), "door-a", 1969360)


def test_the_answer_of_the_holder_is_good() -> None:
    assert proof_is_good(KEY, QUESTION, prove(KEY, QUESTION))


def test_an_answer_is_good_for_one_nonce_one_agent_one_window() -> None:
    proof = prove(KEY, QUESTION)
    for other in (
        replace(QUESTION, nonce=b"\1" * 16),
        replace(QUESTION, agent="door-b"),
        replace(QUESTION, window=QUESTION.window + 1),
    ):
        assert not proof_is_good(KEY, other, proof)
    assert not proof_is_good(bytes(16), QUESTION, proof)
    assert not proof_is_good(KEY, QUESTION, proof[:7])


@given(
    st.binary(min_size=16, max_size=16),
    st.from_regex(r"[a-z0-9][a-z0-9_-]{0,39}", fullmatch=True),
    st.integers(0, 2**32 - 1),
)
def test_a_question_is_read_as_it_was_asked(nonce: bytes, agent: str, window: int) -> None:
    question = Question(nonce, agent, window)
    assert read_question(bytes(question)) == question


@given(st.binary(max_size=80))
def test_whatever_is_written_is_a_question_or_none(raw: bytes) -> None:
    question = read_question(raw)
    assert question is None or bytes(question) == raw
