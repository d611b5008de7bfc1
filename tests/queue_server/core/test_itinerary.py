"""Itineraries: prerequisites, orders, payment, prescriptions, routing, tests before the consult."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core import views
from queue_server.core.rules import HoldUntil, Rules
from queue_server.core.site import Group, Point, PrevisitRule, Site
from queue_server.core.vocabulary import Need, StepKind
from queue_server.core.vocabulary import StepState as S
from tests.queue_server.core.makers import Day, clock, minutes, name, small_site
from tests.queue_server.core.rule_table import shows


def hospital(
    previsit: tuple[PrevisitRule, ...] = (), *, prepare: bool = False, **lab: object
) -> Site:
    """The small hospital with a cashier, two laboratories that draw blood, two pharmacies."""
    site = small_site()
    rules = Rules(**lab)  # type: ignore[arg-type]  # by name
    drugs = replace(site.groups["drugs"], serves=("drugs-any",), rules=Rules(prepare_first=prepare))
    groups = {
        **site.groups,
        "lab": replace(site.groups["lab"], serves=("blood",), rules=rules),
        "lab2": Group(
            "lab2", name("检验二"), StepKind.LAB, "west", "M", rules, serves=("blood", "urine")
        ),
        "cash": Group("cash", name("收费处"), StepKind.CASHIER, "west", "C"),
        "drugs": drugs,
        "drugs2": replace(drugs, id="drugs2", prefix="Q"),
    }
    points = {
        **site.points,
        "m1": Point("m1", name("检验二 1 窗"), "lab2"),
        "c1": Point("c1", name("收费 1 窗"), "cash"),
        "p2": Point("p2", name("取药 2 窗"), "drugs2"),
    }
    return replace(site, groups=groups, points=points, previsit=previsit)


def refusal(answer: c.Answer) -> c.Reason:
    assert isinstance(answer, c.Refused), answer
    return answer.reason


def in_line(day: Day, child: str = "1") -> list[str]:
    """The lines that a visit stands in now."""
    steps = day.hospital.visits[f"v-{child}"].steps.values()
    return [step.plan.group for step in steps if step.state is S.WAITING]


def consult(day: Day, child: str = "1", **finish: object) -> None:
    """Arrive, see the doctor, leave with these orders."""
    day.arrive(child)
    day.call(), day.do(c.Start("a1", "wang"))
    answer = day.do(c.Finish("a1", "wang", **finish))  # type: ignore[arg-type]  # by name
    assert isinstance(answer, c.Stood), answer


@shows(
    "Itinerary",
    "tests side by side; when the **last** result is there, exactly one return to the same doctor",
)
def test_the_last_result_opens_exactly_one_return() -> None:
    day = Day(hospital(results_reported=True))
    consult(day, tests=("lab", "xray"))
    day.serve("l1"), day.serve("x1")
    assert in_line(day) == []  # the blood is still being examined
    order = next(iter(day.hospital.orders))
    assert isinstance(day.do(c.ReportResult(order, "lis")), c.Stood)
    assert in_line(day) == ["resp"]
    day.do(c.ReportResult(order, "lis"))
    returns = [s for s in day.hospital.visits["v-1"].steps.values() if s.plan.is_return]
    assert len(returns) == 1
    assert returns[0].doctor == "wang"


@shows("Itinerary", "a result before the specimen, or for an order nobody gave, is refused")
def test_results_that_can_not_be() -> None:
    day = Day(hospital(results_reported=True))
    consult(day, tests=("lab",))
    order = next(iter(day.hospital.orders))
    assert refusal(day.do(c.ReportResult(order, "lis"))) is c.Reason.NOT_READY
    assert refusal(day.do(c.ReportResult("none", "lis"))) is c.Reason.UNKNOWN_ORDER


@shows("Itinerary", "where several lines serve, the one with the shortest expected wait")
def test_the_shortest_expected_wait() -> None:
    day = Day(hospital())
    for child in "234":
        day.arrive(child, group="lab2")
    consult(day, tests=("blood",))
    assert in_line(day) == ["lab"]  # two windows, nobody there
    for child in ("5", "6", "7", "8", "9", "10", "11", "12", "13"):
        day.arrive(child, group="lab")
    consult(day, "20", tests=("blood",))
    assert in_line(day, "20") == ["lab2"]


@shows("Itinerary", "several things in one line are one step; the entry carries what is to be done")
def test_services_of_one_line_are_one_step() -> None:
    day = Day(hospital())
    day.do(c.PausePoint("l1", "lab")), day.do(c.PausePoint("l2", "lab"))
    consult(day, tests=("blood", "urine"))
    assert in_line(day) == ["lab2"]
    step = next(s for s in day.hospital.steps.values() if s.plan.group == "lab2")
    assert step.plan.services == ("blood", "urine")


@shows("Itinerary", "unpaid orders wait; the payment opens them (online, or at the cashier)")
def test_payment_opens_the_next_step() -> None:
    online = Day(hospital())
    consult(online, tests=("xray",), unpaid=True)
    assert in_line(online) == []
    online.do(c.Pay("v-1", "phone"))
    assert in_line(online) == ["xray"]
    window = Day(hospital())
    consult(window, tests=("xray",), unpaid=True)
    window.do(c.Order("v-1", ("cash",), "nurse"))
    assert in_line(window) == ["cash"]
    window.serve("c1")
    assert in_line(window) == ["xray"]


@shows("Itinerary", "who pays on the phone needs the cashier no more")
def test_paying_online_takes_out_of_the_cashiers_line() -> None:
    day = Day(hospital())
    consult(day, tests=("xray",), unpaid=True)
    day.do(c.Order("v-1", ("cash",), "nurse"))
    day.do(c.Pay("v-1", "phone"))
    assert in_line(day) == ["xray"]
    assert S.NO_SHOW in day.states("v-1")


@shows("Itinerary", "prescription → reviewed → prepared when paid → the pharmacy's line")
def test_prescription_review_payment_preparation() -> None:
    day = Day(hospital(prepare=True))
    consult(day, then=("drugs",), unpaid=True)
    assert refusal(day.do(c.MeetNeed("v-1", Need.PREPARED, "p"))) is c.Reason.NEED_NOT_YET
    day.do(c.MeetNeed("v-1", Need.REVIEWED, "pharmacist"))
    assert refusal(day.do(c.MeetNeed("v-1", Need.PREPARED, "p"))) is c.Reason.NEED_NOT_YET
    day.do(c.Pay("v-1", "phone"))
    assert in_line(day) == []
    day.do(c.MeetNeed("v-1", Need.PREPARED, "p"))
    assert in_line(day) == ["drugs"]


@shows(
    "Itinerary",
    "the same family's second prescription goes to the pharmacy where the first one waits",
)
def test_a_family_goes_to_one_pharmacy() -> None:
    day = Day(hospital())
    for child in ("1", "2"):
        day.register(child, guardian="mum")
        day.scan(child)
    day.serve("a1", then=("drugs",))
    for child in ("7", "8", "9"):
        day.arrive(child, group="drugs")
    day.serve("a1", then=("drugs-any",))
    assert (in_line(day, "1"), in_line(day, "2")) == (["drugs"], ["drugs"])


@shows("Itinerary", "express delivery: the pharmacy's line is skipped")
def test_express_delivery_skips_the_pharmacy() -> None:
    day = Day(hospital())
    consult(day, then=("drugs",))
    assert isinstance(day.do(c.ChooseDelivery("v-1", "phone")), c.Stood)
    assert in_line(day) == []
    assert day.hospital.visits["v-1"].is_over()
    assert refusal(day.do(c.ChooseDelivery("v-1", "phone"))) is c.Reason.NO_DELIVERY


@shows(
    "Itinerary",
    "on an empty stomach: queued only when confirmed, and soon where it must be before a time",
)
def test_fasting_and_before_a_time() -> None:
    day = Day(hospital(), clock(9))
    day.arrive("1"), day.arrive("2", group="lab")
    day.do(c.Order("v-1", ("lab",), "doctor", fasting=True, before=clock(9, 40)))
    assert "lab" not in in_line(day)
    day.now = clock(9, 20)
    day.arrive("3", group="lab")
    day.do(c.MeetNeed("v-1", Need.FASTING, "nurse"))
    day.do(c.Hold("v-1", "nurse")), day.do(c.Release("v-1", "nurse"))
    assert [day.serve("l1") for _ in range(3)] == [day.ticket(f"v-{n}") for n in "213"]


@shows("Itinerary", "a specimen that the family collects itself: in line only when it is brought")
def test_a_specimen_is_brought_before_one_stands_in_line() -> None:
    day = Day(hospital(brings_specimen=True))
    consult(day, tests=("urine",))
    assert in_line(day) == []
    day.do(c.MeetNeed("v-1", Need.SPECIMEN, "lab"))
    assert in_line(day) == ["lab2"]


@shows("Itinerary", "too late for its time: the test is given up, and what comes after goes on")
def test_too_late_for_its_time() -> None:
    day = Day(hospital(), clock(9))
    consult(day)
    day.do(c.Order("v-1", ("lab",), "doctor", comes_back=True, before=clock(9, 30)))
    day.now = clock(9, 31)
    day.do(c.Tick())
    assert day.states("v-1")[1:] == [S.NO_SHOW, S.WAITING]


@shows("Itinerary", "the doctor's orders add steps at any time of the visit")
def test_orders_add_steps_later() -> None:
    day = Day(hospital())
    consult(day)
    assert isinstance(day.do(c.Order("v-1", ("xray",), "wang", comes_back=True)), c.Stood)
    day.serve("x1")
    assert in_line(day) == ["resp"]
    assert refusal(day.do(c.Order("v-1", ("moon",), "wang"))) is c.Reason.UNKNOWN_SERVICE
    assert refusal(day.do(c.Order("v-1", (), "wang"))) is c.Reason.NOT_ORDERED


@shows("Itinerary", "a transfer keeps the waiting that was earned, where the rules say so")
@pytest.mark.parametrize(("keeps", "first"), [(True, "1"), (False, "2")])
def test_a_transfer_keeps_the_waiting(keeps: bool, first: str) -> None:
    site = small_site(transfer_keeps=keeps)
    skin = Group("skin", name("皮肤科"), StepKind.CLINIC, "east", "D")
    site = replace(
        site,
        groups={**site.groups, "skin": skin},
        points={**site.points, "d1": Point("d1", name("皮肤 1 诊室"), "skin")},
    )
    day = Day(site, clock(8))
    day.arrive("1")
    day.now += minutes(10)
    day.arrive("2", group="skin")
    day.now += minutes(10)
    assert isinstance(day.do(c.Transfer("v-1", "skin", "nurse", "皮疹")), c.Stood)
    assert day.call("d1") == day.ticket(f"v-{first}")


# ---- tests before the consult -------------------------------------------------------------------

FEVER = PrevisitRule(
    "fever",
    ("resp",),
    ("blood",),
    reasons=("发热",),
    max_age_months=72,
    recognised=timedelta(hours=72),
)
BORN = date(2023, 1, 1)


def offered(day: Day, child: str = "1", **more: object) -> bool:
    given: dict[str, object] = {"reasons": ("发热",), "born": BORN}
    day.arrive(child, **{**given, **more})
    return bool(day.hospital.visits[f"v-{child}"].offer)


@shows(
    "Tests before the consult", "offered at check-in by a rule: clinic, reason for the visit, age"
)
def test_a_rule_offers_tests_at_check_in() -> None:
    day = Day(hospital((FEVER,)))
    assert offered(day)
    assert not offered(day, "2", reasons=("皮疹",))
    assert not offered(day, "3", born=date(2010, 1, 1))


@shows(
    "Tests before the consult",
    "a recognised report from outside, not too old, makes the test needless; the refusal says why",
)
def test_a_recognised_report_suppresses_the_test() -> None:
    day = Day(hospital((FEVER,)))
    day.register("1", reasons=("发热",), born=BORN)
    day.do(c.NoteReport("1", "blood", day.now - timedelta(hours=20), "社区医院"))
    day.scan("1")
    assert not day.hospital.visits["v-1"].offer
    why = [ev.reason for ev in day.events if isinstance(ev, e.LabNotOffered)]
    assert why == ["recognised"]
    day.register("2", reasons=("发热",), born=BORN)
    day.do(c.NoteReport("2", "blood", day.now - timedelta(hours=80), "社区医院"))
    day.scan("2")
    assert day.hospital.visits["v-2"].offer == ("blood",)


@shows("Tests before the consult", "no age known, or no laboratory open: not offered, and why")
def test_the_other_refusals_say_why() -> None:
    day = Day(hospital((FEVER,)))
    assert not offered(day, born=None)
    for point in ("l1", "l2", "m1"):
        day.do(c.PausePoint(point, "lab"))
    assert not offered(day, "2")
    why = [ev.reason for ev in day.events if isinstance(ev, e.LabNotOffered)]
    assert why == ["age_unknown", "closed"]


@shows(
    "Tests before the consult",
    "accepted: ordered once, paid, to the laboratory; the place in the clinic's line is kept until the result",
)
def test_accepted_tests_keep_the_place() -> None:
    day = Day(hospital((FEVER,), results_reported=True))
    assert offered(day)
    day.arrive("2")
    for _ in range(2):  # a second answer orders nothing more
        assert isinstance(day.do(c.AnswerOffer("v-1", True, "mum")), c.Stood)
    assert len(day.hospital.orders) == 1
    assert in_line(day) == ["resp"]  # nothing is held for a test that is not paid
    day.do(c.Pay("v-1", "phone"))
    assert day.states("v-1") == [S.HELD, S.WAITING]
    assert day.serve("a1") == day.ticket("v-2")
    day.serve("l1")
    assert day.call("a1") == c.Reason.NOBODY_WAITING
    day.arrive("3")
    day.do(c.ReportResult(next(iter(day.hospital.orders)), "lis"))
    assert day.call("a1") == day.ticket("v-1")


@shows(
    "Tests before the consult",
    "whoever must pay first is led to a cashier, then to the laboratory, then back to the clinic",
)
def test_a_family_is_led_to_what_comes_next() -> None:
    day = Day(hospital((FEVER,), results_reported=True))
    offered(day)
    visit = day.hospital.visits["v-1"]
    led = [views.destination(day.hospital, visit)[0][0]]
    day.do(c.AnswerOffer("v-1", True, "mum"))
    stand = views.stand(day.hospital, visit)
    assert stand.pay_at is not None
    assert stand.pay_at.zh == "收费处，1 楼西侧"
    led.append(views.destination(day.hospital, visit)[0][0])
    day.do(c.Pay("v-1", "phone"))
    assert views.stand(day.hospital, visit).pay_at is None
    led.append(views.destination(day.hospital, visit)[0][0])
    day.serve("l1")
    day.do(c.ReportResult(next(iter(day.hospital.orders)), "lis"))
    led.append(views.destination(day.hospital, visit)[0][0])
    assert led == [("area", "east"), ("group", "cash"), ("area", "west"), ("area", "east")]


@shows(
    "Tests before the consult",
    "where the rules say so, the place is kept only until the specimen is taken",
)
def test_the_place_may_be_kept_until_collected() -> None:
    free = replace(FEVER, paid=False)
    day = Day(hospital((free,), results_reported=True, hold_until=HoldUntil.COLLECTED))
    offered(day)
    day.do(c.AnswerOffer("v-1", True, "mum"))
    assert day.states("v-1") == [S.HELD, S.WAITING]
    day.serve("l1")
    assert in_line(day) == ["resp"]


@shows("Tests before the consult", "a place is kept for so long at most")
def test_a_kept_place_has_a_limit() -> None:
    day = Day(hospital((replace(FEVER, paid=False),), results_reported=True))
    offered(day)
    day.do(c.AnswerOffer("v-1", True, "mum"))
    day.now += timedelta(minutes=120)
    day.do(c.Tick())
    assert "resp" in in_line(day)


@shows(
    "Tests before the consult",
    "declined: nothing is ordered, nothing is held; a change of mind is possible until the call",
)
def test_declined_tests_can_still_be_accepted() -> None:
    day = Day(hospital((FEVER,)))
    offered(day)
    day.do(c.AnswerOffer("v-1", False, "mum"))
    assert day.states("v-1") == [S.WAITING]
    assert isinstance(day.do(c.AnswerOffer("v-1", True, "mum")), c.Stood)
    late = Day(hospital((FEVER,)))
    offered(late)
    late.call()
    assert refusal(late.do(c.AnswerOffer("v-1", True, "mum"))) is c.Reason.OFFER_OVER
    late.arrive("2")
    assert refusal(late.do(c.AnswerOffer("v-2", True, "mum"))) is c.Reason.NO_OFFER


@shows(
    "Tests before the consult",
    "the doctor orders what is under way already: not done twice, and the return waits for it",
)
def test_what_is_under_way_is_not_ordered_again() -> None:
    day = Day(hospital((replace(FEVER, paid=False),), results_reported=True))
    offered(day)
    day.do(c.AnswerOffer("v-1", True, "mum"))
    day.do(c.Release("v-1", "nurse"))
    day.do(c.Release("v-1", "nurse"))
    day.do(c.CallOne("a1", "v-1", "wang", "先看一眼")), day.do(c.Start("a1", "wang"))
    if day.hospital.current("a1") is None:
        day.now += timedelta(minutes=121)
        day.do(c.Tick())
        day.call("a1"), day.do(c.Start("a1", "wang"))
    day.do(c.Finish("a1", "wang", ("blood",)))
    steps = day.hospital.visits["v-1"].steps.values()
    assert sum(step.plan.kind is StepKind.LAB for step in steps) == 1
    day.serve("l1")
    day.do(c.ReportResult(next(iter(day.hospital.orders)), "lis"))
    assert in_line(day) == ["resp"]


@shows("Tests before the consult", "ordered without asking, where the rule says so")
def test_a_rule_may_order_without_asking() -> None:
    day = Day(hospital((replace(FEVER, offer=False, paid=False),)))
    offered(day)
    assert day.states("v-1") == [S.HELD, S.WAITING]


@shows(
    "Tests before the consult",
    "reports from the future, of unknown tests or children, are refused; an older one changes nothing",
)
def test_reports_that_can_not_be() -> None:
    day = Day(hospital((FEVER,)))
    day.register("1")
    hour = timedelta(hours=1)
    assert refusal(day.do(c.NoteReport("1", "blood", day.now + hour, "x"))) is c.Reason.IN_FUTURE
    assert refusal(day.do(c.NoteReport("9", "blood", day.now, "x"))) is c.Reason.UNKNOWN_PATIENT
    assert refusal(day.do(c.NoteReport("1", "moon", day.now, "x"))) is c.Reason.UNKNOWN_SERVICE
    day.do(c.NoteReport("1", "blood", day.now - hour, "x"))
    known = len(day.events)
    day.do(c.NoteReport("1", "blood", day.now - 2 * hour, "x"))
    assert len(day.events) == known
