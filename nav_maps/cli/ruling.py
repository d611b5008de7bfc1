"""`nav-maps rules`: every rule of the map doctor."""

import argparse
import json

from nav_maps.cli.arguments import Commands
from nav_maps.rules import RULES, Rule


def add(commands: Commands) -> None:
    """Add the command."""
    ruling = commands.add_parser(
        "rules",
        help="list the rules of the map doctor",
        description="Every rule with its severity, what it says and what to do, in both languages.",
    )
    form = ruling.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument("--markdown", action="store_true", help="as the table of docs/maps.md")
    ruling.set_defaults(run=_run)


def _run(given: argparse.Namespace) -> int:
    if given.json:
        rules = [
            {
                "rule": each.id,
                "severity": str(each.severity),
                "mended": each.mended,
                "what": dict(each.what),
                "remedy": dict(each.remedy),
            }
            for each in RULES.values()
        ]
        print(json.dumps(rules, ensure_ascii=False))
    elif given.markdown:
        print(markdown(), end="")
    else:
        for each in RULES.values():
            print(f"{each.id} ({each.severity})\n  {each.what['zh']}\n  {each.what['en']}")
    return 0


def markdown() -> str:
    """The rules as a table, one row a rule."""
    head = "| rule | | what | remedy |\n|---|---|---|---|\n"
    return head + "".join(_row(each) for each in RULES.values())


def _row(rule: Rule) -> str:
    mark = {"error": "●", "warning": "◐", "note": "○"}[rule.severity] + ("✓" if rule.mended else "")
    what, remedy = (f"{both['zh']}<br>{both['en']}" for both in (rule.what, rule.remedy))
    return f"| `{rule.id}` | {mark} | {what} | {remedy} |\n"
