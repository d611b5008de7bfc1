"""Charts as they are drawn: nothing outside, nothing on top of each other, nothing unescaped."""

import re
from xml.etree import ElementTree

import pytest

from queue_server.reports import charts

SVG = {"": "http://www.w3.org/2000/svg"}
HOURS = range(7, 19)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  # we have drawn it ourselves


def box(svg: str) -> tuple[float, float]:
    _, _, width, height = map(float, parsed(svg).attrib["viewBox"].split())
    return width, height


def texts(svg: str) -> list[tuple[float, float, float, str]]:
    """Left, right, base line and words of each text."""
    found = []
    for each in parsed(svg).iter("text"):
        x, wide = float(each.attrib["x"]), charts.width_of(each.text or "", 12)
        shift = {"start": 0.0, "middle": wide / 2, "end": wide}[each.attrib["text-anchor"]]
        found.append((x - shift, x - shift + wide, float(each.attrib["y"]), each.text or ""))
    return found


def inside(svg: str) -> None:
    width, height = box(svg)
    for left, right, y, words in texts(svg):
        assert left >= -2, words
        assert right <= width + 2, words
        assert 0 < y <= height, words
    for rect in parsed(svg).iter("rect"):
        at = {name: float(rect.attrib[name]) for name in ("x", "y", "width", "height")}
        assert at["x"] >= 0
        assert at["y"] >= 0
        assert at["x"] + at["width"] <= width + 0.2
        assert at["y"] + at["height"] <= height + 0.2


def apart(svg: str) -> None:
    found = texts(svg)
    for n, (left, right, y, words) in enumerate(found):
        for other_left, other_right, other_y, other in found[n + 1 :]:
            if abs(y - other_y) < 9:
                assert right <= other_left + 1 or other_right <= left + 1, (words, other)


WAITS = [charts.WaitBar(hour, hour * 3, hour * 9, f"{hour}") for hour in HOURS]
PAIRS = [charts.HourPair(hour, 100 + hour, 98 + hour, f"{hour}") for hour in HOURS]
LONG = "小儿呼吸内科特需专家门诊第二诊区"
BARS = [
    charts.Bar("Ear, nose and throat clinic", 19, "19 · 4.9%"),
    charts.Bar(LONG, 7, "7 次，越过 12 位"),
    charts.Bar("X", 0, "0 · 0.0%"),
]
ROOMS = [
    charts.RoomBar(name, (300.0, 60.0, 30.0, 200.0, 130.0), ("",) * 5, "104 served")
    for name in ("Room 1", LONG, "Blood window 12")
]
NIGHT = [charts.RoomBar("1", (1440.0, 0, 0, 0, 0), ("",) * 5, "300 人")]
DRAWN = {
    "waits": charts.waits(WAITS, HOURS, charts.Scale.of_minutes(162), "waits"),
    "waits of a long day": charts.waits(WAITS, range(24), charts.Scale.of_minutes(162), "waits"),
    "no waits": charts.waits([], range(9, 10), charts.Scale.of_minutes(10), "none"),
    "pairs": charts.pairs(PAIRS, "pairs"),
    "pairs of a whole day": charts.pairs(
        [charts.HourPair(h, 1234, 1234) for h in range(24)], "pairs"
    ),
    "one hour": charts.pairs([charts.HourPair(9, 0, 0)], "pairs"),
    "bars": charts.bars(BARS, "bars"),
    "rooms": charts.rooms(
        ROOMS, charts.Scale.of_minutes(720, 7), charts.Margins.around(ROOMS), "rooms", "小时"
    ),
    "rooms around the clock": charts.rooms(
        NIGHT,
        charts.Scale.of_minutes(1440, 7),
        charts.Margins.around(NIGHT),
        "rooms",
        "小时",
    ),
}


@pytest.mark.parametrize("svg", DRAWN.values(), ids=DRAWN)
def test_everything_stays_inside_and_no_words_collide(svg: str) -> None:
    inside(svg)
    apart(svg)


@pytest.mark.parametrize("svg", DRAWN.values(), ids=DRAWN)
def test_a_chart_has_a_name_and_no_style_or_script_of_its_own(svg: str) -> None:
    root = parsed(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"]
    assert not re.search(r"style=|<style|<script|\son\w+=", svg)


def test_whatever_is_typed_stays_text() -> None:
    evil = '<script>alert("x")</script>&'
    svg = charts.bars([charts.Bar(evil, 1, evil)], evil)
    assert "<script" not in svg
    assert parsed(svg).attrib["aria-label"] == evil


@pytest.mark.parametrize("greatest", [0, 0.4, 1, 3, 7, 10, 11, 99, 162, 428, 1440, 5000])
def test_scales_hold_what_they_are_made_for_and_have_few_lines(greatest: float) -> None:
    for scale in (charts.Scale.over(greatest), charts.Scale.of_minutes(greatest)):
        ticks = list(scale.ticks())
        assert ticks[0] == 0
        assert ticks[-1] == pytest.approx(scale.top)
        assert scale.top >= greatest
        assert 2 <= len(ticks) <= 7


def test_the_median_stands_before_the_nine_in_ten() -> None:
    svg = charts.waits([charts.WaitBar(9, 10, 30)], range(9, 10), charts.Scale.of_minutes(30), "x")
    tall = {r.attrib["class"]: float(r.attrib["height"]) for r in parsed(svg).iter("rect")}
    assert tall["p90"] == pytest.approx(3 * tall["p50"], rel=0.01)


def test_a_long_name_is_shortened_before_its_number() -> None:
    assert charts.shortened("Pharmacy window 12", 100, 13) == "Pharmacy w…12"
    assert charts.shortened("取药 1", 100, 13) == "取药 1"
