"""Thirty ways through the sample hospital in words: `python -m tests.nav_maps.words.told` writes them into docs/ways.md."""

import random
from pathlib import Path
from typing import Final

from nav_maps import IndoorMap, NoWay, Profile, Router, build_graph
from nav_maps.sample import sample_map
from nav_maps.words import Guide, tell

PAGE: Final = Path(__file__).parents[3] / "docs" / "ways.md"
BEGIN: Final = "<!-- thirty ways: python -m tests.nav_maps.words.told -->\n"
END: Final = "<!-- end of the thirty ways -->\n"
PICKED: Final = (
    ("kiosk-01", "resp", Profile.CHILD),
    ("kiosk-01", "resp", Profile.WHEELCHAIR),
    ("kiosk-05", "xray-1", Profile.CHILD),
    ("kiosk-06", "resp-3", Profile.CHILD),
    ("resp-3", "xray-1", Profile.CHILD),
    ("xray-1", "resp-3", Profile.STROLLER),
)
"""Ways that everybody should have seen: to a clinic, on wheels, across the house, to a test and back."""


def ways() -> list[str]:
    """Thirty ways as Markdown, the picked ones first, the others by chance (always the same)."""
    indoor_map = sample_map()
    router, guide = Router(build_graph(indoor_map)), Guide(indoor_map)
    chosen = [*PICKED, *_by_chance(indoor_map)]
    told: list[str] = []
    for start, end, profile in chosen:
        route = router.route(start, end, profile)
        if isinstance(route, NoWay) or len(told) == 30:
            continue
        way = tell(guide, route)
        names = f"{_name(route.start.names, start)} → {_name(route.end.names, end)}"
        lines = [
            f"**{len(told) + 1}. {names}** ({profile}; {way.summary['zh']}; {way.summary['en']})",
            "",
        ]
        for number, each in enumerate(way.instructions, start=1):
            lines.append(f"{number}. {each.reading['zh']}<br>{each.reading['en']}")
        told.append("\n".join(lines) + "\n")
    return told


def _by_chance(indoor_map: IndoorMap) -> list[tuple[str, str, Profile]]:
    random_ = random.Random(2026)
    kiosks = sorted(d.id for d in indoor_map.navigation.devices if d.kind == "kiosk")
    places = sorted({place.id for place in indoor_map.navigation.places})
    profiles = (Profile.CHILD, Profile.CHILD, Profile.STROLLER)
    return [
        (
            random_.choice(kiosks if i % 3 else places),
            random_.choice(places),
            random_.choice(profiles),
        )
        for i in range(60)
    ]


def _name(names: object, id: str) -> str:
    zh = names.get("zh") if hasattr(names, "get") else None
    return f"{zh or '自助机'} ({id})"


def section() -> str:
    """What stands between the marks of the page."""
    return BEGIN + "\n" + "\n".join(ways()) + "\n" + END


def main() -> None:
    """Write the page anew."""
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(before + section() + after, "utf-8")


if __name__ == "__main__":
    main()
