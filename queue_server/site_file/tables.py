"""The tables of a site file as they are written; `building` makes the core's values of them."""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints

from protocol import Name as WireName
from queue_server.core.rules import HoldUntil, Late, Order, Presence, Rules
from queue_server.core.site import AreaVoice, Per
from queue_server.core.vocabulary import Name, StepKind
from queue_server.site_file.appointments import Appointment
from queue_server.site_file.values import (
    ClosedDays,
    Day,
    DoctorPrefix,
    EarlyMinutes,
    Hours,
    Minutes,
    MissedAt,
    Months,
    OnOff,
    OwnDoctorMinutes,
    PeriodMinutes,
    Prefix,
    Reference,
    ReturnAt,
    SomeMinutes,
    Span,
    Weekdays,
    Whole,
    Words,
)

_USUAL: Final = Rules()
_USUAL_VOICE: Final = AreaVoice()
USUAL_SPANS: Final = ((time(8), time(12)), (time(13, 30), time(17, 30)))


class Table(BaseModel):
    """Base: unknown keys are refused, for a misspelt one must not be overlooked."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NameTable(Table):
    """A name or place in both languages."""

    zh: Words
    en: Words

    def name(self) -> Name:
        """As the core has it."""
        return Name(self.zh, self.en)


class SiteTable(Table):
    """`[site]`."""

    id: WireName
    name: NameTable
    timezone: str
    appointments_file: str | None = None


class HoursTable(Table):
    """`[hours]`."""

    morning: Span = USUAL_SPANS[0]
    afternoon: Span = USUAL_SPANS[1]
    period: PeriodMinutes = Field(timedelta(hours=1), alias="period_minutes")
    closed: ClosedDays = frozenset()


class RulesTable(Table):
    """`[rules]`, `[areas.ID.rules]` or `[groups.ID.rules]`: fields are those of `Rules`, keys those of the file.

    The defaults stand here for the type only; what counts is which keys were given.
    """

    order: Order = _USUAL.order
    early: EarlyMinutes = Field(_USUAL.early, alias="early_minutes")
    late_after: Minutes = Field(_USUAL.late_after, alias="late_after_minutes")
    late: Late = _USUAL.late
    late_every: Whole = _USUAL.late_every
    walk_ins: OnOff = _USUAL.walk_ins
    walk_in_wait: Minutes = Field(_USUAL.walk_in_wait, alias="walk_in_wait_minutes")
    choose_doctor: OnOff = _USUAL.choose_doctor
    pay_first: OnOff = _USUAL.pay_first
    screening: OnOff = _USUAL.screening
    screening_valid: Hours = Field(_USUAL.screening_valid, alias="screening_valid_hours")
    fever_group: Reference | None = _USUAL.fever_group
    return_weight: Annotated[float, Strict(), Field(ge=1, le=20)] = _USUAL.return_weight
    first_overdue: Minutes = Field(_USUAL.first_overdue, alias="first_overdue_minutes")
    return_overdue: Minutes = Field(_USUAL.return_overdue, alias="return_overdue_minutes")
    own_doctor_for: OwnDoctorMinutes = Field(_USUAL.own_doctor_for, alias="own_doctor_minutes")
    interleave: Whole = _USUAL.interleave
    interleave_even: OnOff = _USUAL.interleave_even
    returns: ReturnAt = _USUAL.returns
    overtake_cap: Whole = _USUAL.overtake_cap
    missed: MissedAt = _USUAL.missed
    transfer_keeps: OnOff = _USUAL.transfer_keeps
    two_stage: Annotated[int, Strict(), Field(ge=0, le=9)] = _USUAL.two_stage
    auto_call: OnOff = _USUAL.auto_call
    hold_until: HoldUntil = _USUAL.hold_until
    hold_limit: SomeMinutes = Field(_USUAL.hold_limit, alias="hold_limit_minutes")
    results_reported: OnOff = _USUAL.results_reported
    brings_specimen: OnOff = _USUAL.brings_specimen
    prepare_first: OnOff = _USUAL.prepare_first
    phone_proof: OnOff = _USUAL.phone_proof
    presence: Presence = _USUAL.presence
    presence_fresh: SomeMinutes = Field(_USUAL.presence_fresh, alias="presence_fresh_minutes")
    presence_limit: SomeMinutes = Field(_USUAL.presence_limit, alias="presence_limit_minutes")
    service_minutes: Annotated[float, Strict(), Field(ge=0.1, le=480)] = _USUAL.service_minutes

    def given(self) -> dict[str, Any]:  # each value has the type of its field of `Rules`
        """What was written, by the name of the field of `Rules`."""
        return {field: getattr(self, field) for field in self.model_fields_set}


class VoiceTable(Table):
    """`[areas.ID.voice]`: how its calls are read out."""

    languages: tuple[Literal["zh", "en"], ...] = Field(("zh", "en"), min_length=1)
    times: Annotated[int, Strict(), Field(ge=1, le=5)] = _USUAL_VOICE.times
    volume: Annotated[int, Strict(), Field(ge=0, le=100)] = _USUAL_VOICE.volume
    quiet: tuple[Span, ...] = ()
    doors: OnOff = _USUAL_VOICE.doors
    notices: OnOff = _USUAL_VOICE.notices


class AreaTable(Table):
    """`[areas.ID]`."""

    name: NameTable
    place: NameTable
    rules: RulesTable = RulesTable()
    voice: VoiceTable = VoiceTable()


class GroupTable(Table):
    """`[groups.ID]`."""

    name: NameTable
    kind: StepKind
    area: Reference
    prefix: Prefix | None = None
    series: Reference | None = None
    serves: tuple[WireName, ...] = ()
    rules: RulesTable = RulesTable()


class PointTable(Table):
    """`[points.ID]`."""

    name: NameTable
    group: Reference
    staff: NameTable | None = None
    doctor: Reference | None = None
    shares: tuple[Reference, ...] = ()
    classes: tuple[Reference, ...] = ()
    helps: tuple[Reference, ...] = ()


class DoctorTable(Table):
    """`[doctors.ID]`."""

    name: NameTable
    prefix: DoctorPrefix = ""


class SessionTable(Table):
    """`[[sessions]]`."""

    doctor: Reference
    point: Reference
    time: Span
    days: Weekdays | None = None
    day: Day | None = None


class SeriesTable(Table):
    """`[series.ID]`."""

    prefix: Prefix
    per: Per = Per.GROUP
    first: Annotated[int, Strict(), Field(ge=0, le=999_999)] = 1
    last: Annotated[int, Strict(), Field(ge=1, le=999_999)] = 999
    width: Annotated[int, Strict(), Field(ge=1, le=6)] = 3


class ClassTable(Table):
    """`[classes.ID]`."""

    name: NameTable
    badge: Annotated[str, Field(min_length=1, max_length=1)]
    badge_en: Annotated[str, Field(max_length=2)] = ""
    tier: Whole
    urgent: OnOff = False


class PrevisitTable(Table):
    """`[[previsit]]`."""

    id: WireName
    groups: Annotated[tuple[Reference, ...], Field(min_length=1)]
    tests: Annotated[tuple[Reference, ...], Field(min_length=1)]
    reasons: tuple[Words, ...] = ()
    min_age_months: Months | None = None
    max_age_months: Months | None = None
    recognised: Hours = Field(timedelta(hours=72), alias="recognised_hours")
    offer: OnOff = True
    paid: OnOff = True


class SiteFile(Table):
    """The whole file."""

    site: SiteTable
    areas: dict[WireName, AreaTable]
    groups: dict[WireName, GroupTable]
    points: dict[WireName, PointTable]
    campuses: dict[WireName, NameTable] = {}
    hours: HoursTable = HoursTable()
    rules: RulesTable = RulesTable()
    classes: dict[WireName, ClassTable] = {}
    doctors: dict[Reference, DoctorTable] = {}
    sessions: tuple[SessionTable, ...] = ()
    series: dict[WireName, SeriesTable] = {}
    previsit: tuple[PrevisitTable, ...] = ()
    readings: dict[Annotated[str, StringConstraints(min_length=1, max_length=40)], Words] = {}
    """`[readings]`: what stands in a sentence, and what is read aloud instead."""
    appointments: tuple[Appointment, ...] = ()


# ---- for errors: which keys may stand where -----------------------------------------------------


def keys_at(key: Sequence[str | int]) -> tuple[str, ...]:
    """The keys that may stand beside `key` in its table, as they are written."""
    return tuple(_written(_table_at(key)))


def home_of(key: Sequence[str | int]) -> str | None:
    """For a rule that stands beside its table of rules and not inside: where it belongs."""
    table = _table_at(key)
    rule = str(key[-1])
    if rule not in _written(RulesTable) or "rules" not in _written(table):
        return None
    around = ".".join(map(str, key[:-1]))
    home = f"{around}.rules" if around else "rules"
    return f"{'.'.join(map(str, key))} is a rule; move it below [{home}]"


def _written(table: type[BaseModel]) -> dict[str, Any]:  # annotations of any kind
    return {field.alias or name: field.annotation for name, field in table.model_fields.items()}


def _table_at(key: Sequence[str | int]) -> type[BaseModel]:
    table: type[BaseModel] = SiteFile
    parts = iter(key[:-1])
    for part in parts:
        annotation = _written(table).get(str(part))
        table = _table_in(annotation) or table
        if get_origin(annotation) in (dict, tuple):
            next(parts, None)  # an id, or a number in a list
    return table


def _table_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_table_in, get_args(annotation))), None)
