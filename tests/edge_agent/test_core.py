"""The agent's rules, by name."""

import base64
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge_agent.core import ANSWER_WITHIN_S, Agent, Identity, Restored
from edge_agent.core import vocabulary as v
from protocol import (
    CardScanned,
    ClockState,
    Envelope,
    FamilySought,
    OfferAnswered,
    ProvisionalGiven,
    Received,
    ScanSource,
    Show,
    decode,
)
from protocol.card import Issuer, Key, KeySet, Revocation, RevocationList, Use

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ISSUER = Issuer(1, SECRET)
KEYS = KeySet(
    counter=1,
    issued_at=NOON,
    keys=(
        Key(
            kid=1,
            public=base64.b64encode(SECRET.public_key().public_bytes_raw()),
            first_day=date(2026, 1, 1),
            last_day=date(2027, 1, 1),
            uses=frozenset(Use),
        ),
    ),
)


def card(number: int = 1, last_day: date = date(2026, 12, 31), sequence: int = 0) -> bytes:
    text = ISSUER.static(number.to_bytes(10, "big"), date(2026, 1, 1), last_day, sequence)
    return text.encode()


class Kiosk:
    """An agent with a clock, an outbox that is a dictionary, and everything it said."""

    def __init__(self, restored: Restored | None = None, *, online: bool = True) -> None:
        ids = count(1)
        who = Identity("north", "k07", "00" * 8, ZoneInfo("Asia/Shanghai"), "K07")
        self.agent = Agent(who, restored or Restored(), lambda _: UUID(int=next(ids)))
        self.now_s = 1000.0
        self.kept: dict[int, bytes] = {}
        self.sent: list[int] = []
        self.said: list[v.ScreenEvent] = []
        self.disk_full = False
        self.do(v.KeysReceived(KEYS))
        if online:
            self.do(v.Connected())
            self.do(v.ServerSeen(True))

    def do(self, given: v.Input, after_s: float = 0.0) -> list[v.Effect]:
        self.now_s += after_s
        effects = self.agent.handle(
            given, v.Now(NOON + timedelta(seconds=self.now_s - 1000), self.now_s)
        )
        for effect in effects:
            match effect:
                case v.Store(seq=seq) if self.disk_full:
                    self.do(v.StoreFailed(seq))
                    break
                case v.Store(seq=seq, envelope=envelope):
                    self.kept[seq] = envelope
                case v.Publish(seq):
                    assert seq in self.kept, "published before it was stored"
                    self.sent.append(seq)
                case v.Forget(seq):
                    self.kept = {each: raw for each, raw in self.kept.items() if each > seq}
                case v.Say(what):
                    self.said.append(what)
        return effects

    def show(self, raw: bytes, after_s: float = 0.0) -> None:
        self.do(v.CodeRead(raw, ScanSource.CAMERA, "zxing"), after_s)

    def messages(self) -> list[object]:
        return [self._received(raw).message for raw in self.kept.values()]

    def envelopes(self) -> list[Envelope]:
        return [self._received(raw).envelope for raw in self.kept.values()]

    @staticmethod
    def _received(raw: bytes) -> Received:
        received = decode(raw)
        assert isinstance(received, Received)
        return received

    def tickets(self) -> list[str]:
        return [what.ticket for what in self.said if isinstance(what, v.ProvisionalTicket)]

    def refusals(self) -> list[str]:
        return [what.code for what in self.said if isinstance(what, v.Refused)]


def test_a_card_held_up_for_ten_seconds_is_one_scan() -> None:
    kiosk = Kiosk()
    for _ in range(300):
        kiosk.show(card(), after_s=1 / 30)
    assert len([m for m in kiosk.messages() if isinstance(m, CardScanned)]) == 1


def test_two_different_cards_in_turn_are_two_scans() -> None:
    kiosk = Kiosk()
    for frame in range(60):
        kiosk.show(card(frame % 2), after_s=1 / 30)
    assert len(kiosk.kept) == 2


