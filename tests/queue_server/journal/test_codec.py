"""Events as JSON."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.core.events import EVENTS, Event
from queue_server.errors import JournalDamaged
from queue_server.journal import decode_event, encode_event

MOMENTS = st.integers(0, 2**52).map(
    lambda us: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(0, 0, us)
)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(codec="utf-8"), max_size=10),
    int: st.integers(0, 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    datetime: MOMENTS,
    date: st.dates(),
    timedelta: st.integers(0, 2**40).map(lambda us: timedelta(0, 0, us)),
    NoneType: st.none(),
}


def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    if kind in SIMPLE:
        return SIMPLE[kind]
    if get_origin(kind) is tuple:
        return st.lists(any_of(get_args(kind)[0]), max_size=3).map(tuple)
    if get_origin(kind) is frozenset:
        return st.frozensets(any_of(get_args(kind)[0]))
    if isinstance(kind, UnionType):
        return st.one_of(*map(any_of, get_args(kind)))
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    hints = get_type_hints(kind)
    names = kind._fields if issubclass(kind, tuple) else [each.name for each in fields(kind)]
    return st.builds(kind, **{name: any_of(hints[name]) for name in names})


@pytest.mark.parametrize("kind", EVENTS.values(), ids=lambda kind: kind.__name__)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_event_comes_back_as_it_was(kind: type[Event], data: st.DataObject) -> None:
    event = data.draw(any_of(kind))
    type_name, visit, body = encode_event(event)
    assert decode_event(1, type_name, body) == event
    assert type_name == kind.__name__
    assert visit == getattr(event, "visit", None)


def test_an_unknown_type_is_named_with_its_position() -> None:
    with pytest.raises(JournalDamaged, match=r"Event 17 .* unknown type 'Teleported'"):
        decode_event(17, "Teleported", "{}")


@pytest.mark.parametrize("body", ["", "{", "[]", '{"at": "yesterday"}', '{"at": 5}', "{}", "null"])
def test_a_body_that_does_not_fit_is_named_with_its_position(body: str) -> None:
    with pytest.raises(JournalDamaged, match=r"Event 3 .*\(Called\) can't be read"):
        decode_event(3, "Called", body)


def test_a_field_of_a_newer_version_is_ignored() -> None:
    body = '{"at":"2026-03-02T01:00:00Z","version":"v1","colour":"green"}'
    event = decode_event(1, "SiteLoaded", body)
    assert encode_event(event)[2] == '{"at":"2026-03-02T01:00:00Z","version":"v1","text":""}'


def test_names_are_stored_as_people_write_them() -> None:
    event = EVENTS["PatientNamed"](datetime(2026, 3, 2, tzinfo=UTC), "p1", "张小宝")  # type: ignore[call-arg]  # the class is only known by name here
    assert "张小宝" in encode_event(event)[2]
