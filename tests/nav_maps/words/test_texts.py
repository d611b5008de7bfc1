"""Both languages say the same things."""

import re
from string import Formatter

import pytest

from nav_maps.model import Level, PathwayMode
from nav_maps.words import LANGUAGES, Register, Teller, en, wrapped, zh
from nav_maps.words.amounts import floor_number, minutes, round_metres
from nav_maps.words.steps import HeadKind, Side, Thing, ThingKind
from nav_maps.words.way import columns_of

REGISTERS = ("speech.", "ticket.")


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_no_key_is_missing_in_either_language() -> None:
    assert set(zh.TEXTS) == set(en.TEXTS)


@pytest.mark.parametrize("key", sorted(zh.TEXTS))
def test_no_slot_is_missing_in_either_language(key: str) -> None:
    assert slots(zh.TEXTS[key]) == slots(en.TEXTS[key])


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_register_says_nothing_that_the_plain_words_do_not_say(language: str) -> None:
    texts = LANGUAGES[language].TEXTS
    for key, text in texts.items():
        if key.startswith(REGISTERS):
            assert slots(text) <= slots(texts[key.partition(".")[2]]), key


def test_every_side_and_thing_has_its_words() -> None:
    for side in Side:
        wanted = {
            f"head.device.{side}",
            f"head.out.{side}",
            f"turn.{side}",
            f"beside.{side}",
            f"arrive.{side}",
        }
        assert wanted <= set(zh.TEXTS)
    for kind in ThingKind:
        assert {f"at.{kind}", f"name.{kind}"} <= set(zh.TEXTS)
    assert {f"head.{kind}" for kind in (HeadKind.BESIDE, HeadKind.TOWARDS, HeadKind.OFF)} <= set(
        zh.TEXTS
    )


def test_chinese_is_chinese_and_english_is_english() -> None:
    latin, han = re.compile("[A-Za-z]"), re.compile("[\u4e00-\u9fff]")
    assert not [key for key, text in zh.TEXTS.items() if latin.search(re.sub(r"{\w+}", "", text))]
    assert not [key for key, text in en.TEXTS.items() if han.search(text)]


@pytest.mark.parametrize(
    ("metres", "said"),
    [(3, 5), (12, 10), (13, 15), (47, 45), (48, 50), (64, 60), (66, 70), (230, 250)],
)
def test_distances_are_said_round(metres: float, said: int) -> None:
    assert round_metres(metres) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(20, 0), (50, 1), (60, 1), (68, 1), (75, 2), (700, 12)]
)
def test_minutes_are_whole_and_rather_too_many(seconds: float, said: int) -> None:
    assert minutes(seconds) == said


@pytest.mark.parametrize(
    ("short", "number"),
    [
        ("3F", 3),
        ("F3", 3),
        ("3", 3),
        ("3楼", 3),
        ("L2", 2),
        ("B1", -1),
        ("-1", -1),
        ("负2层", -2),
        ("Mezzanine", None),
    ],
)
def test_floors_are_numbered_as_their_signs_say(short: str, number: int | None) -> None:
    assert floor_number(Level("l", 7, {"zh": "某层"}, {"zh": short})) == number


def test_a_floor_without_a_sign_is_counted_from_one() -> None:
    assert floor_number(Level("l", 0, {}, {})) == 1
    assert floor_number(Level("l", -1, {}, {})) == -1


def test_speech_says_figures_in_words() -> None:
    assert [zh.spoken_number(n) for n in (5, 10, 15, 20, 45, 105, 250, 1010)] == [
        "五", "十", "十五", "二十", "四十五", "一百零五", "二百五十", "一千零一十",
    ]  # fmt: skip
    assert [en.spoken_number(n) for n in (5, 45, 105)] == [
        "five",
        "forty-five",
        "one hundred and five",
    ]
    assert zh.spoken_digits("A205") == "A二零五"
    assert en.spoken_digits("205") == "two oh five"


@pytest.mark.parametrize(
    ("name", "landmark", "spoken"),
    [
        ("Blue whale", True, "the blue whale"),
        ("the giraffe", True, "the giraffe"),
        ("Information desk", True, "the information desk"),
        ("Radiology", False, "Radiology"),
        ("Blood Collection Room", False, "the Blood Collection Room"),
        ("Clinic 3", False, "Clinic 3"),
        ("Lift 2", False, "lift 2"),
        ("East stairs", False, "the east stairs"),
        ("Lift B", False, "lift B"),
    ],
)
def test_english_names_have_articles_where_people_say_them(
    name: str, landmark: bool, spoken: str
) -> None:
    assert en.with_article(name, landmark) == spoken


def test_a_room_is_told_with_the_number_on_its_door() -> None:
    room = Thing("r", ThingKind.ROOM, {"zh": "检验科", "en": "Laboratory"}, "205")
    assert Teller("zh", Register.READING, {}).thing(room) == "检验科（205）"
    assert Teller("en", Register.READING, {}).thing(room) == "the Laboratory (205)"
    assert Teller("zh", Register.SPEECH, {}).thing(room) == "检验科，二零五室，"


def test_a_ticket_line_is_never_too_wide_and_no_word_is_broken() -> None:
    text = "1. 出电梯左转，走到头右转，检查室（205）在左侧，then walk about forty metres to the radiology department"
    lines = wrapped(text, 48)
    assert all(columns_of(line) <= 48 for line in lines)
    assert "".join(line.strip().replace(" ", "") for line in lines) == text.replace(" ", "")
    assert not any(line.strip()[0] in "，。）" for line in lines)


def test_what_is_closed_is_said_with_the_reason() -> None:
    names, why = {"zh": "2号电梯", "en": "lift 2"}, {"zh": "检修", "en": "maintenance"}
    assert (
        Teller("zh", Register.READING, {}).rerouted(names, why)
        == "2号电梯停用（检修），已为您换了一条路。"
    )
    assert (
        Teller("en", Register.READING, {}).rerouted(names, {})
        == "Lift 2 is closed, so here is another way."
    )


def test_every_mode_of_changing_floors_has_words() -> None:
    for mode in PathwayMode:
        key = "elevator" if mode is PathwayMode.ELEVATOR else f"{mode}.up"
        assert f"ride.{key}" in zh.TEXTS or mode in {
            PathwayMode.WALKWAY,
            PathwayMode.MOVING_SIDEWALK,
        }