def test_a_card_that_comes_back_after_three_seconds_is_a_new_scan() -> None:
    kiosk = Kiosk()
    kiosk.show(card())
    kiosk.show(card(), after_s=3.1)
    assert len([m for m in kiosk.messages() if isinstance(m, CardScanned)]) == 2


def test_a_code_that_changes_while_it_is_held_up_is_still_one_card() -> None:
    kiosk = Kiosk()
    for window in range(3):
        text = ISSUER.dynamic(
            bytes(10), date(2026, 1, 1), date(2026, 12, 31), NOON + timedelta(seconds=30 * window)
        )
        kiosk.show(text.encode(), after_s=1.0)
    assert len(kiosk.kept) == 1


def test_it_is_stored_before_it_is_published() -> None:
    kiosk = Kiosk()
    effects = kiosk.do(v.CodeRead(card(), ScanSource.CAMERA, "zxing"))
    kinds = [type(effect) for effect in effects]
    assert kinds.index(v.Store) < kinds.index(v.Publish)


def test_it_is_forgotten_only_on_the_servers_word_for_this_install() -> None:
    kiosk = Kiosk()
    kiosk.show(card(1))
    kiosk.show(card(2))
    kiosk.do(v.AckReceived("ff" * 8, 2))
    assert set(kiosk.kept) == {1, 2}
    kiosk.do(v.AckReceived("00" * 8, 1))
    assert set(kiosk.kept) == {2}


def test_an_acknowledgement_from_the_future_is_not_believed() -> None:
    kiosk = Kiosk()
    kiosk.show(card(1))
    kiosk.do(v.AckReceived("00" * 8, 99))
    assert set(kiosk.kept) == {1}


def test_after_a_reconnection_everything_unacknowledged_goes_out_again_in_order() -> None:
    kiosk = Kiosk()
    for number in range(3):
        kiosk.show(card(number))
    kiosk.do(v.Disconnected())
    kiosk.sent.clear()
    kiosk.do(v.Connected())
    assert kiosk.sent[:3] == [1, 2, 3]


def test_silence_of_the_server_makes_it_send_again_with_growing_patience() -> None:
    kiosk = Kiosk()
    kiosk.show(card())
    times = []
    for _ in range(200):
        due_s = kiosk.agent.wakeup_s()
        assert due_s is not None
        before = len(kiosk.sent)
        kiosk.do(v.Tick(), after_s=max(0.0, due_s - kiosk.now_s))
        if 1 in kiosk.sent[before:]:
            times.append(kiosk.now_s)
        if len(times) == 5:
            break
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 4
    assert gaps == sorted(gaps)


def test_without_an_answer_in_time_the_kiosk_gives_a_number_of_its_own() -> None:
    kiosk = Kiosk()
    kiosk.show(card())
    kiosk.do(v.Tick(), after_s=ANSWER_WITHIN_S - 0.1)
    assert kiosk.tickets() == []
    kiosk.do(v.Tick(), after_s=0.2)
    assert kiosk.tickets() == ["K07-001"]
    given = kiosk.messages()[-1]
    assert isinstance(given, ProvisionalGiven)
    assert given.text.encode() == card()


def test_without_the_server_nobody_waits_for_the_number() -> None:
    kiosk = Kiosk(online=False)
    kiosk.show(card(1))
    kiosk.show(card(2))
    assert kiosk.tickets() == ["K07-001", "K07-002"]


def test_when_the_server_goes_away_those_who_stand_waiting_get_a_number_at_once() -> None:
    kiosk = Kiosk()
    kiosk.show(card())
    kiosk.do(v.ServerSeen(False))
    assert kiosk.tickets() == ["K07-001"]


def test_offline_switches_itself_off_again() -> None:
    kiosk = Kiosk(online=False)
    kiosk.do(v.Connected())
    kiosk.do(v.ServerSeen(True))
    kiosk.show(card())
    assert kiosk.tickets() == []


def test_provisional_numbers_go_on_after_a_restart_and_begin_again_next_day() -> None:
    yesterday = Restored(provisionals=v.Provisionals(date(2026, 3, 1), 40))
    today = Restored(provisionals=v.Provisionals(date(2026, 3, 2), 40))
    for restored, expected in ((yesterday, "K07-001"), (today, "K07-041")):
        kiosk = Kiosk(restored, online=False)
        kiosk.show(card())
        assert kiosk.tickets() == [expected]


