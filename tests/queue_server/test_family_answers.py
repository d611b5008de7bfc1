"""What a family says at a kiosk besides its card: which child, and whether it takes the tests that are offered."""

import json
from dataclasses import replace
from datetime import date
from uuid import UUID

from protocol import CardScanned, FamilySought, OfferAnswered, ScanSource, Show
from queue_server.core.site import PrevisitRule
from queue_server.seeking import AT_ONCE, handles
from tests.queue_server.core.makers import small_site
from tests.queue_server.shell import Agent, Shell

GUARDIAN = "HIS-9001"
BORN = date(2021, 5, 4)
OFFERING = replace(
    small_site(), previsit=(PrevisitRule("cough", ("resp",), ("lab",), reasons=("cough",)),)
)


def siblings() -> Shell:
    """Two children of one guardian, who has a card for both."""
    shell = Shell()
    shell.register("0001", "0002", guardian="g-1", guardian_card="his:9001")
    return shell


def chosen(kiosk: Agent, visit: str) -> tuple[str, bytes]:
    """The guardian's card again, with the child it is about."""
    scanned = CardScanned(text=GUARDIAN, source=ScanSource.CAMERA, visit=visit)
    return kiosk.send("card", scanned)


def last(shell: Shell) -> Show:
    shows = [each.show for telling in shell.outlet.told for each in telling.shows]
    return shows[-1]


def scan_id(message: tuple[str, bytes]) -> UUID:
    return UUID(json.loads(message[1])["id"])


def test_a_card_for_two_children_is_answered_with_the_question_which() -> None:
    shell, kiosk = siblings(), Agent()
    message = kiosk.scan(GUARDIAN)
    shell.deliver(message)
    show = last(shell)
    assert show.scan == scan_id(message)
    assert [each.visit for each in show.choices] == ["v-0001", "v-0002"]
    assert all("*" in each.masked_name for each in show.choices)
    assert (show.stands, show.problem) == ((), None)


def test_the_scan_with_the_child_that_was_chosen_checks_in_that_one() -> None:
    shell, kiosk = siblings(), Agent()
    shell.deliver(chosen(kiosk, "v-0002"))
    (stand,) = last(shell).stands
    assert (stand.visit, stand.ticket) == ("v-0002", "A001")
    assert shell.hospital.visits["v-0001"].ticket is None


def test_a_child_that_is_not_of_this_card_is_refused() -> None:
    shell, kiosk = siblings(), Agent()
    shell.register("0003")
    shell.deliver(chosen(kiosk, "v-0003"))
    problem = last(shell).problem
    assert problem is not None
    assert problem.code == "no_visit"
    assert shell.hospital.visits["v-0003"].ticket is None


def test_with_both_children_in_the_card_says_where_both_stand() -> None:
    shell, kiosk = siblings(), Agent()
    shell.deliver(chosen(kiosk, "v-0001"), chosen(kiosk, "v-0002"))
    shell.deliver(kiosk.scan(GUARDIAN))
    assert {stand.visit for stand in last(shell).stands} == {"v-0001", "v-0002"}


def offered() -> tuple[Shell, Agent, UUID]:
    shell, kiosk = Shell(site=OFFERING), Agent()
    shell.register("0001", reasons=("cough",))
    message = kiosk.scan("HIS-0001")
    shell.deliver(message)
    return shell, kiosk, scan_id(message)


def test_an_offer_is_shown_with_the_stand_and_taken_by_a_button() -> None:
    shell, kiosk, scan = offered()
    (stand,) = last(shell).stands
    assert [text.zh for text in stand.offer] == ["检验科"]
    shell.deliver(kiosk.send("button", OfferAnswered(scan=scan, visit="v-0001", accepted=True)))
    show = last(shell)
    assert show.scan == scan
    (stand,) = show.stands
    assert (stand.offer, stand.to_pay) == ((), True)
    assert [step.group.zh for step in stand.steps] == ["呼吸内科", "检验科"]
    shell.deliver(kiosk.send("button", OfferAnswered(scan=scan, visit="v-0001", accepted=True)))
    assert len(shell.hospital.visits["v-0001"].steps) == 2


def test_an_answer_to_an_offer_that_is_over_shows_where_the_family_stands() -> None:
    shell, kiosk, scan = offered()
    for accepted in (True, False):
        answer = OfferAnswered(scan=scan, visit="v-0001", accepted=accepted)
        shell.deliver(kiosk.send("button", answer))
    show = last(shell)
    assert show.problem is None
    assert [stand.visit for stand in show.stands] == ["v-0001"]
    assert shell.hospital.visits["v-0001"].offer_accepted is True


def test_an_offer_declined_leaves_the_family_where_it_stands() -> None:
    shell, kiosk, scan = offered()
    shell.deliver(kiosk.send("button", OfferAnswered(scan=scan, visit="v-0001", accepted=False)))
    (stand,) = last(shell).stands
    assert (stand.state, stand.offer, len(stand.steps)) == ("waiting", (), 1)


def test_an_answer_about_nobody_is_no_harm() -> None:
    shell, kiosk, scan = offered()
    shell.deliver(kiosk.send("button", OfferAnswered(scan=scan, visit="v-?", accepted=True)))
    assert last(shell).problem is not None


def test_a_family_without_its_card_is_answered_on_the_kiosk_that_asked_and_gets_no_page_of_its_own() -> (
    None
):
    shell, kiosk = Shell(), Agent()
    shell.hospital.handle_of = handles(b"k" * 32)
    shell.register("0001", phone_tail="8812", born=BORN)
    sought = kiosk.send("card", FamilySought(tail="8812", born=BORN), seq=None)
    shell.deliver(sought)
    show = last(shell)
    assert (show.scan, show.phone) == (scan_id(sought), "")
    assert [(each.ticket, "*" in each.masked_name) for each in show.stands] == [("A001", True)]
    assert shell.outlet.told[-1].shows[0].agent == "k1"


def test_a_kiosk_that_guesses_is_told_to_wait_but_the_choice_of_a_child_is_no_guess() -> None:
    shell, kiosk = Shell(), Agent()
    shell.hospital.handle_of = handles(b"k" * 32)
    shell.register("0001", phone_tail="8812", born=BORN)
    wrong = FamilySought(tail="0000", born=BORN)
    for number in range(AT_ONCE + 1):
        shell.deliver(kiosk.send("card", wrong, seq=None, id=UUID(int=number + 1)))
    problem = last(shell).problem
    assert problem
    assert problem.code == "too_many_tries"
    shell.deliver(
        kiosk.send("card", FamilySought(tail="8812", born=BORN, visit="v-0001"), seq=None)
    )
    assert last(shell).stands[0].ticket == "A001"
