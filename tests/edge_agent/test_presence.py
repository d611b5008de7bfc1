"""The rules of presence, by name."""

import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_agent.core.levels import Levels
from edge_agent.core.phones import MOST_NEW, MOST_SETTLED
from edge_agent.core.presence import Heard, Presence, Reach
from protocol import PhoneNear, PresenceReported, Sighting
from protocol.checkin_token import Carried, Carrier, CheckinToken, Flags, token_at

NOON = 1772424000
KEY = bytes(range(16))


def token(key: bytes = KEY, window: int = 0, flags: Flags = Flags.NONE) -> Carried:
    return Carried(token_at(key, NOON + 900 * window, flags), Carrier.SERVICE_UUID)


class Door:
    """A presence core with a clock; `told` and `reports` are what it said."""

    def __init__(self, reach: Reach | None = None) -> None:
        self.presence = Presence(reach or Reach())
        self.now_s = 100.0
        self.told: list[PhoneNear] = []
        self.reports: list[PresenceReported] = []

    def hears(
        self,
        rssi: int,
        *tokens: Carried,
        address: str = "C0:FF:EE:00:00:01",
        seconds: float = 0.2,
        every_s: float = 0.2,
    ) -> None:
        """For so long an advert every so often."""
        for _ in range(max(1, round(seconds / every_s))):
            self.presence.hear(Heard(self.now_s, address, rssi, tokens or (token(),)))
            self.passes(every_s)

    def passes(self, seconds: float) -> None:
        end_s = self.now_s + seconds
        while self.now_s < end_s - 1e-9:
            self.now_s = min(end_s, self.now_s + 0.2)
            near, report = self.presence.due(self.now_s)
            self.told += near
            self.reports += [report] if report else []

    @property
    def sightings(self) -> list[Sighting]:
        return [sighting for report in self.reports for sighting in report.sightings]


# ---- near or not -----------------------------------------------------------------------------


def test_a_phone_that_comes_near_and_stays_is_told_once() -> None:
    door = Door()
    door.hears(-55, seconds=10)
    [told] = door.told
    assert told.sighting.token == token().token.text
    assert told.sighting.near
    assert told.near_s >= 1.5


def test_it_is_told_within_three_seconds_of_stopping_at_the_door() -> None:
    door = Door()
    door.hears(-85, seconds=10)
    stopped_s = door.now_s
    while not door.told:
        door.hears(-55)
    assert door.now_s - stopped_s <= 4.0


def test_a_phone_that_only_passes_is_not_told() -> None:
    door = Door()
    for rssi in (-85, -80, -70, -60, -58, -60, -70, -80, -85, -90):
        door.hears(rssi, seconds=0.4)
    assert door.told == []


def test_a_single_strong_advert_is_not_believed() -> None:
    door = Door()
    door.hears(-40)
    door.passes(10)
    assert door.told == []


def test_a_level_that_wavers_around_the_limit_is_one_stay() -> None:
    door = Door()
    draw = random.Random(7)
    for _ in range(300):
        door.hears(round(draw.gauss(-64, 4)))
    assert len(door.told) == 1


def test_a_phone_that_left_and_came_back_is_told_again() -> None:
    door = Door()
    door.hears(-55, seconds=5)
    door.hears(-90, seconds=8)
    door.hears(-55, seconds=5)
    assert len(door.told) == 2


def test_a_phone_that_fell_silent_for_long_has_left() -> None:
    door = Door()
    door.hears(-55, seconds=5)
    door.passes(9)
    door.hears(-55, seconds=5)
    assert len(door.told) == 2


def test_a_short_silence_ends_no_stay() -> None:
    door = Door()
    door.hears(-55, seconds=5)
    door.passes(6)
    door.hears(-55, seconds=5)
    assert len(door.told) == 1


def test_the_offset_of_the_radio_is_taken_off() -> None:
    door = Door(Reach(offset_db=12.0))
    door.hears(-58, seconds=5)
    assert door.told == []
    assert {sighting.rssi_median_dbm for sighting in door.sightings} == {-70.0}
    assert door.reports[0].offset_db == 12.0


@pytest.mark.parametrize("rssi", [42, 20, 11, -121, -127, 127, -128])
def test_a_level_that_can_not_be_is_not_believed(rssi: int) -> None:
    door = Door()
    door.hears(rssi, seconds=5)
    assert (door.reports, door.told, door.presence.disbelieved) == ([], [], 25)


def test_outliers_move_the_level_little() -> None:
    levels = Levels()
    for number in range(15):
        levels.add(number / 5, -20 if number % 5 == 0 else -70)
    assert levels.smoothed(3.0) == -70


