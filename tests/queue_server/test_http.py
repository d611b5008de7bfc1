"""How the web application is served."""

import asyncio
import socket

from queue_server.http import bound_socket


async def _nodelay_of_accepted() -> int:
    """What TCP_NODELAY is on the connections that asyncio takes from our socket."""
    got: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def taken(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = writer.get_extra_info("socket")
        got.set_result(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    bound = bound_socket("127.0.0.1", 0)
    async with await asyncio.start_server(taken, sock=bound):
        _, writer = await asyncio.open_connection(*bound.getsockname()[:2])
        nodelay = await asyncio.wait_for(got, 5)
        writer.close()
    return nodelay


def test_answers_do_not_wait_for_the_clients_acknowledgement() -> None:
    assert asyncio.run(_nodelay_of_accepted()) == 1
