"""The report tables (报表): their columns in order, and what each means. `docs/reports.md` says the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Column:
    """A column. Times are ISO 8601 in UTC, lengths whole seconds, yes and no 1 and 0."""

    name: str
    kind: type
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is computed from the journal."""

    name: str
    pk: tuple[str, ...]
    meaning: str
    columns: tuple[Column, ...]
    indexes: tuple[tuple[str, ...], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(column.name for column in self.columns)

    @property
    def insert(self) -> str:
        """The statement that writes a row, in the order of the columns."""
        slots = ", ".join("?" * len(self.columns))
        return f"INSERT OR REPLACE INTO {self.name} ({', '.join(self.names)}) VALUES ({slots})"  # noqa: S608  # our own names

    @property
    def empty(self) -> str:
        """The statement that takes all rows away."""
        return f"DELETE FROM {self.name}"  # noqa: S608  # our own names

    def forget_visits_of(self, visits: str) -> str:
        """The statement that takes the rows of some visits away; `visits` is an expression: a JSON array of their ids."""
        return f"{self.empty} WHERE visit IN (SELECT value FROM json_each({visits}))"  # noqa: S608  # our own names

    def insert_from(self, rows: str) -> str:
        """The statement that writes rows; `rows` is an expression: a JSON object with an array of rows for each table."""
        cells = ", ".join(f"value ->> {n}" for n in range(len(self.columns)))
        return (
            f"INSERT OR REPLACE INTO {self.name} ({', '.join(self.names)}) "  # noqa: S608  # our own names
            f"SELECT {cells} FROM json_each({rows}, '$.{self.name}')"
        )


def _text(name: str, meaning: str) -> Column:
    return Column(name, str, meaning)


def _number(name: str, meaning: str) -> Column:
    return Column(name, int, meaning)


VISITS: Final = Table(
    "report_visits",
    ("visit",),
    "One row a registration.",
    (
        _text("visit", "id of the visit"),
        _text("day", "its day"),
        _text("ticket", "the number people read; empty before check-in"),
        _text("service_group", "line of the first step, after any transfer before check-in"),
        _text("doctor", "the doctor who was booked, if any"),
        _text("slot_start", "booked from"),
        _text("slot_end", "booked until"),
        _number("walk_in", "1 without a slot"),
        _number("add_on", "1 for an add-on (加号)"),
        _text("priority", "priority class, if any"),
        _text("way", "how it checked in: `qr`, `phone` or `desk`"),
        _text("registered_at", "when it was entered"),
        _text("checked_in_at", "when the family was here first"),
        _number("hour", "local hour of the check-in, 0 to 23"),
        _text("left_at", "when the last step was over"),
        _number("door_to_door_s", "from check-in to the end of the last step"),
        _number("stages", "how many steps it had"),
        _number("stages_done", "how many of them were done"),
        _number("wait_s", "waiting at all steps together"),
        _number("held_s", "time for which a place was kept, all steps together"),
        _number("service_s", "being served at all steps together"),
        _number("calls", "calls, all steps together"),
        _number("misses", "calls it missed"),
        _text(
            "ended",
            "`done`, `cancelled`, `no_show`, `left`, `expired`, `delivered`; empty while it is open",
        ),
        _text("end_reason", "what staff gave as reason when they dropped it"),
    ),
    (("day",), ("ticket",)),
)

STEPS: Final = Table(
    "report_steps",
    ("step",),
    "One row a step of a visit (环节).",
    (
        _text("step", "id of the step"),
        _text("visit", "its visit"),
        _number("n", "its place among the steps of the visit, from 1"),
        _text("day", "the visit's day"),
        _text("ticket", "the number people read"),
        _text("service_group", "the line (诊区队列) it stood in"),
        _text("kind", "`clinic`, `lab`, `exam`, `cashier`, `pharmacy`"),
        _text("doctor", "the doctor it waited for; empty: anybody"),
        _number("is_return", "1 when back with results (回诊)"),
        _number("previsit", "1 for a test before the consult (诊前检验)"),
        _text(
            "lane", "`booked`, `walk_in`, `late`, `return`, `missed`, `placed`: how it stood last"
        ),
        _text("priority", "the visit's priority class"),
        _text("planned_at", "when it was planned or ordered"),
        _text("queued_at", "when it came into the line first"),
        _number("hour", "local hour of `queued_at`, 0 to 23"),
        _text("first_called_at", "when it was called first"),
        _text("called_at", "when it was called last"),
        _text("started_at", "when service began"),
        _text("finished_at", "when it was over, however it ended"),
        _number("finished_hour", "local hour of `finished_at`"),
        _text("result_at", "when its result was there"),
        _text("point", "room or window that called or served it last"),
        _number(
            "wait_s",
            "time in line (hall and door) until called, all turns together; kept places left out",
        ),
        _number("held_s", "time for which the place was kept"),
        _number("called_s", "from calls to coming in, or to missing"),
        _number("missed_s", "from a missed call to signing in again"),
        _number("service_s", "being served"),
        _number("calls", "calls"),
        _number("recalls", "calls repeated"),
        _number("misses", "calls missed (过号)"),
        _number("holds", "how often the place was kept"),
        _number("overtook", "how many counted as earlier when it was chosen"),
        _number("overtaken", "how often it had been overtaken when it was chosen last"),
        _text("why", "why it was chosen last; see `report_calls.why`"),
        _text("reason", "the reason that staff gave, when called by name"),
        _text("state", "its last state"),
        _text(
            "ended",
            "`done`, `cancelled`, `delivered`, `transferred`, `expired`, `no_show`, `left`, `not_reached`; empty while open",
        ),
        _text("end_reason", "why it expired, was transferred or dropped"),
    ),
    (("visit",), ("day", "service_group")),
)

STAYS: Final = Table(
    "report_stays",
    ("step", "n"),
    "One row for each time that a step was in one state: what figures of waiting and idling are made of.",
    (
        _text("step", "the step"),
        _number("n", "its place among the stays of the step, from 1"),
        _text("visit", "its visit"),
        _text("day", "the visit's day"),
        _text("service_group", "the line"),
        _text("doctor", "the doctor it waited for; empty: anybody"),
        _text("state", "`waiting`, `at_door`, `held`, `called`, `missed`, `serving`"),
        _text("reason", "why the place was kept"),
        _text("point", "the room, where it was at one"),
        _text("since", "from"),
        _text("until", "until; empty while it lasts"),
        _number("seconds", "how long"),
    ),
    (("visit",), ("day", "service_group")),
)

CALLS: Final = Table(
    "report_calls",
    ("position",),
    "One row a call (叫号), or a family asked to a door (二次候诊).",
    (
        _number("position", "position of the event in the journal"),
        _text("at", "when"),
        _text("day", "the visit's day"),
        _number("hour", "local hour of `at`"),
        _text("stage", "`call`, or `door` when asked to the door of a room"),
        _text("call", "id of the call, for `queue-server explain`"),
        _text("visit", "the visit"),
        _text("step", "the step"),
        _text("ticket", "the number"),
        _text("service_group", "the line"),
        _text("point", "the room or window"),
        _text("called_by", "account that called; `auto`: the rules"),
        _text(
            "why",
            "`first`, `door`, `class`, `cap`, `return_score`, `return_first`, `interleave`, `overdue`, `booked`, `number`, "
            "`back_in`, `missed_turn`, `late_turn`, `score`, `by_name`",
        ),
        _text("policy", "order of the line then"),
        _number("overtook", "how many were passed over that count as earlier"),
        _number("overtaken", "how often the family had been overtaken itself"),
        _number("candidates", "among how many lanes was chosen"),
        _number("passed_by", "how many stood ahead and could not be called"),
        _text("reason", "the reason that staff gave"),
        _text("doctors", "who sat at the point, separated by spaces"),
        _number("recalls", "how often it was repeated"),
        _text(
            "outcome",
            "`started`, `missed`, `parked`, `held`, `transferred`, `cancelled`, `called`, `back`",
        ),
        _number("answered_s", "from the call to its outcome"),
    ),
    (("visit",), ("day", "service_group")),
)

ACTS: Final = Table(
    "report_acts",
    ("position",),
    "One row for each time that staff changed the order by hand.",
    (
        _number("position", "position of the event in the journal"),
        _text("at", "when"),
        _text("day", "the visit's day"),
        _text("what", "`move`, `priority`, `doctor`, `transfer`, `cancel`"),
        _text("visit", "the visit"),
        _text("step", "the step"),
        _text("ticket", "the number"),
        _text("service_group", "the line"),
        _text("detail", "to which class, doctor or line"),
        _text("reason", "the reason that was given"),
        _text("done_by", "account that did it"),
    ),
    (("visit",), ("day",)),
)

OPENINGS: Final = Table(
    "report_openings",
    ("position",),
    "One row for each time that a room or window opened or paused.",
    (
        _number("position", "position of the event in the journal"),
        _text("at", "when"),
        _text("day", "local day"),
        _text("point", "the room or window"),
        _number("opened", "1 opened, 0 paused"),
        _text("reason", "why it paused"),
        _text("done_by", "account that did it"),
    ),
    (("day",),),
)

POINT_DAYS: Final = Table(
    "report_points_day",
    ("day", "point"),
    "One row a room or window and day, from its first sign of life to its last.",
    (
        _text("day", "the day"),
        _text("point", "the room or window"),
        _text("service_group", "the line it served"),
        _text("first_at", "its first call, service, opening or pause"),
        _text("last_at", "its last one, or the end of its last service"),
        _number("served", "families served to the end"),
        _number("calls", "calls"),
        _number("missed", "calls missed"),
        _number("busy_s", "serving"),
        _number("calling_s", "waiting for a family that was called"),
        _number("idle_waiting_s", "free and open while somebody waited who could be called there"),
        _number("idle_empty_s", "free and open while nobody waited"),
        _number("paused_s", "paused, and nobody in the room"),
    ),
)

GROUPS: Final = Table(
    "report_groups",
    ("service_group",),
    "Names of the lines, of the newest site file.",
    (
        _text("service_group", "id"),
        _text("zh", "name in Chinese"),
        _text("en", "name in English"),
        _text("kind", "`clinic`, `lab`, `exam`, `cashier`, `pharmacy`"),
        _text("area", "the area (诊区) it belongs to"),
    ),
)

POINTS: Final = Table(
    "report_points",
    ("point",),
    "Names of the rooms and windows, of the newest site file.",
    (
        _text("point", "id"),
        _text("zh", "name in Chinese"),
        _text("en", "name in English"),
        _text("service_group", "its line"),
    ),
)

OF_VISITS: Final = (VISITS, STEPS, STAYS, CALLS, ACTS)
"""Tables whose rows belong to one visit each."""
REPORTS: Final = (*OF_VISITS, OPENINGS, POINT_DAYS, GROUPS, POINTS)
"""Every table for people."""

_HISTORY: Final = (
    Table(
        "history_visits",
        ("visit",),
        "Whose visit it is, for the search.",
        (
            _text("visit", "id of the visit"),
            _text("day", "its day"),
            _text("patient", "id of the child"),
            _text("guardian", "id of who comes with it"),
            _text("ticket", "the number"),
            _text("alias", "a provisional number of a kiosk"),
        ),
        (("patient",), ("guardian",), ("ticket",), ("alias",), ("day",)),
    ),
    Table(
        "history_names",
        ("position",),
        "Which events name a child. The names themselves stand in the journal's events only.",
        (
            _number("position", "position of the event"),
            _text("patient", "id of the child"),
        ),
        (("patient",),),
    ),
    Table(
        "history_cards",
        ("digest", "patient"),
        "Which card is whose, by digest.",
        (
            _text("digest", "SHA-256 of the card, hexadecimal"),
            _text("patient", "id of the child, or of the guardian"),
        ),
    ),
)
HISTORY_VISITS, HISTORY_NAMES, HISTORY_CARDS = _HISTORY

ABOUT: Final = Table(
    "report_about",
    ("key",),
    "How far the tables are, and what they were made with.",
    (
        _text(
            "key",
            "`position`: up to there; `day`: the hospital's day then; `timezone`: of the hours",
        ),
        _text("value", "as text"),
    ),
)
STALE: Final = Table(
    "report_stale",
    ("day", "service_group"),
    "Lines whose `report_points_day` has yet to be counted again.",
    (_text("day", "the day"), _text("service_group", "the line")),
)
ALL: Final = (*REPORTS, *_HISTORY, ABOUT, STALE)
BY_NAME: Final[Mapping[str, Table]] = {table.name: table for table in ALL}

VIEWS: Final[Mapping[str, tuple[str, str]]] = {
    "report_waits": (
        "Waiting by day, line and kind: `count`, `mean_s`, `p50_s`, `p90_s`, `longest_s`, over steps that were served; "
        "percentiles by nearest rank.",
        """
        WITH ranked AS (
            SELECT day, service_group, kind, is_return, wait_s,
                   row_number() OVER w AS place, count(*) OVER (PARTITION BY day, service_group, kind, is_return) AS many
            FROM report_steps WHERE {of_day} AND started_at IS NOT NULL AND wait_s IS NOT NULL
            WINDOW w AS (PARTITION BY day, service_group, kind, is_return ORDER BY wait_s)
        )
        SELECT day, service_group, kind, is_return, many AS count, round(avg(wait_s)) AS mean_s,
               max(CASE WHEN place = (many + 1) / 2 THEN wait_s END) AS p50_s,
               max(CASE WHEN place = (many * 9 + 9) / 10 THEN wait_s END) AS p90_s,
               max(wait_s) AS longest_s
        FROM ranked GROUP BY day, service_group, kind, is_return
        """,
    ),
    "report_waits_hourly": (
        "The same by the local hour in which they came into the line (`hour`), returns included.",
        """
        WITH ranked AS (
            SELECT day, service_group, kind, hour, wait_s,
                   row_number() OVER w AS place, count(*) OVER (PARTITION BY day, service_group, kind, hour) AS many
            FROM report_steps WHERE {of_day} AND started_at IS NOT NULL AND wait_s IS NOT NULL
            WINDOW w AS (PARTITION BY day, service_group, kind, hour ORDER BY wait_s)
        )
        SELECT day, service_group, kind, hour, many AS count, round(avg(wait_s)) AS mean_s,
               max(CASE WHEN place = (many + 1) / 2 THEN wait_s END) AS p50_s,
               max(CASE WHEN place = (many * 9 + 9) / 10 THEN wait_s END) AS p90_s,
               max(wait_s) AS longest_s
        FROM ranked GROUP BY day, service_group, kind, hour
        """,
    ),
    "report_overtakes": (
        "Calls that went before somebody who counts as earlier, by day, line, `why` and `reason`: `calls`, `families` overtaken.",
        """
        SELECT day, service_group, why, reason, count(*) AS calls, sum(overtook) AS families
        FROM report_calls WHERE {of_day} AND overtook > 0 GROUP BY day, service_group, why, reason
        """,
    ),
    "report_hours": (
        "By day and local hour: check-ins `arrived`, first consults ended `seen`, steps done `served`; `called`, `missed`.",
        """
        WITH counted AS (
            SELECT day, hour, 1 AS arrived, 0 AS seen, 0 AS served, 0 AS called, 0 AS missed
            FROM report_visits WHERE {of_day} AND hour IS NOT NULL
            UNION ALL
            SELECT day, finished_hour, 0, kind = 'clinic' AND is_return = 0, 1, 0, 0
            FROM report_steps WHERE {of_day} AND ended = 'done' AND started_at IS NOT NULL
            UNION ALL
            SELECT day, hour, 0, 0, 0, 1, outcome IS 'missed' FROM report_calls WHERE {of_day} AND stage = 'call'
        )
        SELECT day, hour, sum(arrived) AS arrived, sum(seen) AS seen, sum(served) AS served, sum(called) AS called,
               sum(missed) AS missed
        FROM counted GROUP BY day, hour
        """,
    ),
    "report_lines": (
        "By day and line: `steps` that came into it, `served`, `calls`, `missed`, `left_line` (still in it at the day's end).",
        """
        SELECT day, service_group, kind, count(queued_at) AS steps, sum(ended IS 'done' AND started_at IS NOT NULL) AS served,
               sum(calls) AS calls, sum(misses) AS missed, sum(ended IS 'left') AS left_line
        FROM report_steps WHERE {of_day} GROUP BY day, service_group, kind
        """,
    ),
    "report_days": (
        "By day: `registered`, `checked_in`, `finished`, `no_show`, `cancelled`, `left_line`, mean `wait_s`, `door_to_door_s`.",
        """
        SELECT day, count(*) AS registered, count(checked_in_at) AS checked_in, sum(ended IS 'done') AS finished,
               sum(ended IS 'no_show') AS no_show, sum(ended IS 'cancelled') AS cancelled, sum(ended IS 'left') AS left_line,
               round(avg(wait_s)) AS wait_s, round(avg(CASE WHEN ended = 'done' THEN door_to_door_s END)) AS door_to_door_s
        FROM report_visits WHERE {of_day} GROUP BY day
        """,
    ),
}
"""Views: what each shows, and how. `{of_day}` stands where a query of one day says so: SQLite would otherwise go through
all days first, and pick the one out of the result."""


def view_query(name: str, one_day: bool = False) -> str:
    """The query of a view; of one day, which is its only parameter and may stand in it several times."""
    return VIEWS[name][1].format(of_day="day = ?1" if one_day else "1")
