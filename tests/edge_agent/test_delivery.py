"""Nothing an agent stored is ever lost, whatever the line, the broker, the server and the plug do."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from edge_agent.core import Restored
from edge_agent.core import vocabulary as v
from tests.edge_agent.test_core import Kiosk, card


class BadDay(RuleBasedStateMachine):
    """A kiosk whose messages are lost, doubled and late, and which is killed between any two steps."""

    @initialize()
    def open(self) -> None:
        self.disk: dict[int, bytes] = {}
        self.scanned = 0
        self.server: set[int] = set()
        self.highest = 0
        self.start()

    def start(self) -> None:
        self.kiosk = Kiosk(Restored(self.highest + 1, tuple(sorted(self.disk))), online=False)
        self.kiosk.kept = dict(self.disk)
        self.delivered = 0

    def sync(self) -> None:
        self.disk = dict(self.kiosk.kept)
        self.highest = max((self.highest, *self.disk))

    @rule()
    def scan(self) -> None:
        self.scanned += 1
        self.kiosk.show(card(self.scanned))
        self.sync()

    @rule(connected=st.booleans())
    def line(self, connected: bool) -> None:
        self.kiosk.do(v.Connected() if connected else v.Disconnected())
        self.kiosk.do(v.ServerSeen(connected))
        self.sync()

    @rule(data=st.data())
    def some_arrive_in_any_order(self, data: st.DataObject) -> None:
        on_their_way = list(dict.fromkeys(self.kiosk.sent))
        if on_their_way:
            self.server |= set(data.draw(st.lists(st.sampled_from(on_their_way), max_size=5)))

    @rule(old=st.integers(0, 3))
    def the_server_acknowledges_what_is_contiguous(self, old: int) -> None:
        mark = 0
        while mark + 1 in self.server:
            mark += 1
        self.kiosk.do(v.AckReceived("00" * 8, max(0, mark - old)))
        self.sync()

    @rule()
    def the_plug_is_pulled(self) -> None:
        self.start()

    @rule(wait_s=st.sampled_from([1.0, 5.0, 120.0]))
    def time_goes_by(self, wait_s: float) -> None:
        self.kiosk.do(v.Tick(), after_s=wait_s)
        self.sync()

    @invariant()
    def nothing_is_forgotten_that_the_server_has_not(self) -> None:
        everything = set(range(1, self.highest + 1))
        assert everything <= set(self.disk) | self.server

    @invariant()
    def what_waits_has_no_gap(self) -> None:
        waiting = sorted(self.disk)
        assert waiting == list(range(waiting[0], waiting[-1] + 1)) if waiting else True

    def teardown(self) -> None:
        """In the end, on a good line, everything arrives."""
        self.kiosk.do(v.Connected())
        self.kiosk.sent.clear()
        self.kiosk.do(v.Disconnected())
        self.kiosk.do(v.Connected())
        assert set(self.kiosk.sent) == set(self.kiosk.kept)


BadDay.TestCase.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
TestBadDay = BadDay.TestCase
