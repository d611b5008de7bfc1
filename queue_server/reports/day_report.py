"""The report of one day (日报) as values: asked of the tables here, drawn by `charts`, worded by `day_words`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlite_utils import Database

from queue_server.core.vocabulary import Name, StepKind
from queue_server.reports.schema import is_there
from queue_server.reports.tables import view_query

KINDS: Final = {kind.value: n for n, kind in enumerate(StepKind)}
MOST_BY_HAND: Final = 200
"""So many acts by hand are listed; the CSV has all."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The day in a few figures; lengths in minutes, None where there is nothing to measure."""

    registered: int = 0
    checked_in: int = 0
    finished: int = 0
    no_show: int = 0
    cancelled: int = 0
    left_line: int = 0
    open: int = 0
    """Visits that are not over."""
    calls: int = 0
    missed: int = 0
    overtakes: int = 0
    """Calls that went before somebody who counts as earlier."""
    wait_p50: float | None = None
    """Of first consults."""
    wait_p90: float | None = None
    door_to_door_p50: float | None = None


@dataclass(frozen=True, slots=True)
class HourWait:
    """Waiting of those who came into a line in one hour; minutes."""

    hour: int
    count: int
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class LineDay:
    """One line's day."""

    group: str
    name: Name
    kind: str
    steps: int
    served: int
    calls: int
    missed: int
    left_line: int
    count: int
    p50: float | None
    p90: float | None
    hours: tuple[HourWait, ...]
    points: tuple["PointRow", ...]


@dataclass(frozen=True, slots=True)
class HourFlow:
    """What happened in one hour."""

    hour: int
    arrived: int
    seen: int
    served: int
    called: int
    missed: int


@dataclass(frozen=True, slots=True)
class Overtaking:
    """Calls out of order, by why."""

    why: str
    calls: int
    families: int


@dataclass(frozen=True, slots=True)
class ByHand:
    """A call by name, or another change of the order by staff."""

    at: str
    """ISO 8601, UTC."""
    what: str
    ticket: str
    group: Name
    detail: Name
    reason: str
    by: str
    overtook: int | None


@dataclass(frozen=True, slots=True)
class PointRow:
    """A room's or window's day; lengths in minutes."""

    point: str
    name: Name
    first_at: str
    last_at: str
    served: int
    calls: int
    missed: int
    busy: float
    calling: float
    idle_waiting: float
    idle_empty: float
    paused: float

    @property
    def parts(self) -> tuple[float, float, float, float, float]:
        """As they are stacked."""
        return (self.busy, self.calling, self.idle_waiting, self.idle_empty, self.paused)

    @property
    def length(self) -> float:
        """From its first sign of life to its last."""
        return sum(self.parts)


@dataclass(frozen=True, slots=True)
class DayReport:
    """Everything that the page of a day shows."""

    day: date
    as_of: str | None
    """Written at, of the last event that the tables speak of; ISO 8601, UTC."""
    totals: Totals
    lines: tuple[LineDay, ...] = ()
    flow: tuple[HourFlow, ...] = ()
    overtaking: tuple[Overtaking, ...] = ()
    by_hand: tuple[ByHand, ...] = ()
    before: date | None = None
    """The latest earlier day that has a report."""
    after: date | None = None

    @property
    def hours(self) -> range:
        """From the first hour of the day with anything in it to the last."""
        known = [each.hour for each in self.flow]
        known += [each.hour for line in self.lines for each in line.hours]
        return range(min(known), max(known) + 1) if known else range(0)


@dataclass(frozen=True, slots=True)
class DaySummary:
    """One day in the list of days."""

    day: date
    registered: int
    checked_in: int
    finished: int
    no_show: int
    wait: float | None
    """Mean of all waiting of a visit, minutes."""
    door_to_door: float | None


Row = Mapping[str, Any]  # columns are known by their names


def summaries(db: Database, most: int = 60) -> list[DaySummary]:
    """The latest days, the newest first."""
    if not is_there(db):
        return []
    rows = db.query("SELECT * FROM report_days ORDER BY day DESC LIMIT ?", [most])
    return [
        DaySummary(
            date.fromisoformat(row["day"]),
            row["registered"],
            row["checked_in"],
            row["finished"],
            row["no_show"],
            _minutes(row["wait_s"]),
            _minutes(row["door_to_door_s"]),
        )
        for row in rows
    ]


