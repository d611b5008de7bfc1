"""Times, days and places in line as people write them in a site file: each is read, or refused with a remedy."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final, TypeGuard

from pydantic import Field, PlainValidator, Strict, StringConstraints

from queue_server.core.rules import Back, BackAt, places

DAY_MINUTES: Final = 24 * 60
MOST_PLACES: Final = 99
YEARS: Final = range(2000, 2101)
BIRTH_YEARS: Final = range(1900, 2101)
LONGEST_CLOSED_DAYS: Final = 366

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ZH_WEEKDAYS: Final = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_SPAN: Final = re.compile(r"\s*(\d{1,2})[:：](\d{2})\s*[-–—~～至]\s*(\d{1,2})[:：](\d{2})\s*")
_WORDS: Final = {
    "line": BackAt.LINE,
    "period_end": BackAt.PERIOD_END,
    "half_day_end": BackAt.HALF_DAY_END,
    "void": BackAt.VOID,
}


# ---- lengths of time ----------------------------------------------------------------------------


def _minutes(given: object) -> timedelta:
    if _is_whole(given) and 0 <= given <= DAY_MINUTES:
        return timedelta(minutes=given)
    raise ValueError(f"write minutes as a whole number from 0 to {DAY_MINUTES}, without quotes")


def _some_minutes(given: object) -> timedelta:
    if _is_whole(given) and 0 < given <= DAY_MINUTES:
        return timedelta(minutes=given)
    raise ValueError(f"write minutes as a whole number from 1 to {DAY_MINUTES}, without quotes")


def _early(given: object) -> timedelta | None:
    if given == "any":
        return None
    if given == "none":
        return timedelta()
    try:
        return _minutes(given)
    except ValueError:
        raise ValueError(
            'write minutes as in 30, "any" (any time of the day) or "none" (not before the slot)'
        ) from None


def _own_doctor(given: object) -> timedelta | None:
    if given == "forever":
        return None
    try:
        return _minutes(given)
    except ValueError:
        raise ValueError('write minutes as in 15, or "forever"') from None


def _hours(given: object) -> timedelta:
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 < given <= 24 * 366:
        return timedelta(hours=given)
    raise ValueError("write hours as a number, as in 24")


def _period(given: object) -> timedelta:
    if _is_whole(given) and 5 <= given <= DAY_MINUTES and DAY_MINUTES % given == 0:
        return timedelta(minutes=given)
    raise ValueError("write minutes that divide a day evenly, as in 30, 60 or 120")


# ---- places in line -----------------------------------------------------------------------------


def _back(given: object) -> Back:
    if _is_whole(given) and 1 <= given <= MOST_PLACES:
        return places(given)
    if isinstance(given, str) and given in _WORDS:
        return Back(_WORDS[given])
    raise ValueError(
        f'write places as in 3 (1 to {MOST_PLACES}), or "line", "period_end", "half_day_end" or "void"'
    )


def _return(given: object) -> Back:
    back = _back(given)
    if back.at is BackAt.VOID:
        raise ValueError(
            'a family with results must come back in; write "line", places as in 3, or "period_end"'
        )
    return back


def _misses(given: object) -> tuple[Back, ...]:
    if not isinstance(given, list | tuple) or not given:
        raise ValueError('write a list, one entry a miss, as in [3, 3, "half_day_end", "void"]')
    backs = tuple(map(_back, given))
    if any(back.at is BackAt.VOID for back in backs[:-1]):
        raise ValueError('nothing comes after "void"; put it last')
    return backs


# ---- times of the day, and days -----------------------------------------------------------------


def _span(given: object) -> tuple[time, time]:
    written = _SPAN.fullmatch(given) if isinstance(given, str) else None
    if not written:
        raise ValueError("write from–to as in 08:00-12:00")
    hours, minutes = map(int, written.groups()[::2]), map(int, written.groups()[1::2])
    try:
        begin, end = map(time, hours, minutes)
    except ValueError:
        raise ValueError("there is no such time; write from–to as in 08:00-12:00") from None
    if begin >= end:
        raise ValueError("it must begin before it ends, as in 08:00-12:00")
    return begin, end


def _day(given: object, years: range = YEARS) -> date:
    found = _as_date(given)
    if found is None:
        raise ValueError("write a day as in 2026-03-02")
    if found.year not in years:
        raise ValueError(f"the year must lie from {years[0]} to {years[-1]}")
    return found


def _birth(given: object) -> date:
    return _day(given, BIRTH_YEARS)


def _as_date(given: object) -> date | None:
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    try:
        return date.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return None


def _days(given: object) -> frozenset[int]:
    if not isinstance(given, list | tuple) or not given:
        raise ValueError('write a list of days, as in ["mon", "tue"] or ["mon-fri"]')
    return frozenset(number for each in given for number in _weekdays(each))


def _weekdays(given: object) -> Iterable[int]:
    names = [name.strip().lower() for name in given.split("-")] if isinstance(given, str) else []
    numbers = [number for name in names for number in _weekday(name)]
    if not numbers or len(numbers) != len(names) or len(numbers) > 2 or numbers[0] > numbers[-1]:
        raise ValueError(
            f'{given!r} is no day; write {", ".join(WEEKDAYS)} (or 周一 … 周日), or a stretch as in "mon-fri"'
        )
    return range(numbers[0], numbers[-1] + 1)


def _weekday(name: str) -> Iterable[int]:
    return (number for number in range(7) if name in (WEEKDAYS[number], _ZH_WEEKDAYS[number]))


def _closed(given: object) -> frozenset[date]:
    if not isinstance(given, list | tuple):
        raise ValueError('write a list of days, as in [2026-05-01, "2026-10-01/2026-10-07"]')
    return frozenset(day for each in given for day in _stretch(each))


def _stretch(given: object) -> Iterable[date]:
    first, _, last = given.partition("/") if isinstance(given, str) else (given, "", "")
    begin = _day(first)
    end = _day(last) if last else begin
    if not 0 <= (end - begin).days <= LONGEST_CLOSED_DAYS:
        raise ValueError(f"{given!r} must begin before it ends, and last a year at most")
    return (begin + timedelta(days=count) for count in range((end - begin).days + 1))


def _is_whole(given: object) -> TypeGuard[int]:
    return isinstance(given, int) and not isinstance(given, bool)


# ---- as the tables use them ---------------------------------------------------------------------

Minutes = Annotated[timedelta, PlainValidator(_minutes)]
SomeMinutes = Annotated[timedelta, PlainValidator(_some_minutes)]
EarlyMinutes = Annotated[timedelta | None, PlainValidator(_early)]
OwnDoctorMinutes = Annotated[timedelta | None, PlainValidator(_own_doctor)]
Hours = Annotated[timedelta, PlainValidator(_hours)]
PeriodMinutes = Annotated[timedelta, PlainValidator(_period)]
ReturnAt = Annotated[Back, PlainValidator(_return)]
MissedAt = Annotated[tuple[Back, ...], PlainValidator(_misses)]
Span = Annotated[tuple[time, time], PlainValidator(_span)]
Day = Annotated[date, PlainValidator(_day)]
BirthDay = Annotated[date, PlainValidator(_birth)]
Weekdays = Annotated[frozenset[int], PlainValidator(_days)]
ClosedDays = Annotated[frozenset[date], PlainValidator(_closed)]

Words = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")]
DoctorPrefix = Annotated[str, StringConstraints(pattern=r"^[A-Z]{0,2}$")]
OnOff = Annotated[bool, Strict()]
Whole = Annotated[int, Strict(), Field(ge=1, le=999)]
Months = Annotated[int, Strict(), Field(ge=0, le=12 * 150)]
