"""What people are shown."""

from datetime import timedelta

from protocol import BoardView, Stand
from queue_server.core import commands as c
from queue_server.core import views
from queue_server.core.rules import places
from tests.queue_server.core.makers import Day, clock, slot, small_site
from tests.queue_server.core.rule_table import shows


def stand(day: Day, visit: str) -> Stand:
    return views.stand(day.hospital, day.hospital.visits[visit])


def board(day: Day) -> BoardView:
    return views.board(day.hospital, "east")


def test_a_stand_says_number_place_and_how_many_are_ahead() -> None:
    day = Day(now=clock(8, 50))
    day.arrive("1", slot=slot(9))
    day.arrive("2", slot=slot(9))
    shown = stand(day, "v-2")
    assert (shown.ticket, shown.ahead, shown.slot) == ("A002", 1, "09:00–10:00")
    assert (shown.place.zh, shown.masked_name) == ("2 楼东侧", "张*2")


@shows("Late and missed", "who is back behind n others is told n, and those behind are told of it")
def test_who_is_put_in_behind_others_is_told_their_number() -> None:
    day = Day(small_site(missed=(places(2),)))
    for child in range(1, 21):
        day.arrive(str(child))
        day.now += timedelta(seconds=1)
    day.call()
    day.do(c.Miss("a1", "nurse"))
    day.do(c.PutBack("v-1", "nurse"))
    assert stand(day, "v-1").ahead == 2
    assert [stand(day, f"v-{child}").ahead for child in (2, 3, 4, 5)] == [0, 1, 3, 4]
    day.call("a1"), day.call("a2")
    assert stand(day, "v-1").ahead == 0
    day.do(c.Start("a1", "nurse")), day.do(c.Finish("a1", "nurse"))
    assert day.call("a1") == "A001"


def test_a_called_family_is_shown_its_room() -> None:
    day = Day()
    day.arrive("1")
    day.call("a2")
    shown = stand(day, "v-1")
    assert (shown.state, shown.ahead) == ("called", None)
    assert shown.room is not None
    assert shown.room.zh == "2 诊室"


def test_while_tests_are_done_the_lab_is_what_matters() -> None:
    day = Day()
    day.arrive("1")
    day.serve("a1", tests=("lab",))
    shown = stand(day, "v-1")
    assert (shown.group.zh, [step.state for step in shown.steps]) == (
        "检验科",
        ["done", "waiting", "planned"],
    )
    assert board(day).at_lab == 1


def test_each_family_is_asked_to_one_door_only() -> None:
    day = Day()
    for child in "123456":
        day.arrive(child)
    doors = [called.ticket for point in board(day).points for called in point.next]
    assert sorted(doors) == ["A001", "A002", "A003", "A004"]
    assert [point.waiting for point in board(day).points] == [6, 6]


def test_a_missed_number_stands_on_the_board_until_it_signs_in_again() -> None:
    day = Day()
    day.arrive("1")
    day.call()
    assert [point.called.ticket for point in board(day).points if point.called] == ["A001"]
    day.do(c.Miss("a1", "nurse"))
    assert board(day).missed == ("A001",)
    day.scan("1")
    assert board(day).missed == ()


def test_no_full_name_is_on_a_board_or_a_stand() -> None:
    day = Day()
    day.arrive("1")
    day.call()
    assert "张小1" not in board(day).model_dump_json() + stand(day, "v-1").model_dump_json()
