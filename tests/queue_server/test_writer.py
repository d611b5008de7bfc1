"""The one writer: decide, make durable, tell; and what it does with what it can't use."""

import sys
import time
from concurrent.futures import CancelledError, Future
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from protocol import ButtonPressed, CallMade, ClockState
from queue_server.core import Hospital
from queue_server.core import commands as c
from queue_server.core import events as e
from queue_server.core.vocabulary import StepState
from queue_server.errors import CommitFailed, RulesBroken
from queue_server.journal import Batch, MemoryJournal, SqliteJournal
from queue_server.telling import Telling
from queue_server.turn import Errand, Question, Submission
from tests.queue_server.core.makers import NINE, TODAY
from tests.queue_server.shell import INSTALL, Agent, Clock, Outlet, Shell


class FailingJournal(MemoryJournal):
    """A disk that is full from now on, when told so."""

    full = False
    commits = 0

    def append(self, batch: Batch) -> int:
        if self.full:
            raise CommitFailed("the disk is full")
        self.commits += 1
        return super().append(batch)


def states(hospital: Hospital) -> dict[str, StepState]:
    return {visit.id: visit.first_step().state for visit in hospital.visits.values()}


# ---- a batch ------------------------------------------------------------------------------------


def test_a_batch_is_one_commit_however_many_scans_are_in_it() -> None:
    shell, agent = Shell(journal := FailingJournal()), Agent()
    shell.register("0001", "0002", "0003")
    before = journal.commits
    shell.deliver(*[agent.scan(f"HIS-{n:04}") for n in (1, 2, 3)])
    assert journal.commits == before + 1
    assert set(states(shell.hospital).values()) == {StepState.WAITING}


def test_a_batch_without_anything_new_costs_no_commit() -> None:
    shell, agent = Shell(journal := FailingJournal()), Agent()
    shell.register("0001")
    message = agent.scan("HIS-0001")
    shell.deliver(message)
    before = journal.commits
    shell.deliver(message, message)
    assert journal.commits == before


def test_nobody_is_told_anything_when_the_commit_fails() -> None:
    shell, agent = Shell(journal := FailingJournal()), Agent()
    shell.register("0001")
    journal.full = True
    told = len(shell.outlet.told)
    answer: Future[c.Answer] = Future()
    delivery = shell.delivery(*agent.scan("HIS-0001"))
    with pytest.raises(CommitFailed):
        shell.writer.take([delivery, Submission(c.CallNext("a1", "nurse"), answer)])
    assert len(shell.outlet.told) == told
    assert not answer.done()


def test_telling_comes_after_the_commit() -> None:
    order = list[str]()

    class Journal(MemoryJournal):
        def append(self, batch: Batch) -> int:
            order.append("commit")
            return super().append(batch)

    class Ear(Outlet):
        def tell(self, telling: Telling) -> None:
            order.append("tell")

    shell, agent = Shell(Journal()), Agent()
    shell.register("0001")
    shell.writer._outlet = Ear()
    order.clear()
    shell.deliver(agent.scan("HIS-0001"))
    assert order == ["commit", "tell"]


def test_commands_of_one_batch_see_what_those_before_them_did() -> None:
    shell, agent = Shell(), Agent()
    shell.register("0001")
    answers: list[Future[c.Answer]] = [Future() for _ in range(2)]
    shell.writer.take(
        [
            shell.delivery(*agent.scan("HIS-0001")),
            Submission(c.CallNext("a1", "nurse"), answers[0]),
            Submission(c.Start("a1", "nurse"), answers[1]),
        ]
    )
    assert isinstance(answers[0].result(0), c.CallAnswer)
    assert answers[1].result(0) == c.Stood(("v-0001",))


def test_a_question_sees_the_durable_state_of_its_batch() -> None:
    shell, agent = Shell(), Agent()
    shell.register("0001")
    answer: Future[object] = Future()
    broken: Future[object] = Future()
    shell.writer.take(
        [
            Question(lambda h: h.visits["v-0001"].ticket, answer),
            Question(lambda h: h.visits["nobody"], broken),
            shell.delivery(*agent.scan("HIS-0001")),
        ]
    )
    assert answer.result(0) == "A001"
    assert isinstance(broken.exception(0), KeyError)


def test_a_command_that_was_given_up_before_its_turn_is_not_carried_out() -> None:
    shell = Shell()
    answer: Future[c.Answer] = Future()
    answer.cancel()
    shell.writer.take([Submission(c.PausePoint("a1", "nurse"), answer)])
    with pytest.raises(CancelledError):
        answer.result(0)
    assert shell.hospital.is_open("a1")


# ---- what is told -------------------------------------------------------------------------------


