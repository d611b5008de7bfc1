"""Which test shows which rule: the tests say it themselves, and `docs/rules.md` is made of what they say.

Write the table anew with `python -m tests.queue_server.core.rule_table`.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[2]
PAGE: Final = ROOT / "docs" / "rules.md"
SECTIONS: Final = (
    "Check-in",
    "Numbers",
    "Order of calling",
    "Presence",
    "Late and missed",
    "Priority",
    "Rooms, doctors and doors",
    "Itinerary",
    "Tests before the consult",
    "Staff",
    "Reasons and replay",
)
HEAD: Final = """# The rules of the queue, and the test that shows each

Every rule can be set for the hospital, for an area or for one line (see [site-file.md](site-file.md)). This page is made of
the tests: `python -m tests.queue_server.core.rule_table` writes it, and a test sees that it is up to date.
"""

Test = TypeVar("Test", bound=Callable[..., None])


def shows(section: str, rule: str) -> Callable[[Test], Test]:
    """Mark a test as the one that shows a rule."""
    assert section in SECTIONS, section
    assert rule

    def as_it_is(test: Test) -> Test:
        return test

    return as_it_is


class Row(NamedTuple):
    """A line of the table."""

    section: str
    rule: str
    test: str
    file: str


def rows() -> Iterator[Row]:
    """What all tests of the core say, file by file."""
    for path in sorted(HERE.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "shows":
                        section, rule = (ast.literal_eval(each) for each in mark.args)
                        yield Row(section, rule, node.name, path.name)


def page() -> str:
    """The page as Markdown."""
    known = list(rows())
    lines = [HEAD]
    for section in SECTIONS:
        lines += [f"## {section}", "", "| rule | shown by |", "|---|---|"]
        here = [row for row in known if row.section == section]
        lines += [f"| {row.rule} | `{row.file}`: `{row.test}` |" for row in here]
        lines.append("")
    return "\n".join(lines)


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
