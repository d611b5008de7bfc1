"""Phones at the whole server: from what agents send to a family that is checked in, or not."""

from datetime import timedelta
from pathlib import Path

import pytest

from protocol import AgentState, PhoneNear, PresenceReported, Sighting
from protocol.checkin_token import WINDOW_S, Carrier, token_at
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.rules import Presence
from queue_server.core.site import Site
from queue_server.core.vocabulary import StepState, Way
from queue_server.errors import SettingsError
from queue_server.phones import PhoneDesk
from queue_server.visit_keys import VisitKeys, keys_in
from queue_server.whereabouts import Arbitration
from tests.queue_server.core.makers import TODAY, small_site
from tests.queue_server.shell import Agent, Clock, Shell

KEYS = VisitKeys(b"a secret of thirty-two bytes ...")


class Hall:
    """A server with agents at two doors: `door-east` of the clinic's area, `door-west` of the laboratory's."""

    def __init__(self, site: Site | None = None, journal_of: "Hall | None" = None) -> None:
        self.clock: Clock = journal_of.clock if journal_of else Clock()
        spots = {"door-east": (0.0, 0.0, 0), "door-west": (60.0, 0.0, 0)}
        phones = PhoneDesk(KEYS, Arbitration(spots=spots))
        journal = journal_of.shell.journal if journal_of else None
        self.shell: Shell = Shell(journal, site, self.clock, phones=phones)
        self.agents = {name: Agent(name, clock=self.clock) for name in spots}
        self.events: list[e.Event] = []
        for name, area in (("door-east", "east"), ("door-west", "west")):
            birth = AgentState(online=True, birth=1, area=area)
            self.shell.deliver(self.agents[name].send("state", birth, seq=None))

    def token(self, visit: str = "v-1") -> str:
        return token_at(KEYS.key(visit), self.clock().timestamp()).text

    def near(self, agent: str, token: str, level: float = -55.0, **more: object) -> None:
        message = PhoneNear(sighting=sighting(token, level), near_s=1.5)
        self.shell.deliver(self.agents[agent].send("presence", message, **more))

    def report(self, agent: str, *heard: tuple[str, float]) -> None:
        sightings = tuple(sighting(token, level) for token, level in heard)
        message = PresenceReported(window_s=1.0, sightings=sightings)
        self.shell.deliver(self.agents[agent].send("presence", message, seq=None))

    def wait(self, seconds: float) -> None:
        for _ in range(int(seconds * 4)):
            self.clock.now += timedelta(seconds=0.25)
            self.shell.writer.take([])

    def checked_in(self, visit: str = "v-1") -> bool:
        return self.shell.hospital.visits[visit].checked_in_at is not None

    def happened(self, kind: type[e.Event]) -> list[e.Event]:
        return [each for each in self.shell.journal.replay() if isinstance(each, kind)]


def sighting(token: str, level: float) -> Sighting:
    return Sighting(
        token=token,
        carrier=Carrier.SERVICE_UUID,
        track=1,
        count=5,
        rssi_median_dbm=level,
        rssi_mean_dbm=level,
        rssi_max_dbm=level,
        level_dbm=level,
        first_s=1.0,
        last_s=0.0,
        near=True,
    )


@pytest.fixture
def hall() -> Hall:
    hall = Hall()
    hall.shell.register("1", "2")
    return hall


def test_a_phone_that_stops_at_its_door_is_checked_in_within_three_seconds(hall: Hall) -> None:
    hall.near("door-east", hall.token())
    assert not hall.checked_in()
    hall.wait(2.25)
    assert hall.checked_in()
    [happened] = hall.happened(e.CheckedIn)
    assert isinstance(happened, e.CheckedIn)
    assert (happened.way, happened.agent) == (Way.PHONE, "door-east")


def test_a_phone_at_a_door_that_is_not_its_own_is_nothing_to_write_down(hall: Hall) -> None:
    hall.near("door-west", hall.token())
    hall.wait(10)
    assert not hall.checked_in()
    assert not hall.happened(e.ScanRefused)


def test_where_two_doors_hear_it_alike_nobody_is_checked_in_and_nurses_see_it(hall: Hall) -> None:
    hall.near("door-east", hall.token(), -79)
    for _ in range(24):
        hall.report("door-east", (hall.token(), -79))
        hall.report("door-west", (hall.token(), -80))
        hall.wait(0.75)
    assert not hall.checked_in()
    [refused] = hall.happened(e.ScanRefused)
    assert isinstance(refused, e.ScanRefused)
    assert refused.reason == c.Reason.UNCLEAR_PLACE.value


