from hypothesis import given
from hypothesis import strategies as st

from queue_server.whereabouts import Arbitration, ArbitrationRules, Hearing, Ruled, Ruling
from queue_server.whereabouts.arbitration import AGENTS_KEPT, PHONES_KEPT

RULES = ArbitrationRules()


def heard(agent: str, at_s: float, level_dbm: float, area: str | None = None) -> Hearing:
    return Hearing(agent, area or f"area-{agent}", at_s, level_dbm)


def settled(arbitration: Arbitration, from_s: float = 0.0) -> list[tuple[float, Ruled]]:
    """Look four times a second until nothing waits."""
    found: list[tuple[float, Ruled]] = []
    at = from_s  # a claim is looked at when it comes in, as the writer does
    while arbitration.waiting and at < from_s + 60:
        found += [(at, each) for each in arbitration.due(at)]
        at += 0.25
    return found


def test_a_phone_that_one_door_alone_hears_is_checked_in_there_after_the_wait() -> None:
    arbitration = Arbitration()
    arbitration.claim("v", heard("a", 0.0, -60), 0.0)
    [(at, ruled)] = settled(arbitration)
    assert (at, ruled.ruling) == (RULES.wait_s, Ruling.HERE)
    assert ruled.winner == heard("a", 0.0, -60)


def test_the_strongest_door_wins_whichever_claimed_first() -> None:
    arbitration = Arbitration()
    arbitration.claim("v", heard("a", 0.0, -64), 0.0)
    arbitration.claim("v", heard("b", 1.0, -55), 1.0)
    [(_, ruled)] = settled(arbitration)
    assert ruled.ruling is Ruling.HERE
    assert ruled.winner
    assert ruled.winner.agent == "b"


def test_a_door_that_hears_it_better_keeps_it_from_the_neighbour_without_a_claim_of_its_own() -> (
    None
):
    arbitration = Arbitration()
    arbitration.claim("v", heard("a", 0.0, -64), 0.0)
    for second in range(20):
        arbitration.heard("v", heard("b", float(second), -56))
        ruled = arbitration.due(second + 0.5)
        if ruled:
            assert ruled == [Ruled("v", Ruling.ELSEWHERE)]
            return
    raise AssertionError("nothing was ruled")


def test_two_doors_that_hear_it_alike_check_nobody_in_and_say_so() -> None:
    arbitration = Arbitration()
    arbitration.claim("v", heard("a", 0.0, -60), 0.0)
    ruled: list[Ruled] = []
    for quarter in range(70):
        at = quarter / 4
        arbitration.heard("v", heard("a", at, -60))
        arbitration.heard("v", heard("b", at, -62))
        ruled += arbitration.due(at)
    assert ruled == [Ruled("v", Ruling.UNCLEAR)]


def test_a_door_that_was_passed_a_moment_ago_does_not_keep_the_next_one_from_it() -> None:
    arbitration = Arbitration()
    arbitration.heard("v", heard("a", 0.0, -50))
    arbitration.claim("v", heard("b", 0.5, -60), 0.5)
    ruled: list[Ruled] = []
    for quarter in range(2, 40):
        at = quarter / 4
        arbitration.heard("v", heard("b", at, -60))
        arbitration.heard("v", heard("a", at, -60 - 3 * at))
        ruled += arbitration.due(at)
    assert [each.ruling for each in ruled] == [Ruling.HERE]


def test_a_weak_phone_must_lead_by_more_than_a_strong_one() -> None:
    for level, ruling in ((-60, Ruling.HERE), (-75, Ruling.UNCLEAR)):
        arbitration = Arbitration()
        arbitration.claim("v", heard("a", 0.0, level), 0.0)
        ruled: list[Ruled] = []
        for quarter in range(70):
            at = quarter / 4
            arbitration.heard("v", heard("a", at, level))
            arbitration.heard("v", heard("b", at, level - 6))
            ruled += arbitration.due(at)
        assert [each.ruling for each in ruled] == [ruling]