def test_an_answer_in_time_stops_the_clock() -> None:
    kiosk = Kiosk()
    kiosk.show(card())
    seen = next(what for what in kiosk.said if isinstance(what, v.CardSeen))
    show = Show(scan=seen.scan)
    kiosk.do(v.CommandReceived(UUID(int=900), show))
    kiosk.do(v.CommandReceived(UUID(int=900), show))
    kiosk.do(v.Tick(), after_s=10)
    assert kiosk.tickets() == []
    assert [what for what in kiosk.said if isinstance(what, v.Answered)] == [v.Answered(show)]


def test_somebody_elses_code_is_answered_here_and_never_kept() -> None:
    kiosk = Kiosk()
    for raw in (
        b"https://pay.example/12345",
        b"\xff\xfe\x00",
        b"A" * 4096,
        "张小宝".encode(),
        b"A\x00B",
    ):
        kiosk.show(raw)
    assert kiosk.kept == {}
    assert kiosk.refusals() == ["not_a_card"] * 5


def test_each_bad_card_has_its_own_answer() -> None:
    kiosk = Kiosk()
    kiosk.do(
        v.RevocationsReceived(
            RevocationList(counter=1, issued_at=NOON, entries=(Revocation(card=f"{9:020x}"),))
        )
    )
    tampered = bytearray(card(2))
    tampered[20] = ord("B") if tampered[20] != ord("B") else ord("C")
    kiosk.show(card(9))
    kiosk.show(card(3, last_day=date(2026, 3, 1)))
    kiosk.show(bytes(tampered))
    kiosk.show(card(4)[:-2])
    assert kiosk.refusals() == ["revoked", "expired", "bad_signature", "damaged"]


def test_ten_thousand_forged_codes_a_minute_fill_no_disk_and_keep_no_family_out() -> None:
    kiosk = Kiosk()
    forger = Issuer(1, Ed25519PrivateKey.from_private_bytes(bytes(32)))
    days = date(2026, 1, 1), date(2026, 12, 31)
    for number in range(1000):
        kiosk.show(forger.static(number.to_bytes(10, "big"), *days).encode(), after_s=0.006)
    assert len(kiosk.kept) < 30
    assert kiosk.agent.refused == 1000
    kept = len(kiosk.kept)
    for number in range(100):
        kiosk.show(card(number), after_s=0.006)
    assert len([m for m in kiosk.messages() if isinstance(m, CardScanned)]) == kept + 100


def test_a_full_disk_sends_the_family_to_the_desk_and_leaves_no_gap() -> None:
    kiosk = Kiosk()
    kiosk.show(card(1))
    kiosk.disk_full = True
    kiosk.show(card(2))
    assert isinstance(kiosk.said[-1], v.NotKept)
    kiosk.disk_full = False
    kiosk.show(card(2))
    assert [envelope.seq for envelope in kiosk.envelopes()] == [1, 2]


def test_a_doubtful_clock_is_said_with_the_event() -> None:
    kiosk = Kiosk()
    kiosk.do(v.ClockJudged(False))
    kiosk.show(card())
    assert kiosk.envelopes()[0].clockstate is ClockState.UNSYNCED


def test_without_a_key_set_the_server_decides() -> None:
    kiosk = Kiosk()
    kiosk.agent.keys = None
    kiosk.show(card())
    assert kiosk.refusals() == []
    scanned = kiosk.messages()[0]
    assert isinstance(scanned, CardScanned)
    assert scanned.verdict == "no_keys"


def test_without_a_key_set_and_without_the_server_the_family_still_gets_a_number() -> None:
    kiosk = Kiosk(online=False)
    kiosk.agent.keys = None
    kiosk.show(card())
    assert kiosk.tickets() == ["K07-001"]


