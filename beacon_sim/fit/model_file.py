"""The model of a day as a TOML file: what a fit writes, and `read_model` reads back."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

from beacon_sim.day.model import DayModel, Session, Windows
from beacon_sim.fit.errors import FitError

NESTED: Final = ("sessions", "windows")
WHOLE: Final = frozenset({"visits", "departments"})
PAIRS: Final = frozenset({"walk_in_shape", "first_means"})
SHARES: Final = frozenset(
    {
        "booked", "no_show", "named", "sibling", "looks_at_results", "labs", "blood", "urine", "stool",
        "other_test", "rule_fits", "rule_errs", "accepts", "prescription", "pays_at_window", "phone",
        "leaves", "sensed", "push_brings",
    }
)  # fmt: skip


def model_lines(model: DayModel, said: Mapping[str, str]) -> Iterator[str]:
    """The file, line by line; `said` has a remark for each figure that there is one for."""
    yield "# The model of a day; beacon-sim fit wrote it. Minutes, and shares of one. A figure left out has its default."
    for each in fields(DayModel):
        if each.name in NESTED:
            continue
        value = getattr(model, each.name)
        remark = f"  # {said[each.name]}" if each.name in said else ""
        yield f"{each.name} = {_toml(value)}{remark}"
    yield "\n[windows]"
    for each in fields(Windows):
        yield f"{each.name} = {getattr(model.windows, each.name)}"
    for session in model.sessions:
        yield "\n[[sessions]]"
        for each in fields(Session):
            yield f"{each.name} = {_toml(getattr(session, each.name))}"


def write_model(model: DayModel, path: Path, said: Mapping[str, str] | None = None) -> None:
    """Write a model file.

    Raises:
        FitError: it can't be written.
    """
    try:
        path.write_text("\n".join(model_lines(model, said or {})) + "\n", encoding="utf-8")
    except OSError as error:
        raise FitError(f"{path} can't be written: {error.strerror}.") from error


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(each) for each in value)}]"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def read_model(path: Path) -> DayModel:
    """Read a model file; a figure that it leaves out has its default.

    Raises:
        FitError: it can't be read, or a figure can't be; the sentence names the figure.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FitError(f"{path} can't be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FitError(f"{path} is not TOML: {error}.") from error
    known = {each.name for each in fields(DayModel)}
    unknown = sorted(given.keys() - known)
    if unknown:
        raise FitError(f"{path}: there is no figure {unknown[0]!r} in the model of a day.")
    try:
        model = replace(DayModel(), **{name: _figure(name, value) for name, value in given.items()})
    except _Wrong as error:
        raise FitError(f"{path}: {error}") from error
    return model


class _Wrong(ValueError):
    pass


def _figure(name: str, value: Any) -> Any:  # what TOML gives, and what the field holds
    if name == "windows":
        return _windows(value)
    if name == "sessions":
        return _sessions(value)
    if name == "slot_shares" or name in PAIRS:
        return _several(name, value)
    number = _number(name, value)
    if name in SHARES and not 0 <= number <= 1:
        raise _Wrong(f"{name} is a share, from 0 to 1, not {value}.")
    if name in WHOLE:
        if number != int(number) or number < 1:
            raise _Wrong(f"{name} is a whole number of 1 or more, not {value}.")
        return int(number)
    return number


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e6 < value < 1e6:
        raise _Wrong(f"{name} is a number, not {value!r}.")
    if value < 0 and name != "early_mean":
        raise _Wrong(f"{name} can't be below zero ({value}).")
    return float(value)


def _several(name: str, value: object) -> tuple[float, ...]:
    if not isinstance(value, list) or not value or (name in PAIRS and len(value) != 2):
        raise _Wrong(f"{name} is a list of {'two' if name in PAIRS else 'some'} numbers.")
    numbers = tuple(_number(name, each) for each in value)
    if name == "slot_shares":
        return _to_one(name, numbers)
    if min(numbers) <= 0:
        raise _Wrong(f"{name} holds numbers above zero.")
    return numbers


def _to_one(name: str, shares: tuple[float, ...]) -> tuple[float, ...]:
    total = sum(shares)
    if not 0.98 <= total <= 1.02:
        raise _Wrong(f"{name} must come to 1, not to {total:.3g}.")
    return tuple(each / total for each in shares)


def _windows(value: object) -> Windows:
    if not isinstance(value, dict):
        raise _Wrong("windows is a table of whole numbers.")
    known = {each.name for each in fields(Windows)}
    for name, count in value.items():
        if name not in known:
            raise _Wrong(f"windows has no {name!r}; it has {', '.join(sorted(known))}.")
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 10_000:
            raise _Wrong(f"windows.{name} is a whole number of 1 or more, not {count!r}.")
    return Windows(**value)


def _sessions(value: object) -> tuple[Session, ...]:
    if not isinstance(value, list) or not value:
        raise _Wrong("sessions is a list of tables with start, end and share.")
    found = []
    for each in value:
        if not isinstance(each, dict) or set(each) != {"start", "end", "share"}:
            raise _Wrong("each of sessions has start, end and share.")
        session = Session(**{name: _number(f"sessions.{name}", x) for name, x in each.items()})
        if not session.start < session.end <= 1440 or session.share > 1:
            raise _Wrong(
                "a session ends after its start and before midnight; its share is at most 1."
            )
        found.append(session)
    shares = _to_one("the shares of sessions", tuple(each.share for each in found))
    return tuple(replace(s, share=share) for s, share in zip(found, shares, strict=True))
