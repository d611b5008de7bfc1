"""A socket that is read and written in large pieces."""

import socket
from collections.abc import Iterator

import pytest

from queue_server.buffered_socket import OUT_BOUND, BufferedSocket


@pytest.fixture
def ends() -> Iterator[tuple[BufferedSocket, socket.socket]]:
    near, far = socket.socketpair()
    near.setblocking(False)
    buffered = BufferedSocket(near)
    yield buffered, far
    buffered.close()
    far.close()


def test_small_reads_are_served_from_one_large_one(
    ends: tuple[BufferedSocket, socket.socket],
) -> None:
    near, far = ends
    far.sendall(b"abcdef")
    assert (near.recv(1), near.recv(2), near.pending()) == (b"a", b"bc", 3)
    assert near.recv(10) == b"def"
    with pytest.raises(BlockingIOError):
        near.recv(1)


def test_a_hang_up_reads_as_nothing(ends: tuple[BufferedSocket, socket.socket]) -> None:
    near, far = ends
    far.sendall(b"x")
    far.close()
    assert (near.recv(5), near.recv(5)) == (b"x", b"")


def test_what_is_sent_goes_out_together_at_the_flush(
    ends: tuple[BufferedSocket, socket.socket],
) -> None:
    near, far = ends
    assert (near.send(b"ab"), near.send(b"c"), near.wants_write) == (2, 1, True)
    far.setblocking(False)
    with pytest.raises(BlockingIOError):
        far.recv(10)
    near.flush()
    assert (far.recv(10), near.wants_write) == (b"abc", False)


def test_closing_sends_what_can_be_sent(ends: tuple[BufferedSocket, socket.socket]) -> None:
    near, far = ends
    near.send(b"goodbye")
    near.close()
    assert far.recv(20) == b"goodbye"


def test_a_reader_who_does_not_read_can_not_fill_the_memory(
    ends: tuple[BufferedSocket, socket.socket],
) -> None:
    near, _far = ends

    def talk_on() -> None:
        while True:
            near.send(bytes(OUT_BOUND // 4))
            near.flush()

    with pytest.raises(BlockingIOError):
        talk_on()


def test_a_lost_connection_shows_at_the_next_read(
    ends: tuple[BufferedSocket, socket.socket],
) -> None:
    near, far = ends
    far.close()
    near.send(b"x")
    near.flush()
    assert near.recv(1) == b""