def test_a_key_nobody_here_knows_is_left_to_the_server_and_refused_without_it() -> None:
    text = Issuer(9, SECRET).static(bytes(10), date(2026, 1, 1), date(2026, 12, 31))
    online, offline = Kiosk(), Kiosk(online=False)
    online.show(text.encode())
    offline.show(text.encode())
    assert (online.refusals(), offline.refusals()) == ([], ["unknown_key"])


def test_a_chosen_child_is_the_same_card_again_with_the_visit_and_the_time_of_the_scan() -> None:
    kiosk = Kiosk()
    kiosk.show(card())
    (seen,) = [what for what in kiosk.said if isinstance(what, v.CardSeen)]
    kiosk.do(v.CommandReceived(UUID(int=900), Show(scan=seen.scan)), after_s=1)
    kiosk.do(v.ChildChosen(seen.scan, "v-2"), after_s=20)
    first, again = kiosk.messages()
    assert isinstance(first, CardScanned)
    assert isinstance(again, CardScanned)
    assert (again.text, again.visit) == (first.text, "v-2")
    before, after = kiosk.envelopes()
    assert after.time == before.time
    asked = [what.scan for what in kiosk.said if isinstance(what, v.CardSeen)]
    assert asked == [before.id, after.id]
    kiosk.do(v.ChildChosen(seen.scan, "v-1"))
    assert len(kiosk.messages()) == 2


def test_a_family_that_thinks_for_long_counts_from_its_choice() -> None:
    kiosk = Kiosk()
    kiosk.show(card())
    (seen,) = [what for what in kiosk.said if isinstance(what, v.CardSeen)]
    kiosk.do(v.CommandReceived(UUID(int=900), Show(scan=seen.scan)), after_s=1)
    kiosk.do(v.ChildChosen(seen.scan, "v-2"), after_s=50)
    before, after = kiosk.envelopes()
    assert (after.time - before.time).total_seconds() == 51


def test_a_choice_for_a_scan_that_nobody_remembers_is_nothing() -> None:
    kiosk = Kiosk()
    kiosk.do(v.ChildChosen(UUID(int=77), "v-1"))
    assert kiosk.kept == {}


def test_an_answer_to_an_offer_is_kept_until_the_server_has_it() -> None:
    kiosk = Kiosk(online=False)
    kiosk.do(v.OfferPressed(UUID(int=5), "v-1", True))
    assert kiosk.messages() == [OfferAnswered(scan=UUID(int=5), visit="v-1", accepted=True)]
    kiosk.do(v.Connected())
    assert kiosk.sent == [1]


def told(effects: list[v.Effect]) -> list[Envelope]:
    received = [decode(effect.envelope) for effect in effects if isinstance(effect, v.Tell)]
    return [each.envelope for each in received if isinstance(each, Received)]


def test_a_search_is_told_once_for_seconds_and_never_kept() -> None:
    kiosk = Kiosk()
    effects = kiosk.do(v.SearchMade("8812", date(2021, 5, 4)))
    (envelope,) = told(effects)
    assert (envelope.type, envelope.seq) == (FamilySought.kind, None)
    assert envelope.expirytime == envelope.time + timedelta(seconds=10)
    assert kiosk.kept == {}
    assert kiosk.said[-1] == v.CardSeen(envelope.id)


def test_the_child_that_was_chosen_after_a_search_is_told_with_the_search() -> None:
    kiosk = Kiosk()
    (first,) = told(kiosk.do(v.SearchMade("8812", date(2021, 5, 4))))
    (again,) = told(kiosk.do(v.ChildChosen(first.id, "v-2")))
    assert again.data == {"tail": "8812", "born": "2021-05-04", "visit": "v-2"}
    assert told(kiosk.do(v.ChildChosen(first.id, "v-1"))) == []


def test_without_the_server_nobody_is_looked_up_and_the_family_is_told_what_to_do() -> None:
    kiosk = Kiosk(online=False)
    assert told(kiosk.do(v.SearchMade("8812", date(2021, 5, 4)))) == []
    refused = kiosk.said[-1]
    assert isinstance(refused, v.Refused)
    assert refused.code == "search_offline"
