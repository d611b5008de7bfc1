"""`queue-server site` and `queue-server journal site`: look at a site file before it is used, and at those that were."""

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from queue_server.errors import JournalError
from queue_server.journal import reports
from queue_server.journal.versions import SiteVersion, site_version, site_versions
from queue_server.site_file import read_site_file
from queue_server.site_file.summary import summary


def add_site(commands: Any) -> None:  # argparse names the type of sub-parsers only in private
    """`site check FILE`."""
    site = commands.add_parser("site", help="look at a site file before it is used")
    actions = site.add_subparsers(required=True, metavar="ACTION")
    check = actions.add_parser(
        "check",
        help="say what is wrong with a site file, or what it comes to",
        description="Says what is wrong, with the line and what to write instead; or shows areas, lines, points, the "
        "rules that differ from the usual ones, and who sits where. A running server is not touched.",
    )
    check.add_argument("file", type=Path, metavar="FILE", help="the site file")
    check.add_argument(
        "--day",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="whose sessions to show (today)",
    )
    check.set_defaults(run=site_check)


def add_journal_site(parser: argparse.ArgumentParser) -> None:
    """The arguments of `journal site`."""
    parser.add_argument(
        "version", nargs="?", metavar="VERSION", help="the one in force when left out"
    )
    parser.add_argument("--list", action="store_true", help="all versions, and since when")


def site_check(given: argparse.Namespace) -> int:
    """Check a file; its problems are an error, told by `main`."""
    plan = read_site_file(given.file)
    today = given.day or plan.site.day(datetime.now(UTC))
    _say(summary(plan.site, today))
    _say([f"{len(plan.appointments)} registrations. The file can be used."])
    return 0


def journal_site(journal: Path, given: argparse.Namespace) -> int:
    """Print a version of the site file that a journal has kept, or list them all."""
    with reports.opened(journal) as db:
        if given.list:
            _say(map(_row, site_versions(db)))
            return 0
        found = site_version(db, given.version)
    if found is None:
        wanted = f"version {given.version}" if given.version else "site file"
        raise JournalError(
            f"The journal has no {wanted}. 'queue-server journal site --list' shows all."
        )
    _say((found.text or f"# version {found.version}: its text was not kept").splitlines())
    return 0


def _row(each: SiteVersion) -> str:
    return f"{each.position:>8} {each.written_at} {each.version} {len(each.text.encode()):>7} bytes"


def _say(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
