"""Charts as SVG (图表): pure functions from figures to text. No script, no inline style: classes are those of `reports.css`.

Each chart is drawn in units of its view box and scales with the page. Texts come in, in one language; nothing is worded here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Final, Self


def width_of(text: str, size: float = 12) -> float:
    """How wide a text comes out, at most, in units."""
    return sum(size if ord(letter) > 0x2E7F else size * 0.56 for letter in text)


def shortened(text: str, most: float, size: float = 12) -> str:
    """A text that fits into `most` units; the number of a room at its end is kept."""
    if width_of(text, size) <= most:
        return text
    end = text[len(text.rstrip("0123456789")) :][-4:]
    start = text[: len(text) - len(end)]
    while start and width_of(f"{start}…{end}", size) > most:
        start = start[:-1]
    return f"{start.rstrip()}…{end}"


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from nothing to `top`, with a line at every `step`."""

    top: float
    step: float

    @classmethod
    def over(cls, greatest: float, lines: int = 4) -> "Scale":
        """A scale with round steps that holds `greatest`."""
        if greatest <= 0:
            return cls(1, 1)
        rough = greatest / lines
        power = 10 ** floor(log10(rough))
        step = next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= rough)
        if greatest >= 1:
            step = max(1.0, step if step != 2.5 else 3.0)
        return cls(step * ceil(greatest / step), step)

    @classmethod
    def of_minutes(cls, greatest: float, lines: int = 4) -> "Scale":
        """The same with steps that people count minutes in."""
        steps = (1, 2, 5, 10, 15, 30, 60, 90, 120, 180, 240, 360, 480, 720, 1440)
        step = next((each for each in steps if each * lines >= greatest), 2880)
        return cls(step * max(1, ceil(greatest / step)), step)

    def ticks(self) -> Iterator[float]:
        """Where lines are drawn, nothing included."""
        for n in range(round(self.top / self.step) + 1):
            yield n * self.step


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def _rect(x: float, y: float, width: float, height: float, kind: str, title: str = "") -> str:
    if width <= 0 or height <= 0:
        return ""
    said = f"<title>{escape(title)}</title>" if title else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" class="{kind}">{said}</rect>'


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def _svg(width: float, height: float, label: str, parts: Iterable[str], kind: str = "") -> str:
    inside = "".join(parts)
    return (
        f'<svg class="chart {kind}" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'aria-label="{escape(label, quote=True)}">{inside}</svg>'
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}"


# ---- waiting by hour ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WaitBar:
    """One hour's waiting, in minutes."""

    hour: int
    p50: float
    p90: float
    title: str = ""


def waits(bars: Sequence[WaitBar], hours: range, scale: Scale, label: str) -> str:
    """Median (solid) and 90th percentile (pale) by the hour, on a scale that panels share."""
    width, height, left, top, bottom = 400.0, 176.0, 36.0, 16.0, 22.0
    deep = height - top - bottom
    slot = (width - left - 4) / max(len(hours), 1)
    thick = min(26.0, slot * 0.66)

    def y(minutes: float) -> float:
        return top + deep * (1 - minutes / scale.top)

    def parts() -> Iterator[str]:
        for tick in scale.ticks():
            yield _line(left, y(tick), width, y(tick), "grid" if tick else "axis")
            yield _text(left - 5, y(tick) + 4, _figure(tick), "tick", "end")
        for n, hour in enumerate(hours):
            if _shows_hour(n, slot):
                yield _text(left + slot * (n + 0.5), height - 6, str(hour), "tick", "middle")
        worst = max(bars, key=lambda bar: bar.p90, default=None)
        for bar in bars:
            x = left + slot * (bar.hour - hours.start + 0.5)
            yield _rect(x - thick / 2, y(bar.p90), thick, deep - y(bar.p90) + top, "p90", bar.title)
            yield _rect(x - thick / 2, y(bar.p50), thick, deep - y(bar.p50) + top, "p50", bar.title)
            yield _line(x - thick / 2, y(bar.p90), x + thick / 2, y(bar.p90), "p90-edge")
            if bar is worst and bar.p90 > 0:
                yield _text(
                    _inside(x, width, 14), y(bar.p90) - 4, _figure(bar.p90), "value", "middle"
                )

    return _svg(width, height, label, parts())


def _shows_hour(n: int, slot: float) -> bool:
    """Every hour where there is room, else every second or third."""
    return n % max(1, ceil(18 / slot)) == 0


def _inside(x: float, width: float, margin: float) -> float:
    return min(max(x, margin), width - margin)


# ---- two figures an hour ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HourPair:
    """Two counts of one hour."""

    hour: int
    one: int
    other: int
    title: str = ""


