"""Check-in: windows, walk-ins, payment, the screening form, several children, choosing a doctor."""

from dataclasses import replace

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.site import Group, Point, Site
from queue_server.core.steps import Screening
from queue_server.core.vocabulary import StepKind
from queue_server.core.vocabulary import StepState as S
from tests.queue_server.core.makers import TODAY, Day, clock, minutes, name, slot, small_site
from tests.queue_server.core.rule_table import shows


def refusal(answer: c.Answer) -> c.Reason:
    assert isinstance(answer, c.Refused), answer
    return answer.reason


def fever_site() -> Site:
    site = small_site(screening=True, fever_group="fever")
    fever = Group("fever", name("发热门诊"), StepKind.CLINIC, "west", "F")
    return replace(
        site,
        groups={**site.groups, "fever": fever},
        points={**site.points, "f1": Point("f1", name("发热 1 诊室"), "fever")},
    )


@shows(
    "Check-in",
    "early check-in: any time (default), not before the slot, or N minutes before it; told when to come back",
)
def test_windows_before_the_slot() -> None:
    for early, opens in ((None, None), (minutes(0), clock(10)), (minutes(30), clock(9, 30))):
        day = Day(small_site(early=early), clock(8))
        day.register("1", slot=slot(10))
        answer = day.scan("1")
        if opens is None:
            assert isinstance(answer, c.Stood)
        else:
            assert isinstance(answer, c.Refused)
            assert (answer.reason, answer.when) == (c.Reason.TOO_EARLY, opens)
            day.now = opens
            assert isinstance(day.scan("1"), c.Stood)


@shows(
    "Check-in", "a nurse at the desk may let in who comes early, and walk-ins where there are none"
)
def test_the_desk_lets_in_early_comers_and_walk_ins() -> None:
    day = Day(small_site(early=minutes(0), walk_ins=False), clock(8))
    day.register("1", slot=slot(10))
    day.register("2")
    assert isinstance(day.do(c.CheckInAtDesk("v-1", "nurse")), c.Stood)
    assert isinstance(day.do(c.CheckInAtDesk("v-2", "nurse")), c.Stood)


@shows("Check-in", "no walk-ins; add-ons that a doctor has granted may come")
def test_no_walk_ins_but_add_ons() -> None:
    day = Day(small_site(walk_ins=False))
    day.register("1")
    assert refusal(day.scan("1")) is c.Reason.NO_WALK_INS
    assert day.arrive("2", add_on=True) == "A001"


@shows("Check-in", "unpaid where payment must come first: told so, and in as soon as it is paid")
def test_unpaid_registrations_wait_for_the_payment() -> None:
    day = Day(small_site(pay_first=True))
    day.register("1", paid=False)
    assert refusal(day.scan("1")) is c.Reason.UNPAID
    day.do(c.Pay("v-1", "cashier"))
    assert isinstance(day.scan("1"), c.Stood)


@shows("Check-in", "screening form missing or expired: not into the ordinary line")
def test_without_a_valid_form_nobody_checks_in() -> None:
    day = Day(fever_site())
    day.register("1")
    assert refusal(day.scan("1")) is c.Reason.SCREENING_MISSING
    day.do(c.Screen("v-1", False, "phone"))
    assert isinstance(day.scan("1"), c.Stood)
    late = Day(fever_site(), clock(8))
    late.register("1")
    late.hospital.visits["v-1"].screening = Screening(clock(8) - minutes(25 * 60), False)
    assert refusal(late.scan("1")) is c.Reason.SCREENING_MISSING


@shows(
    "Check-in",
    "screening form abnormal: the fever clinic's line and number, never the ordinary one",
)
def test_an_abnormal_form_leads_to_the_fever_clinic() -> None:
    day = Day(fever_site())
    day.register("1")
    day.do(c.Screen("v-1", True, "phone"))
    assert isinstance(day.scan("1"), c.Stood)
    assert day.ticket("v-1") == "F001"
    assert day.call("a1") == c.Reason.NOBODY_WAITING
    assert day.call("f1") == "F001"


@shows(
    "Check-in",
    "a form that turns out abnormal while waiting moves the family to the fever clinic at once",
)
def test_a_form_filled_in_later_moves_the_family() -> None:
    day = Day(fever_site())
    day.register("1")
    day.do(c.Screen("v-1", False, "phone"))
    day.scan("1")
    day.do(c.Screen("v-1", True, "nurse"))
    assert day.states("v-1") == [S.TRANSFERRED, S.WAITING]
    assert day.call("f1") == "A001"


