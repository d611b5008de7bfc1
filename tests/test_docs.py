"""The documents are those of the code."""

import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from edge_agent import AgentSettings
from kiosk_app import KioskSettings
from queue_server.settings import ServerSettings

ROOT = Path(__file__).parent.parent
PROGRAMS = {"queue-server": ServerSettings, "edge-agent": AgentSettings, "kiosk-app": KioskSettings}


@pytest.mark.parametrize(("program", "settings"), PROGRAMS.items())
def test_every_setting_is_documented_and_nothing_else(
    program: str, settings: type[BaseSettings]
) -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    section = text.split(f"## {program}\n")[1].split("\n## ")[0]
    documented = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    own = set(settings.model_fields)
    if program == "kiosk-app":
        own -= set(AgentSettings.model_fields)
    assert documented == own


def test_every_way_of_writing_a_source_is_documented() -> None:
    written = (ROOT / "docs" / "scanners.md").read_text("utf-8")
    code = (ROOT / "edge_agent" / "sources" / "spec.py").read_text("utf-8")
    kinds = set(re.findall(r'case "(\w+)"', code)) | {"https"}
    assert all(f"`{kind}:" in written for kind in kinds)


@pytest.mark.parametrize(
    "page",
    sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")]),
    ids=str,
)
def test_no_page_points_to_a_file_that_is_not_there(page: Path) -> None:
    if ".venv" in page.parts or "var" in page.parts:
        return
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing
