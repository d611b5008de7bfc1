"""Arithmetic on spans, against counting minute by minute."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_server.reports.intervals import Span, common, joined, total, without
from tests.queue_server.core.makers import NINE

MINUTES = st.integers(0, 40)
SPANS = st.lists(st.tuples(MINUTES, MINUTES), max_size=8)


def spans(pairs: list[tuple[int, int]]) -> list[Span]:
    return [(NINE + timedelta(minutes=a), NINE + timedelta(minutes=b)) for a, b in pairs]


def minutes(pairs: list[tuple[int, int]]) -> set[int]:
    return {minute for a, b in pairs for minute in range(a, b)}


def counted(found: list[Span]) -> int:
    return round(total(found).total_seconds() / 60)


@given(SPANS, SPANS)
def test_spans_are_as_long_as_their_minutes(
    ones: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    left, right = minutes(ones), minutes(others)
    assert counted(joined(spans(ones))) == len(left)
    assert counted(common(spans(ones), spans(others))) == len(left & right)
    assert counted(without(spans(ones), spans(others))) == len(left - right)
