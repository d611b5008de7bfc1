"""The queue before the writer."""

import threading
import time

import pytest

from queue_server.errors import ServerStopped
from queue_server.inbox import Inbox


def test_people_go_before_what_agents_deliver_and_order_is_kept_within_a_lane() -> None:
    inbox: Inbox[str, int] = Inbox()
    for n in range(3):
        inbox.deliver([n])
    inbox.offer("call next")
    inbox.offer("start")
    assert inbox.take(4, 0) == ["call next", "start", 0, 1]
    assert inbox.take(4, 0) == [2]


def test_taking_waits_for_the_first_and_no_longer() -> None:
    inbox: Inbox[str, int] = Inbox()
    began = time.monotonic()
    assert inbox.take(9, 0.05) == []
    threading.Timer(0.05, inbox.deliver, [[7]]).start()
    assert inbox.take(9, 5) == [7]
    assert time.monotonic() - began < 2


def test_a_full_lane_makes_the_broker_wait_and_people_come_back_later() -> None:
    inbox: Inbox[str, int] = Inbox(bound=2)
    assert [inbox.offer(word) for word in ("a", "b", "c")] == [True, True, False]
    inbox.deliver([1])
    inbox.deliver([2])
    waiting = threading.Thread(target=inbox.deliver, args=[[3]])
    waiting.start()
    waiting.join(0.05)
    assert waiting.is_alive()
    assert inbox.take(3, 0) == ["a", "b", 1]
    waiting.join(2)
    assert inbox.take(3, 0) == [2, 3]


def test_a_closed_inbox_takes_nothing_and_lets_waiting_senders_go() -> None:
    inbox: Inbox[str, int] = Inbox(bound=1)
    inbox.deliver([1])
    raised = list[bool]()

    def send() -> None:
        with pytest.raises(ServerStopped):
            inbox.deliver([2])
        raised.append(True)

    sender = threading.Thread(target=send)
    sender.start()
    time.sleep(0.02)
    assert inbox.close() == [1]
    sender.join(2)
    assert raised == [True]
    with pytest.raises(ServerStopped):
        inbox.offer("call next")