# ---- who it is -------------------------------------------------------------------------------


def test_of_an_old_and_a_new_uuid_only_the_new_one_counts() -> None:
    door = Door()
    old, new = token(), token(window=1)
    door.hears(-55, old, seconds=5)
    for order in ((old, new), (new, old)):
        door.reports.clear()
        door.hears(-55, *order, seconds=2)
        assert {sighting.token for sighting in door.sightings} == {new.token.text}
    assert len(door.told) == 1, "it is one stay"


def test_a_phone_keeps_its_track_when_its_token_rolls() -> None:
    door = Door()
    for window in range(4):
        door.hears(-75, *[token(window=each) for each in range(window + 1)], seconds=2)
    assert len({sighting.token for sighting in door.sightings}) == 4
    assert {sighting.track for sighting in door.sightings} == {1}


def test_a_phone_keeps_its_track_when_its_address_changes() -> None:
    door = Door()
    door.hears(-55, seconds=3)
    door.hears(-55, seconds=3, address="C0:FF:EE:00:00:02")
    assert {sighting.track for sighting in door.sightings} == {1}
    assert max(sighting.addresses for sighting in door.sightings) == 2
    assert len(door.told) == 1


def test_a_copy_that_shows_another_token_beside_it_does_not_silence_the_family() -> None:
    door = Door()
    family, invented = token(), token(b"\x66" * 16)
    for _ in range(50):
        door.hears(-60, family, address="C0:FF:EE:00:00:01", seconds=0.1, every_s=0.1)
        door.hears(-60, family, invented, address="C0:FF:EE:00:00:66", seconds=0.1, every_s=0.1)
    later = [sighting for report in door.reports[-3:] for sighting in report.sightings]
    [theirs] = {sighting.track for sighting in later if sighting.token == family.token.text}
    assert theirs == 1
    assert {sighting.addresses for sighting in later if sighting.track == 1} == {2}
    assert door.presence.address_of(family.token.text) is not None


def test_a_token_may_roll_once_the_old_address_is_silent() -> None:
    door = Door()
    door.hears(-75, token(), seconds=2, address="C0:FF:EE:00:00:01")
    door.hears(-75, token(), seconds=12, address="C0:FF:EE:00:00:02")
    door.hears(-75, token(window=1), seconds=2, address="C0:FF:EE:00:00:02")
    assert {sighting.track for sighting in door.sightings} == {1}


def test_two_tokens_at_first_sight_are_both_reported_as_one_phone() -> None:
    door = Door()
    door.hears(-75, token(), token(window=1), seconds=2)
    assert {sighting.token for sighting in door.sightings} == {
        token().token.text,
        token(window=1).token.text,
    }
    assert {sighting.track for sighting in door.sightings} == {1}
    door.reports.clear()
    door.hears(-75, token(window=1), seconds=2)  # BlueZ has forgotten it, and found it anew
    assert {sighting.token for sighting in door.sightings[1:]} == {token(window=1).token.text}


def test_two_children_at_one_door_are_two() -> None:
    door = Door()
    for _ in range(25):
        door.hears(-55, token(bytes(16)), address="C0:FF:EE:00:00:01", every_s=0.1, seconds=0.1)
        door.hears(-56, token(KEY), address="C0:FF:EE:00:00:02", every_s=0.1, seconds=0.1)
    assert {told.sighting.track for told in door.told} == {1, 2}


def test_the_flag_and_the_carrier_are_passed_on() -> None:
    door = Door()
    carried = Carried(token(flags=Flags.CAN_PROVE).token, Carrier.IBEACON)
    door.hears(-75, carried, seconds=1)
    assert {(s.can_prove, s.carrier) for s in door.sightings} == {(True, Carrier.IBEACON)}


def test_a_phone_is_found_by_its_token_so_that_it_can_be_asked() -> None:
    door = Door()
    door.hears(-75)
    assert door.presence.address_of(token().token.text) == "C0:FF:EE:00:00:01"
    assert door.presence.address_of("00" * 9) is None


# ---- how much is told ------------------------------------------------------------------------


def test_reports_come_at_a_bounded_rate_and_count_every_advert() -> None:
    door = Door()
    door.hears(-75, seconds=20, every_s=0.05)
    assert 18 <= len(door.reports) <= 21
    assert sum(sighting.count for sighting in door.sightings) >= 380
    assert door.told == []


def test_the_adverts_of_a_stay_are_in_the_reports_too() -> None:
    door = Door()
    door.hears(-55, seconds=10)
    door.passes(2)
    assert sum(sighting.count for sighting in door.sightings) == 50
    assert len(door.told) == 1


