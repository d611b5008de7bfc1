"""Messages lost, doubled, reordered and late, and the server killed between: the day ends as an undisturbed one.

Agents here do what real ones do: they send what is not acknowledged again and again. The broker between loses, doubles
and reorders in both directions, by hypothesis' choice.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.journal import MemoryJournal
from tests.queue_server.core.makers import NINE, minutes
from tests.queue_server.shell import Agent, Clock, Shell, dump, replayed

CHILDREN = [f"{n:04}" for n in range(1, 9)]


@dataclass
class Outbox:
    """One kiosk: what it has sensed, and what of it the server has not acknowledged."""

    agent: Agent
    stored: dict[int, tuple[str, bytes]] = field(default_factory=dict)

    def sense(self, child: str) -> None:
        message = self.agent.scan(f"HIS-{child}")
        self.stored[self.agent.seq] = message

    def forget(self, install: str, seq: int) -> None:
        assert install == self.agent.install
        self.stored = {each: message for each, message in self.stored.items() if each > seq}


def kiosks(clock: Clock) -> list[Outbox]:
    return [Outbox(Agent(name, clock=clock)) for name in ("k1", "k2", "k3")]


def new_shell(clock: Clock) -> Shell:
    shell = Shell(clock=clock)
    shell.register(*CHILDREN)
    return shell


def sense_all(outboxes: list[Outbox], clock: Clock, arrivals: Iterable[tuple[str, int]]) -> None:
    """Children arrive a minute apart; some show their card again somewhere else."""
    for n, (child, kiosk) in enumerate(arrivals):
        clock.now = NINE + minutes(n)
        outboxes[kiosk].sense(child)


def tell_agents(shell: Shell, outboxes: list[Outbox]) -> None:
    for outbox in outboxes:
        told = shell.outlet.acknowledged.get(outbox.agent.name)
        if told:
            outbox.forget(*told)


def call_everybody(shell: Shell) -> list[str]:
    """Call one after the other to one room; returns the order."""
    order = list[str]()
    while isinstance(answer := shell.do(c.CallNext("a1", "nurse")), c.CallAnswer):
        order.append(answer.visit)
        shell.do(c.Start("a1", "nurse"))
        shell.do(c.Finish("a1", "nurse"))
    return order


arrivals = st.lists(
    st.tuples(st.sampled_from(CHILDREN), st.integers(0, 2)), min_size=1, max_size=12
)


@dataclass
class Chaos:
    """What the broker does to the messages of one round, and whether the server is killed after it."""

    lost: frozenset[int]
    doubled: frozenset[int]
    order: int
    ack_lost: bool
    killed: bool


chaos = st.builds(
    Chaos,
    st.frozensets(st.integers(0, 12)),
    st.frozensets(st.integers(0, 12)),
    st.integers(0, 2**31),
    st.booleans(),
    st.booleans(),
)


def disturbed(messages: list[tuple[str, bytes]], what: Chaos, rank: int) -> list[tuple[str, bytes]]:
    copies = [
        message
        for n, message in enumerate(messages)
        if n not in what.lost
        for _ in range(2 if n in what.doubled else 1)
    ]
    # a repeatable shuffle: order by a hash of place and seed
    ranked = sorted(enumerate(copies), key=lambda each: hash((each[0], what.order, rank)))
    return [message for _, message in ranked]


@settings(max_examples=60, deadline=None)
@given(arrivals, st.lists(chaos, max_size=6))
def test_a_disturbed_day_ends_as_an_undisturbed_one(
    arrived: list[tuple[str, int]], rounds: list[Chaos]
) -> None:
    clock = Clock()
    calm, calm_kiosks = new_shell(clock), kiosks(clock)
    sense_all(calm_kiosks, clock, arrived)
    end = clock.now = NINE + minutes(60)
    calm.deliver(*[m for outbox in calm_kiosks for m in outbox.stored.values()])

    clock.now = NINE
    shell, outboxes = new_shell(clock), kiosks(clock)
    sense_all(outboxes, clock, arrived)
    clock.now = end
    for rank, what in enumerate([*rounds, Chaos(frozenset(), frozenset(), 0, False, False)]):
        messages = [m for outbox in outboxes for m in outbox.stored.values()]
        shell.deliver(*disturbed(messages, what, rank))
        if not what.ack_lost:
            tell_agents(shell, outboxes)
        if what.killed:
            shell = Shell(shell.journal, clock=clock)
    assert [outbox.stored for outbox in outboxes] == [{}, {}, {}]

    checked_in = [ev.visit for ev in shell.journal.replay() if isinstance(ev, e.CheckedIn)]
    assert sorted(checked_in) == sorted({f"v-{child}" for child, _ in arrived})
    tickets = {v.ticket for v in shell.hospital.visits.values() if v.ticket}
    assert len(tickets) == len(checked_in)
    assert call_everybody(shell) == call_everybody(calm)


@settings(max_examples=40, deadline=None)
@given(arrivals, st.lists(st.integers(0, 5), max_size=20), st.integers(1, 7))
def test_the_state_rebuilt_from_the_journal_is_the_living_state(
    arrived: list[tuple[str, int]], acts: list[int], batch: int
) -> None:
    clock = Clock()
    shell, outboxes = Shell(MemoryJournal(), clock=clock), kiosks(clock)
    shell.register(*CHILDREN)
    sense_all(outboxes, clock, arrived)
    messages = [m for outbox in outboxes for m in outbox.stored.values()]
    for start in range(0, len(messages), batch):
        shell.deliver(*messages[start : start + batch])
    commands = (
        c.CallNext("a1", "n"),
        c.Start("a1", "n"),
        c.Finish("a1", "n", ("lab",), ("drugs",)),
        c.Miss("a1", "n"),
        c.Recall("a1", "n"),
        c.CallNext("l1", "n"),
    )
    for act in acts:
        clock.now += minutes(1)
        shell.do(commands[act])
        assert dump(replayed(shell.site, shell.journal)) == dump(shell.hospital)
