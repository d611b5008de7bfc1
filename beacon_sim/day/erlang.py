"""Erlang's C formula: what a line with random arrivals and services waits on average. For checking the simulator."""

from math import factorial


def erlang_c(servers: int, load: float) -> float:
    """Probability that somebody has to wait.

    Args:
        servers: how many.
        load: arrivals a minute × minutes of service; less than `servers`.

    Raises:
        ValueError: the line would grow without end.
    """
    if not 0 < load < servers:
        raise ValueError(f"{servers} servers can't carry a load of {load}")
    busy = load**servers / factorial(servers) * servers / (servers - load)
    free = sum(load**k / factorial(k) for k in range(servers))
    return busy / (free + busy)


def mean_wait(servers: int, arrivals: float, service: float) -> float:
    """Mean minutes in line, of everybody.

    Args:
        servers: how many.
        arrivals: a minute.
        service: mean minutes, exponentially distributed.
    """
    load = arrivals * service
    return erlang_c(servers, load) * service / (servers - load)