def test_a_scan_is_answered_on_the_screen_it_came_from() -> None:
    shell, agent = Shell(), Agent("k7")
    shell.register("0001")
    shell.deliver(agent.scan("HIS-0001"))
    (show,) = shell.outlet.told[-1].shows
    assert show.agent == "k7"
    (stand,) = show.show.stands
    assert (stand.ticket, stand.masked_name, stand.ahead) == ("A001", "张****1", 0)
    assert show.expires == NINE + timedelta(seconds=60)


def test_a_refused_scan_is_answered_with_a_sentence_in_both_languages() -> None:
    shell, agent = Shell(), Agent()
    shell.deliver(agent.scan("HIS-9999"), agent.scan("https://example.org/menu"))
    codes = [show.show.problem and show.show.problem.code for show in shell.outlet.told[-1].shows]
    assert codes == ["unknown_card", "not_a_card"]


def test_a_scan_that_waited_in_an_outbox_gets_no_answer_on_a_screen() -> None:
    shell, agent = Shell(), Agent()
    shell.register("0001")
    shell.clock.now += timedelta(minutes=10)
    shell.deliver(agent.scan("HIS-0001"))
    assert shell.outlet.told[-1].shows == []
    assert states(shell.hospital)["v-0001"] is StepState.WAITING


def test_a_call_is_told_with_the_room_even_if_it_is_answered_within_the_same_batch() -> None:
    shell, agent = Shell(), Agent()
    shell.register("0001")
    shell.deliver(agent.scan("HIS-0001"))
    shell.writer.take(
        [
            Submission(c.CallNext("a2", "nurse"), Future()),
            Submission(c.Start("a2", "nurse"), Future()),
            Submission(c.Finish("a2", "nurse"), Future()),
        ]
    )
    ((group, call),) = shell.outlet.told[-1].calls
    assert (group, call.ticket, call.point, call.times) == ("resp", "A001", "a2", 1)
    assert isinstance(call, CallMade)


def test_a_command_that_breaks_a_rule_is_in_the_log_with_its_cause_and_nothing_else_of_its_batch_suffers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> c.Decision:
        raise ZeroDivisionError("a rule divides by zero")

    rules = sys.modules[
        "queue_server.core.decide"
    ]._RULES  # the package names the function, not the module
    monkeypatch.setitem(rules, c.PausePoint, broken)
    shell = Shell()
    alone: Future[c.Answer] = Future()
    in_a_job: Future[c.Answer] = Future()
    other: Future[c.Answer] = Future()
    with capture_logs() as logged:
        shell.writer.take(
            [
                Submission(c.PausePoint("a1", "nurse"), alone),
                Errand(lambda _h, do: do(c.PausePoint("a1", "nurse")), in_a_job),
                Submission(c.AnswerHelp("k1", "nurse"), other),
            ]
        )
    for answer in (alone, in_a_job):
        with pytest.raises(ZeroDivisionError):
            answer.result(0)
    assert other.result(0) == c.Accepted()
    told = [(line["event"], line["command"], line["exc_info"]) for line in logged]
    assert told == [("command_broke_the_rules", "PausePoint", True)] * 2


def test_only_boards_that_may_differ_are_named() -> None:
    shell, agent = Shell(), Agent()
    shell.register("0001")
    assert shell.deliver(agent.scan("HIS-0001")).areas == {"east"}
    assert shell.deliver(agent.scan("HIS-0001")).areas == frozenset()


def test_when_the_broker_is_back_acknowledgements_and_boards_are_told_anew() -> None:
    shell = Shell()
    shell.deliver(Agent("k1").scan("HIS-1"), Agent("k2").scan("HIS-1"))
    taken = shell.greet()
    assert shell.outlet.told[-1].acknowledged == {"k1": (INSTALL, 1), "k2": (INSTALL, 1)}
    assert taken.areas == {"east", "west"}


# ---- numbers ------------------------------------------------------------------------------------


def test_a_doubled_scan_is_one_event_and_is_acknowledged_again() -> None:
    shell, agent = Shell(), Agent()
    shell.register("0001")
    message = agent.scan("HIS-0001")
    position = shell.deliver(message).position
    assert shell.deliver(message).position == position
    assert shell.outlet.told[-1].acknowledged == {"k1": (INSTALL, 1)}
    assert shell.outlet.told[-1].shows == []


def test_a_scan_that_overtook_another_counts_at_once_and_is_acknowledged_with_it() -> None:
    shell, agent = Shell(), Agent()
    shell.register("0001", "0002")
    first, second = agent.scan("HIS-0001"), agent.scan("HIS-0002")
    shell.deliver(second)
    assert states(shell.hospital)["v-0002"] is StepState.WAITING
    assert shell.outlet.acknowledged["k1"] == (INSTALL, 0)
    shell.deliver(first)
    assert shell.outlet.acknowledged["k1"] == (INSTALL, 2)


