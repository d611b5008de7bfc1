"""What families are told: every refusal a scan can meet has a sentence, in both languages."""

from datetime import timedelta

import pytest

from protocol.card import Problem as CardProblem
from queue_server.core.commands import Reason, Refused
from queue_server.sentences import REFUSALS, problem_of
from tests.queue_server.core.makers import NINE, TODAY, small_site

SITE = small_site()
OF_A_SCAN = (
    Reason.UNKNOWN_CARD,
    Reason.NOT_FOUND,
    Reason.TOO_MANY_TRIES,
    Reason.NO_VISIT,
    Reason.NOT_TODAY,
    Reason.WRONG_CAMPUS,
    Reason.CANCELLED,
    Reason.TOO_EARLY,
    Reason.STALE_SCAN,
    Reason.OTHER_AREA,
    Reason.SHARED_PHONE,
    Reason.TWO_PLACES,
    Reason.UNCLEAR_PLACE,
    Reason.PROOF_MISSING,
    Reason.PROOF_WRONG,
    Reason.TOO_MANY_MISSES,
    Reason.UNKNOWN_GROUP,
    Reason.UNKNOWN_DOCTOR,
    Reason.UNPAID,
    Reason.SCREENING_MISSING,
    Reason.SCREENED_OUT,
    Reason.NO_WALK_INS,
)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_refusal_says_what_happened_and_what_to_do(reason: Reason) -> None:
    problem = problem_of(Refused(reason, detail="south"), SITE)
    for text in (problem.what, problem.todo):
        assert text.zh.endswith("。")
        assert text.en.endswith(".")
    assert (reason in REFUSALS) == (reason in OF_A_SCAN)


@pytest.mark.parametrize("code", list(CardProblem))
def test_what_is_wrong_with_a_card_keeps_its_code(code: CardProblem) -> None:
    assert problem_of(Refused(Reason.BAD_CARD, detail=code.value), SITE).code == code.value


def test_a_code_of_a_newer_version_still_gets_a_sentence() -> None:
    assert problem_of(Refused(Reason.BAD_CARD, detail="cursed"), SITE).what.zh


def test_times_are_told_as_the_clock_on_the_wall_shows_them() -> None:
    problem = problem_of(Refused(Reason.TOO_EARLY, when=NINE + timedelta(hours=1)), SITE)
    assert problem.what.zh == "还没到签到时间，10:00开始签到。"


def test_days_and_campuses_are_told_by_name() -> None:
    not_today = problem_of(Refused(Reason.NOT_TODAY, day=TODAY), SITE)
    assert not_today.what.zh == "您的预约是3月2日，不是今天。"
    assert not_today.what.en == "Your appointment is on Monday, 2 March, not today."
    assert "南院" in problem_of(Refused(Reason.WRONG_CAMPUS, detail="south"), SITE).what.zh