def pairs(hours: Sequence[HourPair], label: str) -> str:
    """Two bars beside each other for each hour, with their figures on top."""
    width, height, left, top, bottom = 640.0, 232.0, 42.0, 20.0, 24.0
    deep = height - top - bottom
    scale = Scale.over(max((max(each.one, each.other) for each in hours), default=1))
    slot = (width - left - 4) / max(len(hours), 1)
    thick = min(24.0, slot * 0.4)

    def y(count: float) -> float:
        return top + deep * (1 - count / scale.top)

    def bar(x: float, count: int, kind: str, title: str) -> Iterator[str]:
        yield _rect(x, y(count), thick, top + deep - y(count), kind, title)
        if count and slot >= 34:
            yield _text(x + thick / 2, y(count) - 4, _figure(count), "value", "middle")

    def parts() -> Iterator[str]:
        for tick in scale.ticks():
            yield _line(left, y(tick), width, y(tick), "grid" if tick else "axis")
            yield _text(left - 5, y(tick) + 4, _figure(tick), "tick", "end")
        for n, each in enumerate(hours):
            middle = left + slot * (n + 0.5)
            if _shows_hour(n, slot):
                yield _text(middle, height - 7, str(each.hour), "tick", "middle")
            yield from bar(middle - thick - 1, each.one, "one", each.title)
            yield from bar(middle + 1, each.other, "other", each.title)

    return _svg(width, height, label, parts())


# ---- lying bars ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """A named figure; `note` stands behind its bar."""

    name: str
    value: float
    note: str
    kind: str = "one"


def bars(rows: Sequence[Bar], label: str) -> str:
    """Lying bars with names before and notes behind them."""
    width, row, top = 540.0, 28.0, 4.0
    names = min(226.0, max((width_of(each.name, 13) for each in rows), default=0) + 10)
    notes = max((width_of(each.note) for each in rows), default=0) + 10
    room = width - names - notes
    greatest = max((each.value for each in rows), default=1) or 1

    def parts() -> Iterator[str]:
        yield _line(names, top, names, top + row * len(rows), "axis")
        for n, each in enumerate(rows):
            y = top + row * n
            long = room * each.value / greatest
            yield _text(names - 8, y + 18.5, shortened(each.name, names - 10, 13), "label", "end")
            yield _rect(names, y + 5, long, row - 10, each.kind)
            yield _text(names + long + 6, y + 18.5, each.note, "value")

    return _svg(width, top * 2 + row * len(rows), label, parts())


# ---- what rooms did -----------------------------------------------------------------------------

PARTS: Final = ("busy", "calling", "idle-waiting", "idle-empty", "paused")
"""Classes of the parts of a room's bar, in order."""


@dataclass(frozen=True, slots=True)
class RoomBar:
    """A room's day; `parts` in minutes, as `PARTS`."""

    name: str
    parts: tuple[float, ...]
    titles: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Margins:
    """Room for names before and notes behind the bars; panels that are compared share them."""

    names: float
    notes: float

    @classmethod
    def around(cls, rows: Sequence[RoomBar]) -> Self:
        """As much as these rows need, and not more than a quarter of the chart for the names."""
        names = max((width_of(each.name, 13) for each in rows), default=0) + 12
        notes = max((width_of(each.note) for each in rows), default=0) + 10
        return cls(min(170.0, names), notes)


def rooms(rows: Sequence[RoomBar], scale: Scale, margins: Margins, label: str, hour: str) -> str:
    """One stacked bar a room, on a scale of hours that panels share; `hour` is the unit's sign."""
    width, row, top, bottom = 640.0, 27.0, 4.0, 20.0
    names, notes = margins.names, margins.notes
    room = width - names - notes
    foot = top + row * len(rows)

    def x(minutes: float) -> float:
        return names + room * minutes / scale.top

    def parts() -> Iterator[str]:
        for tick in scale.ticks():
            yield _line(x(tick), top, x(tick), foot, "grid" if tick else "axis")
            words = f"{tick / 60:g}{hour}"
            yield _text(x(tick), foot + 14, words, "tick", "middle")
        for n, each in enumerate(rows):
            y, at = top + row * n, 0.0
            yield _text(names - 8, y + 18, shortened(each.name, names - 10, 13), "label", "end")
            for part, kind, title in zip(each.parts, PARTS, each.titles, strict=True):
                yield _rect(x(at), y + 4, x(at + part) - x(at), row - 8, kind, title)
                at += part
            yield _text(x(at) + 6, y + 18, each.note, "value")

    return _svg(width, foot + bottom, label, parts())


def sign(kind: str) -> str:
    """A small square in the colour of a part, for a legend."""
    return f'<svg class="chart sign" viewBox="0 0 14 14" aria-hidden="true">{_rect(0.5, 0.5, 13, 13, kind)}</svg>'


def patterns() -> str:
    """What hatched parts are filled with; once a page, before the charts."""
    return (
        '<svg class="chart hidden" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
        '<pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" class="hatch-ground"/><rect width="2.2" height="6" class="hatch-line"/></pattern>'
        "</defs></svg>"
    )
