"""The rules: used, told in both languages, and the table in the docs is theirs."""

import re
from pathlib import Path

import pytest

from nav_maps.cli import main
from nav_maps.cli.ruling import markdown
from nav_maps.reading.navigation import KINDS
from nav_maps.rules import RULES

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "maps.md").read_text("utf-8")
SOURCE = "".join(
    path.read_text("utf-8") for path in (ROOT / "nav_maps").rglob("*.py") if path.name != "rules.py"
)


def test_the_documents_have_the_rules_of_the_code() -> None:
    assert DOCUMENT.endswith(markdown()), "nav-maps rules --markdown, into docs/maps.md"


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_used(rule: str) -> None:
    assert f'"{rule}"' in SOURCE


@pytest.mark.parametrize("rule", RULES)
def test_both_languages_have_the_same_slots(rule: str) -> None:
    for texts in (RULES[rule].what, RULES[rule].remedy):
        slots = [
            {re.sub(r"_(zh|en)$", "", slot) for slot in re.findall(r"{(\w+)}", texts[language])}
            for language in ("zh", "en")
        ]
        assert slots[0] == slots[1]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_navigation_feature_is_described(kind: str) -> None:
    assert f"**`{kind}`**" in DOCUMENT


def test_every_property_that_is_read_is_described() -> None:
    code = (ROOT / "nav_maps" / "reading" / "navigation.py").read_text("utf-8")
    read = set(re.findall(r'(?:own\.get|amount|count|known|moment|names)\("(\w+)"', code)) - {
        "kind"
    }
    described = set(re.findall(r"`(\w+)`", DOCUMENT))
    assert read <= described


@pytest.mark.parametrize("form", [[], ["--json"], ["--markdown"]])
def test_the_command_lists_every_rule(form: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", *form]) == 0
    listed = capsys.readouterr().out
    assert all(rule in listed for rule in RULES)