def test_an_unclear_place_on_the_way_troubles_nobody(hall: Hall) -> None:
    hall.near("door-west", hall.token(), -79)
    for _ in range(24):
        hall.report("door-east", (hall.token(), -79))
        hall.report("door-west", (hall.token(), -80))
        hall.wait(0.75)
    assert not hall.happened(e.ScanRefused)


def test_a_second_stay_and_a_card_after_the_phone_change_nothing(hall: Hall) -> None:
    hall.near("door-east", hall.token())
    hall.wait(3)
    hall.near("door-east", hall.token())
    hall.wait(3)
    assert len(hall.happened(e.CheckedIn)) == 1
    assert isinstance(hall.shell.do(c.CheckInAtDesk("v-1", "nurse")), c.Stood)
    assert len(hall.happened(e.CheckedIn)) == 1


def test_of_two_siblings_the_one_whose_token_is_shown_is_checked_in(hall: Hall) -> None:
    hall.near("door-east", hall.token("v-2"))
    hall.wait(3)
    assert hall.checked_in("v-2")
    assert not hall.checked_in("v-1")


def test_an_old_recording_of_a_token_is_worth_nothing(hall: Hall) -> None:
    old = hall.token()
    hall.clock.now += timedelta(seconds=WINDOW_S + 300)
    hall.near("door-east", old)
    hall.wait(3)
    assert not hall.checked_in()


def test_a_phone_whose_clock_is_a_minute_behind_is_still_known(hall: Hall) -> None:
    token = hall.token()
    into = hall.clock().timestamp() % WINDOW_S
    hall.clock.now += timedelta(seconds=WINDOW_S - into + 60)
    hall.near("door-east", token)
    hall.wait(3)
    assert hall.checked_in()


def test_a_token_in_two_places_at_once_is_refused_and_nurses_see_it(hall: Hall) -> None:
    hall.report("door-west", (hall.token(), -50))
    hall.near("door-east", hall.token())
    hall.wait(3)
    assert not hall.checked_in()
    [refused] = hall.happened(e.ScanRefused)
    assert isinstance(refused, e.ScanRefused)
    assert (refused.reason, refused.visit) == (c.Reason.TWO_PLACES.value, "v-1")


def test_strangers_phones_leave_no_trace_but_a_count(hall: Hall) -> None:
    before = len(list(hall.shell.journal.replay()))
    hall.near("door-east", "00" * 9)
    hall.report("door-east", ("11" * 9, -50.0))
    hall.wait(3)
    assert len(list(hall.shell.journal.replay())) == before
    assert hall.shell.outlet.acknowledged["door-east"][1] == 1


def test_the_agent_may_forget_only_when_it_is_settled(hall: Hall) -> None:
    hall.near("door-east", hall.token())
    assert "door-east" not in hall.shell.outlet.acknowledged
    hall.wait(3)
    assert hall.shell.outlet.acknowledged["door-east"][1] == 1


def test_a_server_killed_before_the_ruling_hears_of_the_phone_again(hall: Hall) -> None:
    hall.near("door-east", hall.token())
    again = Hall(journal_of=hall)
    again.agents["door-east"].seq = 0
    again.near("door-east", again.token())
    again.wait(3)
    assert again.checked_in()
    assert len(again.happened(e.CheckedIn)) == 1


def test_the_same_message_twice_is_one_claim(hall: Hall) -> None:
    message = PhoneNear(sighting=sighting(hall.token(), -55), near_s=1.5)
    sent = hall.agents["door-east"].send("presence", message)
    hall.shell.deliver(sent, sent)
    hall.wait(3)
    hall.shell.deliver(sent)
    assert len(hall.happened(e.CheckedIn)) == 1


def test_what_an_agent_heard_while_it_was_cut_off_checks_in_at_that_time(hall: Hall) -> None:
    heard_at = hall.clock()
    token = hall.token()
    hall.clock.now += timedelta(hours=1)
    hall.near("door-east", token, time=heard_at)
    [happened] = hall.happened(e.CheckedIn)
    assert happened.at == heard_at


def test_a_family_that_missed_its_call_is_back_in_line_when_its_phone_is_at_the_door(
    hall: Hall,
) -> None:
    hall.near("door-east", hall.token())
    hall.wait(3)
    hall.shell.do(c.CallNext("a1", "doctor"))
    hall.clock.now += timedelta(minutes=3)
    hall.shell.do(c.Miss("a1", "doctor"))
    hall.clock.now += timedelta(minutes=3)
    hall.near("door-east", hall.token())
    hall.wait(3)
    assert hall.shell.hospital.visits["v-1"].first_step().state is StepState.WAITING