def test_a_new_outbox_starts_its_numbers_anew() -> None:
    shell = Shell()
    shell.register("0001", "0002")
    shell.deliver(Agent("k1", "a" * 16).scan("HIS-0001"))
    shell.deliver(Agent("k1", "b" * 16).scan("HIS-0002"))
    assert set(states(shell.hospital).values()) == {StepState.WAITING}
    assert shell.outlet.acknowledged["k1"] == ("b" * 16, 1)


def test_what_an_agent_lost_is_noted_at_its_birth_and_holds_nothing_up() -> None:
    shell, agent = Shell(), Agent()
    agent.seq = 4
    shell.deliver(agent.scan("HIS-1"))
    assert shell.outlet.acknowledged["k1"] == (INSTALL, 0)
    shell.deliver(agent.birth(oldest_seq=5))
    (gap,) = [ev for ev in shell.journal.replay() if isinstance(ev, e.SequenceGap)]
    assert (gap.agent, gap.first, gap.last) == ("k1", 1, 4)
    assert shell.outlet.acknowledged["k1"] == (INSTALL, 5)
    shell.deliver(agent.birth(oldest_seq=5))
    assert shell.outlet.acknowledged["k1"] == (INSTALL, 5)


def test_a_birth_says_again_what_may_be_forgotten_for_the_broker_may_have_lost_it() -> None:
    shell, agent = Shell(), Agent()
    shell.deliver(agent.scan("HIS-1"))
    shell.deliver(agent.birth(oldest_seq=1))
    assert shell.outlet.told[-1].acknowledged == {"k1": (INSTALL, 1)}


def test_marks_are_remembered_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    agent, clock = Agent(), Clock()
    shell = Shell(SqliteJournal(path, "test"), clock=clock)
    shell.register("0001", "0002")
    first, third = agent.scan("HIS-0001"), agent.scan("HIS-0002", seq=3)
    position = shell.deliver(first, third).position
    shell.journal.close()
    again = Shell(SqliteJournal(path, "test"), clock=clock)
    assert again.deliver(first, third).position == position
    assert again.outlet.acknowledged["k1"] == (INSTALL, 1)
    again.journal.close()


# ---- agents -------------------------------------------------------------------------------------


def test_a_last_will_ends_only_its_own_birth() -> None:
    shell, agent = Shell(), Agent()
    shell.deliver(agent.birth(1, birth=2), agent.birth(1, birth=1, online=False))
    seen = shell.agents.get("k1")
    assert seen
    assert seen.online
    shell.deliver(agent.birth(1, birth=2, online=False))
    seen = shell.agents.get("k1")
    assert seen
    assert not seen.online


def test_a_help_button_is_noted_once_until_it_is_answered() -> None:
    shell, agent = Shell(), Agent()
    shell.deliver(agent.send("button", ButtonPressed(button="help")))
    shell.deliver(agent.send("button", ButtonPressed(button="help")))
    assert list(shell.hospital.help_asked) == ["k1"]
    assert sum(isinstance(ev, e.HelpAsked) for ev in shell.journal.replay()) == 1


def test_a_provisional_number_becomes_an_alias_and_checks_in_if_its_scan_was_lost() -> None:
    shell, agent = Shell(), Agent()
    shell.register("0001")
    agent.seq = 1
    shell.deliver(agent.provisional("HIS-0001", "K01-001", UUID(int=7)))
    assert shell.hospital.visits["v-0001"].alias == "K01-001"
    assert shell.outlet.told[-1].shows[0].show.scan == UUID(int=7)


# ---- clocks -------------------------------------------------------------------------------------


def test_a_scan_from_the_future_counts_from_when_it_came() -> None:
    shell, agent = Shell(), Agent()
    shell.register("0001")
    shell.deliver(agent.scan("HIS-0001", time=NINE + timedelta(days=400)))
    assert shell.hospital.visits["v-0001"].checked_in_at == NINE


def test_a_ten_day_old_scan_checks_nobody_in_and_is_kept_for_the_nurses() -> None:
    shell, agent = Shell(), Agent()
    shell.register("0001")
    shell.deliver(agent.scan("HIS-0001", time=NINE - timedelta(days=10)))
    assert states(shell.hospital)["v-0001"] is StepState.READY
    assert [ev.reason for ev in shell.hospital.attention if isinstance(ev, e.ScanRefused)] == [
        "stale_scan"
    ]
    assert shell.outlet.acknowledged["k1"] == (INSTALL, 1)


