"""Numbers, rooms and calls as they are said."""

import pytest

from protocol import Text
from speech import call_sentence, door_sentence, spoken


@pytest.mark.parametrize(
    ("written", "zh"),
    [
        ("请A023号到3诊室就诊。", "请A 零二三号到三诊室就诊。"),
        ("请A101号到 12 诊室就诊。", "请A 一零一号到十二诊室就诊。"),
        ("请K07-012号到20号窗口取药。", "请K 零七 零一二号到二十号窗口取药。"),
        ("到2楼302室", "到二楼三零二室"),
        ("请AB12号到10诊室", "请A B 一二号到十诊室"),
        ("B1层05室", "B一层零五室"),
    ],
)
def test_tickets_are_spelled_and_rooms_are_said_as_staff_say_them(written: str, zh: str) -> None:
    assert spoken(written, "zh") == zh


def test_english_spells_tickets_and_long_room_numbers() -> None:
    said = spoken("Number A023, please go to Room 302.", "en")
    assert said == "Number A, zero two three, please go to Room three zero two."


def test_names_with_two_readings_are_read_as_the_site_says() -> None:
    assert spoken("请到单医生诊室", "zh", {"单": "丹", "单医生": "善医生"}) == "请到善医生诊室"


@pytest.mark.parametrize(
    ("kind", "zh"),
    [
        ("clinic", "请A023号到3诊室就诊。"),
        ("pharmacy", "请A023号到3诊室取药。"),
        ("lab", "请A023号到3诊室。"),
    ],
)
def test_a_call_says_what_one_is_called_for(kind: str, zh: str) -> None:
    assert call_sentence("A023", Text(zh="3诊室", en="Room 3"), kind).zh == zh


def test_the_door_of_a_room_is_another_call_than_the_room() -> None:
    room = Text(zh="3诊室", en="Room 3")
    assert door_sentence("A023", room).zh == "请A023号到3诊室门口候诊。"
    assert door_sentence("A023", room).en == "Number A023, please wait at the door of Room 3."