def test_an_unpaid_registration_is_refused_where_payment_comes_first() -> None:
    hall = Hall(small_site(pay_first=True))
    hall.shell.register("1", paid=False)
    hall.near("door-east", hall.token())
    hall.wait(3)
    [refused] = hall.happened(e.ScanRefused)
    assert isinstance(refused, e.ScanRefused)
    assert (refused.reason, refused.visit) == ("unpaid", "v-1")


def test_a_registration_that_comes_in_later_has_a_token_at_once(hall: Hall) -> None:
    hall.shell.register("3")
    hall.near("door-east", hall.token("v-3"))
    hall.wait(3)
    assert hall.checked_in("v-3")


def test_tomorrows_visits_have_tokens_after_midnight(hall: Hall) -> None:
    hall.shell.register("9", day=TODAY + timedelta(days=1))
    hall.near("door-east", hall.token("v-9"))
    hall.wait(3)
    assert not hall.checked_in("v-9")
    hall.clock.now += timedelta(days=1)
    hall.shell.writer.take([])
    hall.near("door-east", hall.token("v-9"))
    hall.wait(3)
    assert hall.checked_in("v-9")


def test_an_agent_of_no_area_checks_nobody_in(hall: Hall) -> None:
    hall.agents["corridor"] = Agent("corridor", clock=hall.clock)
    hall.near("corridor", hall.token())
    hall.wait(10)
    assert not hall.checked_in()


def test_two_visits_with_one_key_are_both_refused_and_nurses_see_it(hall: Hall) -> None:
    class Careless(VisitKeys):
        def key(self, visit: str) -> bytes:
            return b"the same for all"

    keys = Careless(bytes(32))
    shell = Shell(clock=hall.clock, phones=PhoneDesk(keys))
    shell.register("1", "2")
    agent = Agent("door-east", clock=hall.clock)
    token = token_at(keys.key(""), hall.clock().timestamp()).text
    message = PhoneNear(sighting=sighting(token, -50), near_s=2)
    shell.deliver(agent.send("presence", message))
    [refused] = [each for each in shell.journal.replay() if isinstance(each, e.ScanRefused)]
    assert refused.reason == c.Reason.SHARED_PHONE.value


# ---- keys -----------------------------------------------------------------------------------------


def test_the_secret_is_made_once_and_only_the_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "phones.secret"
    first = keys_in(path).key("v-1")
    assert path.stat().st_mode & 0o077 == 0
    assert keys_in(path).key("v-1") == first
    assert keys_in(path).key("v-2") != first


def test_a_secret_that_is_none_is_told_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "phones.secret"
    path.write_bytes(b"short")
    with pytest.raises(SettingsError, match="Delete it"):
        keys_in(path)


# ---- presence while waiting ---------------------------------------------------------------------


def stay(hall: Hall, agent: str, seconds: int, *levels: tuple[str, float]) -> None:
    """Reports of one agent, once a second."""
    for _ in range(seconds):
        hall.report(agent, *levels)
        hall.wait(1)


def test_a_waiting_familys_phone_that_stays_in_another_area_is_noted_once() -> None:
    hall = Hall(small_site(presence=Presence.SKIP))
    hall.shell.register("1", "2")
    hall.near("door-east", hall.token())
    hall.wait(3)
    assert hall.checked_in()
    stay(hall, "door-west", 30, (hall.token(), -60.0))
    seen = hall.happened(e.PhoneSeen)
    assert [(each.visit, each.area) for each in seen if isinstance(each, e.PhoneSeen)] == [
        ("v-1", "west")
    ]
    assert hall.shell.hospital.visits["v-1"].first_step().away_at is not None


def test_a_card_shown_where_the_family_waits_says_that_it_is_back() -> None:
    hall = Hall(small_site(presence=Presence.SKIP))
    hall.shell.register("0007", "2")
    hall.near("door-east", hall.token("v-0007"))
    hall.wait(3)
    stay(hall, "door-west", 15, (hall.token("v-0007"), -60.0))
    step = hall.shell.hospital.visits["v-0007"].first_step()
    assert step.away_at is not None
    hall.shell.deliver(hall.agents["door-east"].scan("HIS-0007"))
    assert step.away_at is None


def test_a_phone_heard_faintly_or_nearly_as_well_elsewhere_is_nowhere() -> None:
    hall = Hall(small_site(presence=Presence.SKIP))
    hall.shell.register("1", "2")
    hall.near("door-east", hall.token())
    hall.wait(3)
    for _ in range(20):
        hall.report("door-west", (hall.token(), -60.0))
        hall.report("door-east", (hall.token(), -63.0))
        hall.wait(1)
    stay(hall, "door-west", 20, (hall.token(), -85.0))
    assert not hall.happened(e.PhoneSeen)
