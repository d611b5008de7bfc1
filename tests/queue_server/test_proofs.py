"""Doors that ask phones for a proof: from what agents send to a family that is checked in, or asked for its card."""

from datetime import timedelta

import pytest

from protocol import PhoneNear, ProofGiven, ProofProblem, ProofWanted
from protocol.checkin_token import Question, prove
from queue_server.core import commands as c
from queue_server.core import events as e
from tests.queue_server.core.makers import small_site
from tests.queue_server.test_phones import KEYS, Hall, sighting

KEY = KEYS.key("v-1")


class ProvingHall(Hall):
    """A clinic that wants proofs."""

    def __init__(self, journal_of: Hall | None = None) -> None:
        super().__init__(small_site(phone_proof=True), journal_of)

    def stops(self, agent: str = "door-east", can_prove: bool = True, **more: object) -> None:
        """A phone stops at a door, and the doors are weighed."""
        heard = sighting(self.token(), -55.0).model_copy(update={"can_prove": can_prove})
        message = PhoneNear(sighting=heard, near_s=1.5)
        self.shell.deliver(self.agents[agent].send("presence", message, **more))
        self.wait(2.5)

    def asked(self) -> list[tuple[str, ProofWanted]]:
        told = self.shell.outlet.told
        return [(each.agent, each.wanted) for one in told for each in one.proofs]

    def answers(
        self, key: bytes = KEY, agent: str = "door-east", by: str = "", number: int = -1
    ) -> None:
        """The phone answers the question as if `agent` had put it; the answer comes through `by`."""
        wanted = self.asked()[number][1]
        question = Question(bytes.fromhex(wanted.nonce), agent, wanted.window)
        self.gives(
            ProofGiven(token=wanted.token, nonce=wanted.nonce, proof=prove(key, question).hex()),
            by or agent,
        )

    def fails(self, problem: ProofProblem) -> None:
        wanted = self.asked()[-1][1]
        self.gives(ProofGiven(token=wanted.token, nonce=wanted.nonce, problem=problem))

    def gives(self, given: ProofGiven, by: str = "door-east") -> None:
        self.shell.deliver(self.agents[by].send("presence", given, seq=None))

    def refused(self) -> list[str]:
        return [
            each.reason for each in self.happened(e.ScanRefused) if isinstance(each, e.ScanRefused)
        ]

    def acknowledged(self) -> bool:
        return "door-east" in self.shell.outlet.acknowledged


@pytest.fixture
def hall() -> ProvingHall:
    hall = ProvingHall()
    hall.shell.register("1", "2")
    return hall


def test_a_phone_that_proves_itself_is_checked_in(hall: ProvingHall) -> None:
    hall.stops()
    [(agent, wanted)] = hall.asked()
    assert (agent, wanted.token) == ("door-east", hall.token())
    assert not hall.checked_in()
    assert not hall.acknowledged()
    hall.answers()
    assert hall.checked_in()
    assert hall.acknowledged()


def test_a_recording_can_not_answer_and_the_card_is_asked_for(hall: ProvingHall) -> None:
    hall.stops()
    hall.answers(key=bytes(16))
    assert not hall.checked_in()
    assert hall.refused() == ["proof_wrong"]
    assert hall.acknowledged()


def test_a_phone_without_the_challenge_is_asked_for_its_card_at_once(hall: ProvingHall) -> None:
    hall.stops(can_prove=False)
    assert not hall.asked()
    assert hall.refused() == ["proof_missing"]


@pytest.mark.parametrize("problem", [each for each in ProofProblem if each != ProofProblem.BUSY])
def test_an_agent_that_gets_no_answer_ends_the_waiting(
    hall: ProvingHall, problem: ProofProblem
) -> None:
    hall.stops()
    hall.fails(problem)
    assert hall.refused() == ["proof_missing"]
    hall.answers()  # too late: nobody waits for it
    assert not hall.checked_in()


def test_an_answer_that_does_not_come_is_waited_for_eight_seconds(hall: ProvingHall) -> None:
    hall.stops()
    hall.wait(7)
    assert not hall.refused()
    hall.wait(2)
    assert hall.refused() == ["proof_missing"]
    assert not hall.shell.writer.soon


def test_an_agent_that_asks_another_phone_is_asked_again_and_not_for_ever(
    hall: ProvingHall,
) -> None:
    hall.stops()
    hall.fails(ProofProblem.BUSY)
    hall.wait(2)
    assert len(hall.asked()) == 2
    hall.answers()
    assert hall.checked_in()

    other = ProvingHall()
    other.shell.register("1")
    other.stops()
    for _ in range(20):
        if not other.refused():
            other.fails(ProofProblem.BUSY)
            other.wait(2)
    assert other.refused() == ["proof_missing"]
    assert len(other.asked()) <= 12


def test_an_answer_for_another_door_is_worth_nothing(hall: ProvingHall) -> None:
    """A relay puts the question of this door to the phone elsewhere, through an agent of its own making or a real one."""
    hall.stops()
    hall.answers(agent="door-west", by="door-west")
    assert not hall.checked_in()
    assert not hall.refused()  # nobody has asked there
    hall.answers(agent="door-west", by="door-east")
    assert hall.refused() == ["proof_wrong"]


def test_a_relayed_answer_of_a_phone_that_is_heard_elsewhere_is_two_places(
    hall: ProvingHall,
) -> None:
    hall.stops()
    hall.report("door-east", (hall.token(), -55.0))
    hall.report("door-west", (hall.token(), -50.0))
    hall.answers()
    assert not hall.checked_in()
    assert hall.refused() == ["two_places"]


def test_a_message_that_comes_again_meanwhile_asks_no_second_time(hall: ProvingHall) -> None:
    hall.stops(seq=1)
    hall.stops(seq=1)
    hall.stops(seq=1)
    assert len(hall.asked()) == 1
    hall.answers()
    assert len(hall.happened(e.CheckedIn)) == 1


def test_a_server_that_is_killed_meanwhile_asks_again(hall: ProvingHall) -> None:
    hall.stops(seq=1)
    again = ProvingHall(journal_of=hall)
    again.clock.now += timedelta(seconds=5)
    again.stops(seq=1)
    again.answers()
    assert again.checked_in()


def test_who_stands_in_line_already_is_asked_nothing(hall: ProvingHall) -> None:
    hall.shell.do(c.CheckInAtDesk("v-1", "nurse"))
    hall.stops()
    assert not hall.asked()


def test_a_missed_family_proves_itself_when_it_comes_back(hall: ProvingHall) -> None:
    hall.shell.do(c.CheckInAtDesk("v-1", "nurse"))
    hall.shell.do(c.CallNext("a1", "nurse"))
    hall.shell.do(c.Miss("a1", "nurse"))
    hall.wait(60)
    hall.stops()
    assert len(hall.asked()) == 1
    hall.answers()
    assert len(hall.happened(e.Requeued)) == 1
