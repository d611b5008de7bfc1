"""The pieces all screens are made of: they can be read, they exist, they are the same each time."""

import io
import re
import wave
from xml.etree import ElementTree

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

import design
from design import ANIMALS, AREAS, CHIMES, ICONS, POSES, THEMES, NotDrawn, Theme, palette
from design.palette import tokens
from design.style_page import _PAIRS, contrast

CSS = sorted(design.static_path().glob("*.css"))


@pytest.mark.parametrize("theme", THEMES)
def test_every_ink_can_be_read_on_its_ground(theme: Theme) -> None:
    least = 7.0 if "contrast" in theme else 4.5
    colours = palette(theme)
    poor = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in _PAIRS
        if contrast(colours[pair[0]], colours[pair[1]]) < least
    }
    assert poor == {}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_and_focus_can_be_seen(theme: Theme) -> None:
    colours = palette(theme)
    for line in ("edge", "focus", "main"):
        assert contrast(colours[line], colours["card"]) >= 2.9, line


def test_a_theme_changes_only_tokens_that_there_are() -> None:
    assert all(set(tokens(theme)) == set(tokens("light")) for theme in THEMES)


def test_style_sheets_use_only_tokens_that_there_are() -> None:
    used = {name for path in CSS for name in re.findall(r"var\(--([a-z0-9-]+)", path.read_text())}
    assert used <= set(tokens("light"))


def test_every_icon_is_drawn_in_its_frame() -> None:
    assert len(set(ICONS)) == len(ICONS) >= 60
    for name in ICONS:
        drawn = ElementTree.fromstring(str(design.icon(name)))  # noqa: S314  # our own
        assert drawn.attrib["viewBox"] == "0 0 24 24"
        assert len(drawn)


def test_an_icon_that_says_something_says_it_to_everybody() -> None:
    said = design.icon("toilet", "卫生间 <b>")
    assert 'role="img"' in said
    assert "卫生间 &lt;b&gt;" in said
    assert 'aria-hidden="true"' in design.icon("toilet")


@pytest.mark.parametrize("animal", ANIMALS)
def test_every_guide_can_take_every_pose(animal: str) -> None:
    drawn = {design.guide_file(animal, pose) for pose in POSES}
    assert len(drawn) == len(POSES)
    for picture in drawn:
        ElementTree.fromstring(picture)  # noqa: S314  # our own
        assert len(picture) < 6000


def test_a_guide_is_found_by_its_area_and_right_is_left_seen_in_a_mirror() -> None:
    assert design.guide("lab", "wave") == design.guide(AREAS["lab"], "wave")
    assert "matrix(-1 0 0 1 240 0)" in design.guide("bear", "right")


@pytest.mark.parametrize(("animal", "pose"), [("cat", "wave"), ("bear", "dance")])
def test_what_is_not_drawn_is_named(animal: str, pose: str) -> None:
    with pytest.raises(NotDrawn, match="There is no guide"):
        design.guide(animal, pose)


@pytest.mark.parametrize("name", CHIMES)
def test_a_chime_is_short_soft_at_its_ends_and_always_the_same(name: str) -> None:
    made = design.chime(name)
    design.chime.cache_clear()
    assert design.chime(name) == made
    with wave.open(io.BytesIO(made)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        assert 0.05 <= file.getnframes() / file.getframerate() <= 1.3
        sound = file.readframes(file.getnframes())
    assert all(
        abs(int.from_bytes(end, "little", signed=True)) < 400 for end in (sound[:2], sound[-2:])
    )


def test_files_are_served_made_or_kept_and_kept_by_browsers() -> None:
    client = TestClient(Starlette(routes=[Mount("/d", design.DesignFiles())]))
    assert client.get("/d/tokens.css").headers["content-type"].startswith("text/css")
    svg = client.get("/d/guides/bear-wave.svg")
    assert svg.headers["content-type"] == "image/svg+xml"
    again = client.get("/d/guides/bear-wave.svg", headers={"If-None-Match": svg.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/d/chimes/call.wav").content[:4] == b"RIFF"
    for missing in ("guides/cat-wave.svg", "chimes/none.wav", "guides/bear.svg", "x.css"):
        assert client.get(f"/d/{missing}").status_code == 404


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_style_page_shows_every_piece(theme: Theme, lang: str) -> None:
    page = design.style_page("en" if lang == "en" else "zh", theme)
    for name in (*ICONS, *POSES, *CHIMES, *palette(theme)):
        assert f"<code>{name}</code>" in page