def day_report(db: Database, day: date) -> DayReport:
    """The report of a day; an empty one when nothing is known of it."""
    if not is_there(db):
        return DayReport(day, None, Totals())
    key = day.isoformat()
    as_of = _one(db, "SELECT value FROM report_about WHERE key = 'as_of'")
    before = _one(db, "SELECT max(day) AS value FROM report_visits WHERE day < ?", key)
    after = _one(db, "SELECT min(day) AS value FROM report_visits WHERE day > ?", key)
    return DayReport(
        day,
        as_of,
        _totals(db, key),
        tuple(_lines(db, key)),
        tuple(_flow(db, key)),
        tuple(_overtaking(db, key)),
        tuple(_by_hand(db, key)),
        date.fromisoformat(before) if before else None,
        date.fromisoformat(after) if after else None,
    )


def _totals(db: Database, day: str) -> Totals:
    found = next(iter(db.query(view_query("report_days", True), [day])), None)
    if found is None:
        return Totals()
    calls: Row = next(iter(db.query(_CALLS_OF_DAY, [day])))
    return Totals(
        found["registered"],
        found["checked_in"],
        found["finished"],
        found["no_show"],
        found["cancelled"],
        found["left_line"],
        int(
            _one(
                db,
                "SELECT count(*) AS value FROM report_visits WHERE day = ? AND ended IS NULL",
                day,
            )
            or 0
        ),
        calls["calls"],
        calls["missed"] or 0,
        calls["overtakes"] or 0,
        _rank(db, _CONSULT_WAITS, day, 0.5),
        _rank(db, _CONSULT_WAITS, day, 0.9),
        _rank(db, _DOOR_TO_DOOR, day, 0.5),
    )


_CALLS_OF_DAY: Final = """
    SELECT sum(stage = 'call') AS calls, sum(outcome IS 'missed') AS missed, sum(overtook > 0) AS overtakes
    FROM report_calls WHERE day = ?
"""
_CONSULT_WAITS: Final = """
    SELECT wait_s AS value FROM report_steps
    WHERE day = ? AND kind = 'clinic' AND is_return = 0 AND started_at IS NOT NULL AND wait_s IS NOT NULL ORDER BY wait_s
"""
_DOOR_TO_DOOR: Final = """
    SELECT door_to_door_s AS value FROM report_visits
    WHERE day = ? AND ended = 'done' AND door_to_door_s IS NOT NULL ORDER BY door_to_door_s
"""