def test_times_in_a_report_are_in_order() -> None:
    door = Door()
    door.hears(-75, seconds=20, every_s=0.05)
    assert all(sighting.first_s >= sighting.last_s for sighting in door.sightings)


def test_in_a_crowd_nobody_is_left_out_for_long_and_those_near_come_first() -> None:
    door = Door(Reach(most_a_report=20))
    near = token(b"\xff" * 16)
    for _ in range(60):
        for number in range(100):
            door.presence.hear(
                Heard(door.now_s, f"far {number}", -80, (token(number.to_bytes(16, "big")),))
            )
        door.presence.hear(Heard(door.now_s, "near", -50, (near,)))
        door.passes(0.2)
    assert all(len(report.sightings) <= 20 for report in door.reports)
    assert len({sighting.track for sighting in door.sightings}) == 101
    later = door.reports[4:]
    assert all(report.sightings[0].token == near.token.text for report in later)
    assert later[-1].left_out == 81


def test_nothing_heard_is_nothing_told() -> None:
    door = Door()
    door.passes(30)
    assert door.reports == []


def test_a_flood_of_forged_phones_fills_no_disk_and_hides_nobody() -> None:
    door = Door()
    family = token(b"\x77" * 16)
    for second in range(60):
        for number in range(60):
            key = (second // 4 * 60 + number + 1).to_bytes(16, "big")
            door.presence.hear(Heard(door.now_s, f"forged {key.hex()}", -40, (token(key),)))
        door.presence.hear(Heard(door.now_s, "family", -50, (family,)))
        door.passes(0.5)
    assert len(door.told) <= 60 + 4 * 31
    assert family.token.text in {told.sighting.token for told in door.told}


def test_twenty_thousand_one_shot_addresses_leave_memory_bounded_and_the_family_known() -> None:
    door = Door()
    family = token(b"\x77" * 16)
    draw = random.Random(3)
    door.hears(-75, family, seconds=2, address="family")
    tracemalloc.start()
    for number in range(20_000):
        carried = Carried(CheckinToken(draw.randbytes(9)), Carrier.SERVICE_UUID)
        door.presence.hear(Heard(door.now_s, f"stranger {number}", -80, (carried,)))
        if number % 500 == 0:
            door.presence.hear(Heard(door.now_s, "family", -75, (family,)))
            door.now_s += 0.01
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(door.presence) <= MOST_NEW + MOST_SETTLED
    assert used < 12_000_000
    door.reports.clear()
    door.passes(1.2)
    assert (family.token.text, 1) in {
        (s.token, s.track) for r in door.reports for s in r.sightings
    } or any(report.left_out for report in door.reports)
    assert door.presence.address_of(family.token.text) == "family"


def test_phones_that_are_gone_are_forgotten() -> None:
    door = Door()
    door.hears(-75, seconds=2)
    door.passes(60)
    assert len(door.presence) == 0
    assert door.presence.address_of(token().token.text) is None


def test_a_day_of_phones_leaves_nothing_behind() -> None:
    """24 hours in which every minute 20 other phones come by."""
    door = Door()
    door.presence.due(door.now_s)
    for minute in range(24 * 60):
        for number in range(20):
            key = (minute * 20 + number).to_bytes(16, "big")
            for _ in range(4):
                door.presence.hear(Heard(door.now_s, key.hex(), -70, (token(key),)))
        door.now_s += 60
        door.presence.due(door.now_s)
    inside = door.presence._phones
    assert len(door.presence) <= 20
    assert len(inside._by_token) <= 20
    assert len(inside._by_address) <= MOST_NEW + MOST_SETTLED


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),
            st.integers(-128, 127),
            st.lists(st.integers(0, 6), max_size=3),
            st.floats(0, 20),
        ),
        max_size=60,
    )
)
def test_whatever_is_heard_the_books_are_right(
    adverts: list[tuple[int, int, list[int], float]],
) -> None:
    door = Door()
    believed = 0
    for address, rssi, numbers, after_s in adverts:
        carried = tuple(token(number.to_bytes(16, "big")) for number in dict.fromkeys(numbers))
        before = door.presence.disbelieved
        door.presence.hear(Heard(door.now_s, str(address), rssi, carried))
        believed += before == door.presence.disbelieved
        door.passes(after_s)
        inside = door.presence._phones
        for value, phone in inside._by_token.items():
            assert not phone.gone
            assert value in {each.token.value for each in phone.tokens}
    door.passes(2)
    counted = {
        (at, sighting.track): sighting.count
        for at, report in enumerate(door.reports)
        for sighting in report.sightings
    }
    assert sum(counted.values()) == believed