@pytest.mark.parametrize(
    "time", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
@pytest.mark.parametrize("clockstate", list(ClockState))
def test_a_clock_that_was_never_set_is_not_believed(time: datetime, clockstate: ClockState) -> None:
    shell, agent = Shell(), Agent()
    shell.register("0001")
    shell.deliver(agent.scan("HIS-0001", time=time, clockstate=clockstate))
    assert shell.hospital.visits["v-0001"].checked_in_at == NINE


def test_a_day_is_opened_when_midnight_has_passed_and_todays_registrations_are_entered() -> None:
    def registrations(day: date) -> list[c.Command]:
        return [c.Register(f"v-{day}", "p", "张小宝", "resp", day)]

    shell = Shell(clock=Clock(), registrations=registrations)
    assert list(shell.hospital.visits) == [f"v-{TODAY}"]
    shell.clock.now = datetime(2026, 3, 2, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    shell.writer.take([])
    assert shell.hospital.day == date(2026, 3, 3)
    assert list(shell.hospital.visits) == ["v-2026-03-03"]


def test_a_clock_set_back_does_not_open_yesterday_again() -> None:
    shell = Shell()
    shell.clock.now -= timedelta(days=2)
    shell.writer.take([])
    assert shell.hospital.day == TODAY


# ---- poison -------------------------------------------------------------------------------------


def test_a_message_that_breaks_a_rule_is_kept_and_the_next_one_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shell, agent = Shell(journal := MemoryJournal()), Agent()
    shell.register("0001", "0002")
    bad, good = agent.scan("HIS-0001"), agent.scan("HIS-0002")
    monkeypatch.setattr(
        shell.writer._ingest._cards, "judge", lambda text, _: 1 / 0 if "0001" in text else None
    )
    shell.deliver(bad)
    monkeypatch.undo()
    shell.deliver(good)
    assert [(r.reason, r.seq) for r in journal.rejected] == [("broke_the_rules", 1)]
    assert states(shell.hospital)["v-0002"] is StepState.WAITING
    assert shell.outlet.acknowledged["k1"] == (INSTALL, 2)


def test_an_event_that_can_not_be_applied_ends_the_process_but_never_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shell, agent = Shell(journal := MemoryJournal()), Agent()
    shell.register("0001", "0002")
    good, bad = agent.scan("HIS-0001"), agent.scan("HIS-0002")

    def broken(_hospital: Hospital, event: e.Event) -> None:
        if getattr(event, "visit", "") == "v-0002":
            raise KeyError("does not fit")

    monkeypatch.setattr("queue_server.core.reacting.apply", broken)
    told = len(shell.outlet.told)
    with pytest.raises(RulesBroken, match="Scan"):
        shell.deliver(good, bad)
    assert len(shell.outlet.told) == told
    monkeypatch.undo()

    again = Shell(
        journal, clock=shell.clock
    )  # the process starts again; the broker brings both again
    again.deliver(good, bad)
    assert states(again.hospital) == {"v-0001": StepState.WAITING, "v-0002": StepState.READY}
    assert [r.reason for r in journal.rejected] == ["broke_the_rules"]
    assert again.outlet.acknowledged["k1"] == (INSTALL, 2)


def test_poison_is_kept_once_and_acknowledged_so_that_it_never_comes_again() -> None:
    shell, agent = Shell(journal := MemoryJournal()), Agent()
    topic, payload = agent.scan("HIS-0001")
    poison = payload.replace(b'"camera"', b'"crystal ball"')
    shell.deliver((topic, poison))
    shell.deliver((topic, poison))
    assert [(r.reason, r.agent, r.seq) for r in journal.rejected] == [("bad_data", "k1", 1)]
    assert shell.outlet.acknowledged["k1"] == (INSTALL, 1)


def test_ten_thousand_scans_in_a_minute_are_all_taken_and_fill_no_list() -> None:
    shell, agent = Shell(), Agent()
    shell.register("0001")
    began = time.monotonic()
    for n in range(40):
        texts = ("HIS-0001", "HIS-9999", "hello", "EVC1AAAA", f"HIS-{n:04}")
        shell.deliver(*[agent.scan(text) for text in texts for _ in range(50)])
        shell.clock.now += timedelta(seconds=1.5)
    assert time.monotonic() - began < 30
    assert shell.outlet.acknowledged["k1"] == (INSTALL, 10_000)
    assert len(shell.hospital.attention) <= 300
    checked_in = [ev for ev in shell.journal.replay() if isinstance(ev, e.CheckedIn)]
    assert [ev.visit for ev in checked_in] == ["v-0001"]