def test_two_agents_at_the_doors_of_one_area_do_not_compete() -> None:
    arbitration = Arbitration()
    arbitration.claim("v", heard("a", 0.0, -60, "east"), 0.0)
    arbitration.claim("v", heard("b", 0.2, -61, "east"), 0.2)
    [(_, ruled)] = settled(arbitration)
    assert ruled.ruling is Ruling.HERE
    assert ruled.winner
    assert ruled.winner.agent == "a"


def test_a_phone_at_two_places_at_once_is_checked_in_at_neither() -> None:
    spots = {"a": (0.0, 0.0, 0), "b": (80.0, 0.0, 0)}
    arbitration = Arbitration(spots=spots)
    arbitration.heard("v", heard("b", 0.0, -50))
    arbitration.claim("v", heard("a", 3.0, -55), 3.0)
    [(_, ruled)] = settled(arbitration, 3.0)
    assert ruled.ruling is Ruling.TWO_PLACES


def test_who_walks_from_one_place_to_the_other_is_not_taken_for_two() -> None:
    arbitration = Arbitration(spots={"a": (0.0, 0.0, 0), "b": (80.0, 0.0, 0)})
    arbitration.heard("v", heard("b", 0.0, -50))
    arbitration.claim("v", heard("a", 40.0, -55), 40.0)
    [(_, ruled)] = settled(arbitration, 40.0)
    assert ruled.ruling is Ruling.HERE


def test_a_second_claim_while_the_first_is_open_changes_nothing_but_its_level() -> None:
    arbitration = Arbitration()
    arbitration.claim("v", heard("a", 0.0, -60), 0.0)
    arbitration.claim("v", heard("a", 0.5, -58), 0.5)
    assert len(settled(arbitration)) == 1


def test_what_is_kept_is_bounded_and_open_claims_are_never_thrown_away() -> None:
    arbitration = Arbitration()
    arbitration.claim("waits", heard("a", 0.0, -60), 0.0)
    for number in range(PHONES_KEPT + 500):
        arbitration.heard(f"v{number}", heard("a", 0.0, -90))
    for number in range(100):
        arbitration.heard("waits", heard(f"agent{number}", 0.1, -90))
    assert len(arbitration) <= PHONES_KEPT + 1
    [(_, ruled)] = settled(arbitration)
    assert ruled.phone == "waits"
    assert AGENTS_KEPT < 100


@given(
    st.lists(
        st.tuples(
            st.booleans(),
            st.sampled_from(["u", "v"]),
            st.sampled_from(["a", "b", "c"]),
            st.floats(0, 20),
            st.floats(-100, -40),
        ),
        max_size=40,
    )
)
def test_every_claimed_phone_is_ruled_once_for_all_its_claims(
    happened: list[tuple[bool, str, str, float, float]],
) -> None:
    arbitration, claimed, ruled = Arbitration(), 0, 0
    for claims, phone, agent, at, level in sorted(happened, key=lambda each: each[3]):
        ruled += len(arbitration.due(at))
        before = arbitration.waiting
        if claims:
            arbitration.claim(phone, heard(agent, at, level), at)
        else:
            arbitration.heard(phone, heard(agent, at, level))
        claimed += arbitration.waiting - before
    ruled += len(settled(arbitration, 20.0))
    assert ruled == claimed
    assert arbitration.waiting == 0


def test_two_far_agents_that_both_hear_it_well_hear_two_phones() -> None:
    for apart, ruling in ((24.0, Ruling.TWO_PLACES), (8.0, Ruling.HERE)):
        arbitration = Arbitration(spots={"a": (0.0, 0.0, 0), "b": (apart, 0.0, 0)})
        arbitration.heard("v", heard("b", 0.0, -65))
        arbitration.claim("v", heard("a", 0.0, -60), 0.0)
        [(_, ruled)] = settled(arbitration)
        assert ruled.ruling is ruling
