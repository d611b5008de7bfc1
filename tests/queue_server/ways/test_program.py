"""The server with the sample hospital's site file and map: what the program itself puts together."""

import asyncio
import json
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from nav_maps.sample import write_sample
from queue_server import ServerSettings, SettingsError, open_server
from queue_server.core import commands as c

HOSPITAL = Path(__file__).parents[3] / "daozhen" / "sites" / "hospital.toml"


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answered:  # noqa: S310  # our own server
        return json.loads(answered.read())


def settings(folder: Path) -> ServerSettings:
    write_sample(folder / "hospital.zip")
    return ServerSettings.load(
        site=HOSPITAL,
        data=folder / "data",
        port=0,
        map=folder / "hospital.zip",
        public_url="https://q.example",
    )


def test_what_staff_close_is_out_of_the_next_way_within_a_second_and_after_a_restart(
    tmp_path: Path,
) -> None:
    given = settings(tmp_path)

    async def lift_of(url: str) -> tuple[str, list[str]]:
        way = await asyncio.to_thread(
            get, f"{url}/api/v1/ways?start=kiosk-01&end=resp&profile=stroller"
        )
        assert way["url"].startswith("https://q.example/way/")
        return "".join(step["text"]["zh"] for step in way["steps"]), [
            note["zh"] for note in way["notes"]
        ]

    async def first() -> str:
        async with open_server(given) as server:
            before, notes = await lift_of(server.url)
            assert notes == []
            ways = server.ways
            assert ways
            used = next((id, name.zh) for id, name in ways.closable() if name.zh in before)
            await server.desk.submit(c.CloseWay(used[0], "检修", "maintenance", "guard"))
            began = time.monotonic()
            while used[1] in (await lift_of(server.url))[0]:
                assert time.monotonic() - began < 1.0
                await asyncio.sleep(0.02)
            return used[1]

    async def second(lift: str) -> None:
        async with open_server(given) as server:
            text, notes = await lift_of(server.url)
            assert lift not in text
            assert notes == [f"{lift}停用（检修），已为您换了一条路。"]

    asyncio.run(second(asyncio.run(first())))


def test_every_room_and_area_of_the_site_file_is_on_the_map(tmp_path: Path) -> None:
    async def main() -> tuple[list[str], list[str]]:
        async with open_server(settings(tmp_path)) as server:
            site, ways = server.site, server.ways
            assert ways
            areas = [area for area in site.areas if not ways.places.of_site([("area", area)])]
            points = [
                point.id
                for point in site.points.values()
                if not ways.places.of_site([("point", point.id), ("group", point.group)])
            ]
            return areas, points

    assert asyncio.run(main()) == ([], [])


def test_a_map_that_is_not_there_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    async def main() -> None:
        async with open_server(
            ServerSettings.load(site=HOSPITAL, data=tmp_path, port=0, map=tmp_path / "no.zip")
        ):
            pass

    with pytest.raises(SettingsError, match="Setting map"):
        asyncio.run(main())
