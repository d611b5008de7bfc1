"""What is told, and how often."""

from queue_server.telling import BoardPacer


def test_after_a_quiet_time_a_board_is_drawn_at_once() -> None:
    pacer = BoardPacer(every_s=0.05)
    pacer.touch({"east"})
    assert pacer.due(10.0) == ["east"]
    assert pacer.wait_s(10.0) is None


def test_a_busy_board_is_drawn_at_most_every_so_often_and_the_last_change_is_never_lost() -> None:
    pacer = BoardPacer(every_s=0.05)
    drawn = list[float]()
    for ms in range(0, 1000):
        pacer.touch({"east"})
        if pacer.due(ms / 1000):
            drawn.append(ms / 1000)
    assert 15 <= len(drawn) <= 20
    wait = pacer.wait_s(0.999)
    assert wait is not None
    assert pacer.due(0.999 + wait) == ["east"]


def test_boards_do_not_wait_for_each_other() -> None:
    pacer = BoardPacer(every_s=0.05)
    pacer.touch({"east"})
    assert pacer.due(0.0) == ["east"]
    pacer.touch({"east", "west"})
    assert pacer.due(0.01) == ["west"]
    assert pacer.due(0.06) == ["east"]
