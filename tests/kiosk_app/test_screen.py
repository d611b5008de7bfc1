"""What stands on the screen, and when it goes."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_agent import (
    Answered,
    BoardShown,
    CardSeen,
    Connection,
    NotKept,
    ProvisionalTicket,
    Refused,
    ScreenEvent,
)
from kiosk_app.screen import READING_S, Screen
from kiosk_app.views import (
    NO_ANSWER,
    NOT_KEPT,
    Attract,
    Choosing,
    Provisional,
    Reading,
    Standing,
    Trouble,
    View,
)
from protocol import Show, Stand, Text
from tests.kiosk_app.stage import (
    LAB,
    NOT_TODAY,
    ROOM_3,
    SIBLINGS,
    answer,
    board,
    called,
    point,
    stand,
)

SHOWN_S = 40.0
STRAY = Refused("not_a_card", Text(zh="不是", en="no"), Text(zh="请", en="do"))
EXPIRED = Refused("expired", Text(zh="过期", en="expired"), Text(zh="请", en="do"))


def fresh() -> Screen:
    return Screen(SHOWN_S)


def now(screen: Screen) -> View:
    return screen.view


def stands(screen: Screen) -> tuple[Stand, ...]:
    assert isinstance(screen.view, Standing)
    return screen.view.stands


def standing(screen: Screen, *tickets: str, now_s: float = 0.0) -> None:
    scan = uuid4()
    screen.take(CardSeen(scan), now_s)
    screen.take(Answered(answer(*(stand(each) for each in tickets), scan=scan)), now_s)


def test_a_card_is_acknowledged_at_once_and_then_answered() -> None:
    screen, scan = fresh(), uuid4()
    screen.take(CardSeen(scan), 0)
    assert now(screen) == Reading()
    screen.take(Answered(answer(stand(), scan=scan)), 0.1)
    assert now(screen) == Standing((stand(),))
    assert screen.until_s == 0.1 + SHOWN_S


def test_every_child_of_a_guardian_is_listed() -> None:
    screen = fresh()
    standing(screen, "A023", "B007")
    assert [each.ticket for each in stands(screen)] == ["A023", "B007"]


def test_a_problem_is_said_and_stays_half_as_long() -> None:
    screen, scan = fresh(), uuid4()
    screen.take(CardSeen(scan), 0)
    screen.take(Answered(answer(scan=scan, problem=NOT_TODAY)), 0)
    assert now(screen) == Trouble(NOT_TODAY.what, NOT_TODAY.todo)
    assert screen.until_s == SHOWN_S / 2


def test_an_answer_goes_when_its_time_is_up() -> None:
    screen = fresh()
    standing(screen, "A023")
    screen.tick(SHOWN_S - 0.1)
    assert isinstance(now(screen), Standing)
    screen.tick(SHOWN_S)
    assert (now(screen), screen.until_s) == (Attract(), None)


def test_who_touches_the_screen_gets_more_time() -> None:
    screen = fresh()
    standing(screen, "A023")
    screen.touch(30)
    screen.tick(SHOWN_S)
    assert isinstance(now(screen), Standing)


def test_touching_does_not_lengthen_a_wait_for_an_answer() -> None:
    screen = fresh()
    screen.take(CardSeen(uuid4()), 0)
    screen.touch(1)
    screen.tick(READING_S)
    assert now(screen) == NO_ANSWER


def test_a_scan_that_nobody_answers_is_answered_by_the_screen() -> None:
    screen = fresh()
    screen.take(CardSeen(uuid4()), 0)
    screen.tick(READING_S)
    assert now(screen) == NO_ANSWER
    empty = fresh()
    scan = uuid4()
    empty.take(CardSeen(scan), 0)
    empty.take(Answered(answer(scan=scan)), 0)
    assert now(empty) == NO_ANSWER


def test_an_answer_for_a_family_that_has_gone_is_never_shown() -> None:
    screen, scan = fresh(), uuid4()
    screen.take(CardSeen(scan), 0)
    screen.take(ProvisionalTicket(scan, "K07-012"), 2)
    screen.wipe()
    screen.take(Answered(answer(stand(), scan=scan)), 600)
    assert now(screen) == Attract()


def test_an_answer_to_the_family_before_does_not_hide_that_of_the_next() -> None:
    screen, first, second = fresh(), uuid4(), uuid4()
    screen.take(CardSeen(first), 0)
    screen.take(CardSeen(second), 1)
    screen.take(Answered(answer(stand("A001"), scan=first)), 1.5)
    screen.take(ProvisionalTicket(first, "K07-012"), 2)
    assert now(screen) == Reading()
    screen.take(Answered(answer(stand("A002"), scan=second)), 2.5)
    assert now(screen) == Standing((stand("A002"),))


def test_a_provisional_number_gives_way_to_the_real_one() -> None:
    screen, scan = fresh(), uuid4()
    screen.take(CardSeen(scan), 0)
    screen.take(ProvisionalTicket(scan, "K07-012"), 2)
    assert now(screen) == Provisional("K07-012")
    screen.take(Answered(answer(stand(alias="K07-012"), scan=scan)), 5)
    assert now(screen) == Standing((stand(alias="K07-012"),))


def test_a_stray_code_in_view_does_not_take_a_number_off_the_screen() -> None:
    screen = fresh()
    standing(screen, "A023")
    screen.take(STRAY, 1)
    assert isinstance(now(screen), Standing)
    screen.wipe()
    screen.take(STRAY, 2)
    assert isinstance(now(screen), Trouble)


def test_a_card_that_can_not_be_used_is_told_even_after_another_familys_answer() -> None:
    screen = fresh()
    standing(screen, "A023")
    screen.take(EXPIRED, 1)
    assert now(screen) == Trouble(EXPIRED.what, EXPIRED.todo)


def test_a_kiosk_that_can_not_keep_a_scan_sends_the_family_on() -> None:
    screen = fresh()
    screen.take(NotKept(), 0)
    assert now(screen) == NOT_KEPT


def test_a_family_that_is_called_while_it_stands_here_is_told_and_gets_time_to_read() -> None:
    screen = fresh()
    standing(screen, "A023")
    screen.take(BoardShown(board(point(called=called("A023")))), 39)
    shown = stands(screen)[0]
    assert (shown.state, shown.room, shown.ahead) == ("called", ROOM_3, None)
    assert [step.state for step in shown.steps] == ["called", "planned", "planned", "planned"]
    assert screen.until_s == 39 + SHOWN_S


def test_the_stand_follows_the_board_from_call_to_room_or_to_a_miss() -> None:
    screen = fresh()
    standing(screen, "A023", "A024")
    screen.take(BoardShown(board(point(called=called("A023")))), 1)
    screen.take(BoardShown(board(point(serving=called("A023")), missed=("A024",))), 2)
    assert [each.state for each in stands(screen)] == ["serving", "missed"]


def test_a_board_that_speaks_of_others_does_not_lengthen_anybodys_time() -> None:
    screen = fresh()
    standing(screen, "A023")
    screen.take(BoardShown(board(point(called=called("A001")))), 39)
    assert screen.until_s == SHOWN_S


def test_the_newest_call_stands_first_in_the_strip() -> None:
    screen = fresh()
    screen.take(
        BoardShown(
            board(point(called=called("A001", 1)), point(LAB, called=called("L009", 5)), point())
        ),
        0,
    )
    assert [each.ticket for each in screen.calling()] == ["L009", "A001"]


scans = st.sampled_from([uuid4() for _ in range(3)])
events = st.one_of(
    st.builds(CardSeen, scans),
    scans.map(lambda scan: Answered(answer(stand(), scan=scan))),
    scans.map(lambda scan: Answered(answer(scan=scan, problem=NOT_TODAY))),
    st.builds(ProvisionalTicket, scans, st.just("K07-001")),
    st.sampled_from([STRAY, EXPIRED, NotKept(), Connection(True), Connection(False)]),
    st.sampled_from(["A023", "A001"]).map(
        lambda ticket: BoardShown(board(point(called=called(ticket))))
    ),
)


@given(st.lists(st.tuples(events, st.floats(0, 100))))
def test_whatever_happens_nothing_personal_outlives_its_time(
    day: list[tuple[ScreenEvent, float]],
) -> None:
    screen, now_s = fresh(), 0.0
    for event, later_s in day:
        screen.take(event, now_s)
        assert isinstance(now(screen), Attract) == (screen.until_s is None)
        now_s += later_s
        screen.tick(now_s)
    screen.tick(now_s + SHOWN_S)
    screen.tick(now_s + 2 * SHOWN_S)
    assert now(screen) == Attract()


@given(st.lists(events))
def test_every_change_that_can_be_seen_raises_the_revision(day: list[ScreenEvent]) -> None:
    screen = fresh()
    for event in day:
        before, shown = screen.revision, screen.shown()
        screen.take(event, 0)
        assert screen.revision > before or screen.shown() == shown


@pytest.mark.parametrize("state", ["waiting", "held", "planned"])
def test_a_familys_own_call_wins_over_what_the_server_said_a_moment_ago(state: str) -> None:
    screen, scan = fresh(), uuid4()
    screen.take(BoardShown(board(point(called=called("A023")))), 0)
    screen.take(CardSeen(scan), 1)
    screen.take(Answered(answer(stand(state=state), scan=scan)), 1)
    assert stands(screen)[0].state == "called"


# ---- which child, and tests before the consult ---------------------------------------------------


def choosing() -> tuple[Screen, UUID]:
    screen, scan = fresh(), uuid4()
    screen.take(CardSeen(scan), 0)
    screen.take(Answered(Show(scan=scan, choices=SIBLINGS)), 1)
    return screen, scan


def test_a_card_for_several_children_asks_which() -> None:
    screen, scan = choosing()
    assert screen.view == Choosing(scan, SIBLINGS)


def test_a_chosen_child_is_told_once_and_only_if_it_was_asked_about() -> None:
    screen, scan = choosing()
    assert screen.chosen("v-3", 2) is None
    assert screen.chosen("v-2", 2) == scan
    assert now(screen) == Reading()
    assert screen.chosen("v-2", 2) is None


def test_a_question_that_nobody_answers_goes_away() -> None:
    screen, _ = choosing()
    screen.touch(20)
    screen.tick(20 + SHOWN_S - 1)
    assert isinstance(now(screen), Choosing)
    screen.tick(20 + SHOWN_S)
    assert now(screen) == Attract()


def test_a_poster_in_view_does_not_take_the_question_away() -> None:
    screen, _ = choosing()
    screen.take(STRAY, 3)
    assert isinstance(now(screen), Choosing)


def test_an_offer_is_answered_once_and_the_answer_of_the_server_is_shown() -> None:
    screen, scan = fresh(), uuid4()
    offered = stand(offer=(Text(zh="血常规", en="Blood count"),))
    screen.take(CardSeen(scan), 0)
    screen.take(Answered(answer(offered, scan=scan)), 1)
    assert screen.answered_offer("visit-A099") is None
    assert screen.answered_offer(offered.visit) == scan
    assert stands(screen)[0].offer == ()
    assert screen.answered_offer(offered.visit) is None
    accepted = offered.model_copy(update={"offer": (), "to_pay": True})
    screen.take(Answered(answer(accepted, scan=scan)), 2)
    assert stands(screen) == (accepted,)


def test_without_a_question_on_the_screen_nothing_is_chosen() -> None:
    screen = fresh()
    assert screen.chosen("v-1", 0) is None
    assert screen.answered_offer("v-1") is None
