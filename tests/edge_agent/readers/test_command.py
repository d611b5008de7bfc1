"""`edge-agent read`."""

import argparse
import base64
import json
from pathlib import Path

import pytest

from edge_agent.readers import add_read_command
from protocol.card import qr


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_read_command(parser.add_subparsers())
    given = parser.parse_args(["read", *arguments])
    return int(given.run(given))


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "card.png"
    path.write_bytes(qr.png("EVC1-CARD"))
    return path


def test_one_line_of_json_for_each_picture(card: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = card.with_name("missing.png")
    assert run(str(card), str(missing), "--json") == 2
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first.keys() == {"file", "payloads", "reader", "ms"}
    assert first["file"] == str(card)
    assert [base64.b64decode(each) for each in first["payloads"]] == [b"EVC1-CARD"]
    assert first["reader"].startswith("zxing/")
    assert first["ms"] > 0
    assert second["payloads"] == []
    assert second["error"].endswith(".")


def test_a_folder_stands_for_the_pictures_in_it(
    card: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (card.parent / "card.txt").write_text("EVC1-CARD")
    assert run(str(card.parent)) == 0
    assert capsys.readouterr().out.startswith(f"{card}: EVC1-CARD (zxing/plain, ")


def test_the_exit_status_says_that_a_picture_held_no_code(tmp_path: Path) -> None:
    import cv2
    import numpy as np

    empty = tmp_path / "empty.png"
    cv2.imwrite(str(empty), np.full((90, 120), 200, np.uint8))
    assert run(str(empty), "--json") == 1
