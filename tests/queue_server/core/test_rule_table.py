"""The page of rules is made of the tests, and is up to date."""

from tests.queue_server.core.rule_table import PAGE, SECTIONS, page, rows


def test_the_page_of_rules_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_section_has_rules() -> None:
    known = {row.section for row in rows()}
    assert known == set(SECTIONS)