def _rank(db: Database, query: str, day: str, share: float) -> float | None:
    """A percentile by nearest rank, in minutes."""
    values = [row["value"] for row in db.query(query, [day])]
    if not values:
        return None
    place = max(1, -(-round(len(values) * share * 1000) // 1000))
    return _minutes(values[place - 1])


def _lines(db: Database, day: str) -> Iterator[LineDay]:
    """Clinics first, then as a family goes on; among equals the busiest first."""
    names = _names(db, "report_groups", "service_group")
    waits = {row["service_group"]: row for row in db.query(_LINE_WAITS, [day])}
    rows = [row for row in db.query(view_query("report_lines", True), [day]) if row["steps"]]
    hours, points = _hours(db, day), _points(db, day)
    rows.sort(key=lambda row: (KINDS.get(row["kind"], 9), -row["steps"], row["service_group"]))
    for row in rows:
        group = row["service_group"]
        wait = waits.get(group, {"many": 0, "p50_s": None, "p90_s": None})
        yield LineDay(
            group,
            names.get(group) or Name(group, group),
            row["kind"],
            row["steps"],
            row["served"],
            row["calls"],
            row["missed"],
            row["left_line"],
            wait["many"],
            _minutes(wait["p50_s"]),
            _minutes(wait["p90_s"]),
            tuple(hours.get(group, ())),
            tuple(points.get(group, ())),
        )


_LINE_WAITS: Final = """
    WITH ranked AS (
        SELECT service_group, wait_s, row_number() OVER (PARTITION BY service_group ORDER BY wait_s) AS place,
               count(*) OVER (PARTITION BY service_group) AS many
        FROM report_steps WHERE day = ? AND started_at IS NOT NULL AND wait_s IS NOT NULL
    )
    SELECT service_group, many, max(CASE WHEN place = (many + 1) / 2 THEN wait_s END) AS p50_s,
           max(CASE WHEN place = (many * 9 + 9) / 10 THEN wait_s END) AS p90_s
    FROM ranked GROUP BY service_group
"""
_POINTS: Final = "SELECT * FROM report_points_day WHERE day = ? ORDER BY point"


def _hours(db: Database, day: str) -> dict[str, list[HourWait]]:
    """By line, in the order of the hours."""
    found: dict[str, list[HourWait]] = {}
    query = f"{view_query('report_waits_hourly', True)} ORDER BY service_group, hour"
    for row in db.query(query, [day]):
        wait = HourWait(row["hour"], row["count"], row["p50_s"] / 60, row["p90_s"] / 60)
        found.setdefault(row["service_group"], []).append(wait)
    return found


def _points(db: Database, day: str) -> dict[str, list[PointRow]]:
    """By line."""
    found: dict[str, list[PointRow]] = {}
    names = _names(db, "report_points", "point")
    for row in db.query(_POINTS, [day]):
        found.setdefault(row["service_group"], []).append(_point(row, names))
    return found


def _point(row: Row, names: Mapping[str, Name]) -> PointRow:
    point = row["point"]
    return PointRow(
        point,
        names.get(point) or Name(point, point),
        row["first_at"],
        row["last_at"],
        row["served"],
        row["calls"],
        row["missed"] or 0,
        row["busy_s"] / 60,
        row["calling_s"] / 60,
        row["idle_waiting_s"] / 60,
        row["idle_empty_s"] / 60,
        row["paused_s"] / 60,
    )


def _names(db: Database, table: str, key: str) -> dict[str, Name]:
    rows = db.query(f"SELECT {key} AS id, zh, en FROM {table}")  # noqa: S608  # our own names
    return {row["id"]: Name(row["zh"], row["en"]) for row in rows}


def _flow(db: Database, day: str) -> Iterator[HourFlow]:
    for row in db.query(f"{view_query('report_hours', True)} ORDER BY hour", [day]):
        yield HourFlow(
            row["hour"], row["arrived"], row["seen"], row["served"], row["called"], row["missed"]
        )


_OVERTAKING: Final = """
    SELECT why, count(*) AS calls, sum(overtook) AS families FROM report_calls
    WHERE day = ? AND overtook > 0 GROUP BY why ORDER BY calls DESC, why
"""
_BY_HAND: Final = """
    SELECT at, 'by_name' AS what, ticket, service_group, point AS detail, reason, called_by AS by, overtook
    FROM report_calls WHERE day = ?1 AND why = 'by_name'
    UNION ALL
    SELECT at, what, ticket, service_group, detail, reason, done_by, NULL FROM report_acts
    WHERE day = ?1 AND reason <> ''
    ORDER BY at LIMIT ?2
"""


def _overtaking(db: Database, day: str) -> Iterator[Overtaking]:
    for row in db.query(_OVERTAKING, [day]):
        yield Overtaking(row["why"], row["calls"], row["families"])


def _by_hand(db: Database, day: str) -> Iterator[ByHand]:
    names = _names(db, "report_groups", "service_group")
    rooms = _names(db, "report_points", "point")
    for row in db.query(_BY_HAND, [day, MOST_BY_HAND]):
        group = row["service_group"]
        yield ByHand(
            row["at"],
            row["what"],
            row["ticket"] or "",
            names.get(group) or Name(group, group),
            _detail(row["detail"], {**rooms, **names}),
            row["reason"],
            row["by"],
            row["overtook"],
        )


def _detail(text: str, names: Mapping[str, Name]) -> Name:
    """Ids of lines and rooms in words: `resp → ent`, `resp-1`."""
    parts = [names.get(part) or Name(part, part) for part in text.split(" → ")]
    return Name(" → ".join(part.zh for part in parts), " → ".join(part.en for part in parts))


def _one(db: Database, query: str, *given: str) -> str | None:
    row = next(iter(db.query(query, list(given))), None)
    return None if row is None or row["value"] is None else str(row["value"])


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60
