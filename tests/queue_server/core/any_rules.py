"""Random rules and a hospital to try them in."""

from dataclasses import replace
from datetime import time

from hypothesis import strategies as st

from queue_server.core.rules import Back, BackAt, HoldUntil, Late, Order, Presence, Rules, places
from queue_server.core.site import Doctor, Group, Point, PrevisitRule, Session, Site
from queue_server.core.vocabulary import StepKind
from tests.queue_server.core.makers import minutes, name, small_site

BACKS = st.one_of(
    st.integers(1, 6).map(places),
    st.sampled_from([Back(BackAt.LINE), Back(BackAt.PERIOD_END), Back(BackAt.HALF_DAY_END)]),
)
MISSED = st.builds(
    lambda backs, void: (*backs, Back(BackAt.VOID)) if void else tuple(backs),
    st.lists(BACKS, min_size=1, max_size=3),
    st.booleans(),
)
RULES = st.builds(
    Rules,
    order=st.sampled_from(Order),
    early=st.sampled_from([None, minutes(0), minutes(30)]),
    late=st.sampled_from(Late),
    late_every=st.integers(1, 3),
    walk_ins=st.sampled_from([True, True, False]),
    choose_doctor=st.booleans(),
    pay_first=st.sampled_from([False, False, True]),
    screening=st.sampled_from([False, False, True]),
    fever_group=st.sampled_from([None, "fever"]),
    return_weight=st.sampled_from([1.0, 3.0, 5.0]),
    own_doctor_for=st.sampled_from([None, minutes(0), minutes(15)]),
    interleave=st.integers(1, 3),
    returns=st.one_of(st.just(Back(BackAt.LINE)), BACKS),
    overtake_cap=st.sampled_from([2, 5, 30]),
    missed=MISSED,
    transfer_keeps=st.booleans(),
    two_stage=st.sampled_from([0, 0, 1, 2]),
    auto_call=st.sampled_from([False, False, True]),
    hold_until=st.sampled_from(HoldUntil),
    presence=st.sampled_from(Presence),
    presence_fresh=st.sampled_from([minutes(1), minutes(5)]),
    presence_limit=st.sampled_from([minutes(1), minutes(15)]),
)
"""Any rules of a clinic."""


def site_with(clinic: Rules, *, reported: bool, prepare: bool) -> Site:
    """The small hospital with these rules in its clinic; a second clinic, a fever clinic, a cashier, two laboratories."""
    site = small_site()
    groups = {
        **site.groups,
        "resp": replace(site.groups["resp"], rules=clinic),
        "skin": Group("skin", name("皮肤科"), StepKind.CLINIC, "east", "D", clinic),
        "fever": Group("fever", name("发热门诊"), StepKind.CLINIC, "west", "F"),
        "cash": Group("cash", name("收费处"), StepKind.CASHIER, "west", "C"),
        "lab": replace(
            site.groups["lab"],
            serves=("blood",),
            rules=Rules(results_reported=reported, hold_until=clinic.hold_until),
        ),
        "lab2": Group("lab2", name("检验二"), StepKind.LAB, "west", "M", serves=("blood", "urine")),
        "drugs": replace(site.groups["drugs"], rules=Rules(prepare_first=prepare)),
    }
    points = {
        **site.points,
        "d1": Point("d1", name("皮肤 1 诊室"), "skin"),
        "f1": Point("f1", name("发热 1 诊室"), "fever"),
        "c1": Point("c1", name("收费 1 窗"), "cash"),
        "m1": Point("m1", name("检验二 1 窗"), "lab2"),
        "a3": Point("a3", name("3 诊室"), "resp", shares=("wang",)),
        "a4": Point("a4", name("抢救室"), "resp", classes=("level-1", "level-2")),
    }
    return replace(
        site,
        groups=groups,
        points=points,
        doctors={id: Doctor(id, name(id)) for id in ("wang", "chen", "li")},
        sessions=(Session("li", "d1", time(8), time(12)),),
        previsit=(PrevisitRule("fever", ("resp",), ("blood",), reasons=("发热",)),),
    )
