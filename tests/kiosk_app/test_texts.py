"""Every word in both languages, and none that nobody uses."""

import re
import string
from pathlib import Path

import pytest

import kiosk_app
from kiosk_app.texts import LANGUAGES, TEXTS, word
from kiosk_app.views import NO_ANSWER, NOT_KEPT

TEMPLATES = sorted((Path(kiosk_app.__file__).parent / "templates").glob("*.html"))
BY_NAME_OF = ("state_", "over_", "note_")
"""Keys that templates put together: a state, a look, a note."""
SILENT = {"state_planned", "state_ready"}


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", TEXTS)
def test_no_word_is_missing_in_either_language(key: str) -> None:
    zh, en = TEXTS[key]
    assert key in SILENT or (zh.strip() and en.strip())
    assert slots(zh) == slots(en)


@pytest.mark.parametrize("key", [key for key in TEXTS if key not in SILENT])
def test_each_language_is_that_language(key: str) -> None:
    zh, en = TEXTS[key] if key != "other_language" else TEXTS[key][::-1]
    assert re.search(r"[\u4e00-\u9fff]", zh)
    assert not re.search(r"[\u4e00-\u9fff]", en)


def test_every_word_a_template_asks_for_is_there_and_every_word_there_is_asked_for() -> None:
    asked = {
        key
        for template in TEMPLATES
        for key in re.findall(r"\bt\('(\w+)'[,)]", template.read_text("utf-8"))
    }
    assert asked <= set(TEXTS)
    by_name = {key for key in TEXTS if key.startswith(BY_NAME_OF) or key.endswith("_todo")}
    assert set(TEXTS) - asked - by_name == set()


def test_what_the_kiosk_says_of_itself_is_in_both_languages() -> None:
    for trouble in (NO_ANSWER, NOT_KEPT):
        assert all((trouble.what.zh, trouble.what.en, trouble.todo.zh, trouble.todo.en))


def test_a_word_that_is_not_there_is_an_error() -> None:
    assert LANGUAGES == ("zh", "en")
    with pytest.raises(KeyError):
        word("nothing", "zh")
