"""In which area a phone stays: only what is clear, for a while."""

from queue_server.whereabouts import Hearing, Stay, Stays


def told(stays: Stays, seconds: int, *heard: tuple[str, float], begin_s: int = 0) -> list[Stay]:
    """What is told while areas hear a phone at these levels, once a second."""
    found: list[Stay] = []
    for at_s in range(begin_s, begin_s + seconds):
        for area, level in heard:
            stays.heard("phone", Hearing(f"door-{area}", area, float(at_s), level))
        found += stays.due(float(at_s))
    return found


def test_a_phone_that_is_heard_clearly_for_a_while_stays_there() -> None:
    [stay] = told(Stays(), 20, ("east", -60.0), ("west", -75.0))
    assert (stay.area, stay.agent, stay.at_s) == ("east", "door-east", 10.0)


def test_who_walks_by_does_not_stay() -> None:
    stays = Stays()
    told(stays, 15, ("east", -60.0))
    assert not told(stays, 5, ("west", -50.0), ("east", -70.0), begin_s=15)
    assert not told(stays, 20, ("east", -60.0), begin_s=20)  # back where it was: nothing new


def test_nothing_is_said_of_what_is_weak_or_nearly_equal() -> None:
    assert not told(Stays(), 30, ("east", -83.0))
    assert not told(Stays(), 30, ("east", -60.0), ("west", -64.0))


def test_a_stay_is_told_again_as_long_as_it_lasts() -> None:
    assert [stay.at_s for stay in told(Stays(), 140, ("east", -60.0))] == [10.0, 70.0, 130.0]


def test_another_area_is_told_when_the_phone_has_gone_there() -> None:
    stays = Stays()
    told(stays, 20, ("east", -60.0))
    assert [s.area for s in told(stays, 20, ("west", -60.0), ("east", -90.0), begin_s=20)] == [
        "west"
    ]


def test_twenty_thousand_phones_are_remembered_and_no_more() -> None:
    stays = Stays()
    for number in range(25_000):
        stays.heard(f"phone-{number}", Hearing("door", "east", 0.0, -60.0))
    assert len(stays) == 20_000
    assert not stays.due(0.0)
