"""The words are walked by somebody who has nothing else."""

import random

import pytest

from nav_maps.route import Route
from nav_maps.words import Guide, Way, tell
from tests.nav_maps.words.buildings import Building, building, roughened, way
from tests.nav_maps.words.walker import Walker

SEEDS = range(40)


def walk(made: Building, route: Route, told: Way, language: str) -> Walker:
    """Walk a way's words; the walker as it ends."""
    start = route.start
    heading = 90.0 - start.facing_deg if start.facing_deg is not None else 0.0
    walker = Walker(made.map(), language, start.level, start.point, heading)
    if start.facing_deg is None:
        walker.stand_in(made.units[start.unit], made.doors[start.unit])
    for each in told.instructions:
        walker.read(each.reading[language])
    return walker


def ways_of(made: Building, seed: int) -> list[Route]:
    """Some ways through a building, on a floor and over floors."""
    random_ = random.Random(seed)
    rooms = sorted(id for id in made.doors if "-r" in id or "-m" in id)
    kiosks = sorted(device.id for device in made.devices)
    pairs = [(random_.choice(kiosks), random_.choice(rooms)) for _ in range(2)]
    pairs += [(a, b) for a, b in (random_.sample(rooms, 2) for _ in range(2))]
    return [way(made, a, b, random_.choice(["lift", "stairs"])) for a, b in pairs]


@pytest.mark.parametrize("rough", [False, True], ids=["plain", "swaying"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_who_has_only_the_words_ends_at_the_right_door(language: str, rough: bool) -> None:
    lost = []
    random_ = random.Random(7)
    for seed in SEEDS:
        made = building(seed)
        guide = Guide(made.map())
        for route in ways_of(made, seed):
            told = tell(guide, roughened(route, random_) if rough else route)
            try:
                ended = walk(made, route, told, language).arrived
            except Exception as error:
                ended = repr(error)
            if ended != route.end.unit:
                lost.append(
                    (
                        seed,
                        route.end.feature,
                        ended,
                        [i.reading[language] for i in told.instructions],
                    )
                )
    allowed = (
        len(SEEDS) // 20 if rough else 0
    )  # who cuts every corner leaves some doors between two directions
    assert len(lost) <= allowed, "\n".join(map(str, lost)) + f"\n{len(lost)} of {4 * len(SEEDS)}"


def test_the_floors_that_are_told_are_those_of_the_way() -> None:
    made = building(4, floors=4)
    guide = Guide(made.map())
    for route in ways_of(made, 4):
        told = tell(guide, route)
        walker = walk(made, route, told, "zh")
        assert walker.level == route.end.level