@shows("Check-in", "abnormal and no fever clinic here: sent to a nurse, not into a line")
def test_an_abnormal_form_without_a_fever_clinic() -> None:
    day = Day(small_site(screening=True))
    day.register("1")
    day.do(c.Screen("v-1", True, "phone"))
    assert refusal(day.scan("1")) is c.Reason.SCREENED_OUT


@shows(
    "Check-in",
    "several children on one guardian's card: asked which; a child's own card asks nothing",
)
def test_several_children_of_one_guardian() -> None:
    day = Day()
    for child in "12":
        day.register(child, guardian="mum", guardian_card="mum-card")
    answer = day.do(c.Scan("k1", day.now, True, "mum-card"))
    assert answer == c.WhichChild(("v-1", "v-2"))
    chosen = day.do(c.Scan("k1", day.now, True, "mum-card", visit="v-2"))
    assert chosen == c.Stood(("v-2",))
    assert isinstance(day.scan("1"), c.Stood)
    both = day.do(c.Scan("k1", day.now, True, "mum-card"))
    assert both == c.Stood(("v-1", "v-2"), frozenset({"v-1", "v-2"}))


@shows("Check-in", "choose a doctor at check-in, where the rules allow it")
def test_choosing_a_doctor_at_check_in() -> None:
    day = Day(small_site(choose_doctor=True))
    for child in "12":
        day.register(child)
    day.do(c.Scan("k1", day.now, True, "card-1", doctor="chen"))
    assert day.call("a1") == c.Reason.NOBODY_WAITING
    assert day.call("a2") == "A001"
    wrong = day.do(c.Scan("k1", day.now, True, "card-2", doctor="nobody"))
    assert refusal(wrong) is c.Reason.UNKNOWN_DOCTOR
    fixed = Day(small_site())
    fixed.register("1")
    fixed.do(c.Scan("k1", fixed.now, True, "card-1", doctor="chen"))
    assert fixed.hospital.visits["v-1"].first_step().doctor is None


@shows("Check-in", "two ways of checking in are one: the second says where one stands")
def test_the_desk_after_the_kiosk_says_where_one_stands() -> None:
    day = Day()
    day.arrive("1")
    answer = day.do(c.CheckInAtDesk("v-1", "nurse"))
    assert answer == c.Stood(("v-1",), frozenset({"v-1"}))


@shows("Check-in", "a check-in at the desk can be undone; the number is not given again")
def test_a_check_in_at_the_desk_can_be_undone() -> None:
    day = Day()
    day.register("1"), day.register("2")
    day.do(c.CheckInAtDesk("v-1", "nurse"))
    assert isinstance(day.do(c.Undo("nurse")), c.Stood)
    assert day.states("v-1") == [S.READY]
    day.scan("2"), day.scan("1")
    assert (day.ticket("v-2"), day.ticket("v-1")) == ("A002", "A003")


@shows("Check-in", "another guardian goes on with a card of their own")
def test_another_guardian_takes_over() -> None:
    day = Day()
    day.arrive("1", guardian="mum", guardian_card="mum-card")
    assert isinstance(day.do(c.HandOver("v-1", "gran-card", "nurse")), c.Stood)
    answer = day.do(c.Scan("k1", day.now, True, "gran-card"))
    assert answer == c.Stood(("v-1",), frozenset({"v-1"}))
    assert refusal(day.do(c.Scan("k1", day.now, True, "mum-card"))) is c.Reason.NO_VISIT
    assert refusal(day.do(c.HandOver("v-1", "", "nurse"))) is c.Reason.UNKNOWN_CARD


@shows(
    "Check-in",
    "wrong day, given back, another campus, a card nobody knows: each its own answer, kept for the desk",
)
def test_each_refusal_is_kept() -> None:
    day = Day()
    day.register("campus", campus="south")
    day.register("gone")
    day.do(c.Cancel("v-gone", "clerk"))
    answers = [refusal(day.scan(child)) for child in ("campus", "gone", "nobody")]
    assert answers == [c.Reason.WRONG_CAMPUS, c.Reason.CANCELLED, c.Reason.UNKNOWN_CARD]
    kept = [ev.reason for ev in day.events if isinstance(ev, e.ScanRefused)]
    assert kept == [reason.value for reason in answers]


@shows("Check-in", "no registrations for days without clinics")
def test_no_registrations_for_closed_days() -> None:
    site = small_site()
    day = Day(replace(site, hours=replace(site.hours, closed=frozenset({TODAY}))))
    answer = day.do(c.Register("v-1", "1", "张小1", "resp", TODAY))
    assert refusal(answer) is c.Reason.CLOSED_DAY
