"""`queue-server explain` and `queue-server whatif`: why a call was made, and what another rule would have done."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from queue_server.core.events import Called
from queue_server.core.explain import explained
from queue_server.core.site import Site
from queue_server.core.vocabulary import Name
from queue_server.errors import JournalError
from queue_server.journal import decode_event, reports
from queue_server.site_file import read_site_file
from queue_server.site_reload import kept_site
from queue_server.whatif import compared, told, traced


def add_explain(parser: argparse.ArgumentParser) -> None:
    """The arguments of `explain`."""
    parser.add_argument(
        "call",
        metavar="CALL",
        help="a call's id (S-0012/1#1), a step's (S-0012/1), a visit's (S-0012) or a ticket number (A012)",
    )
    parser.add_argument("--lang", choices=("zh", "en", "both"), default="both")


def add_whatif(parser: argparse.ArgumentParser) -> None:
    """The arguments of `whatif`."""
    parser.add_argument("file", type=Path, metavar="SITE_FILE", help="a site file with other rules")
    parser.add_argument(
        "--day",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="the day to try it on (yesterday)",
    )
    parser.add_argument("--most", type=int, default=20, metavar="COUNT", help="families named (20)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all of it here as well")


def explain(journal: Path, given: argparse.Namespace) -> int:
    """Print why calls were made."""
    site = _site(journal)
    with reports.opened(journal) as db:
        calls = list(_calls(db, given.call))
    for event, ticket in calls:
        point = site.points.get(event.point)
        room = point.name if point else Name(event.point, event.point)
        words = explained(event, ticket, room, site.timezone)
        chosen = {"zh": words.zh, "en": words.en, "both": (*words.zh, *words.en)}[given.lang]
        sys.stdout.writelines(f"{line}\n" for line in chosen)
    if not calls:
        raise JournalError(
            f"The journal has no call of {given.call!r}. Give a call's or a visit's id, or a number as on the ticket."
        )
    return 0


def _calls(db: Any, wanted: str) -> Iterator[tuple[Called, str]]:  # a sqlite_utils database
    visit = wanted.partition("#")[0].partition("/")[0]
    rows = list(reports.export(db, visit))
    if not rows:
        visit = _visit_of_ticket(db, wanted) or ""
        rows = list(reports.export(db, visit)) if visit else []
    ticket = visit
    for row in rows:
        if row["type"] == "CheckedIn":
            ticket = json.loads(row["body"])["ticket"]
        if row["type"] == "Called":
            event = decode_event(row["position"], row["type"], row["body"])
            if isinstance(event, Called) and _is_meant(event, ticket, wanted):
                yield event, ticket


def _is_meant(call: Called, ticket: str, wanted: str) -> bool:
    return wanted in (call.visit, ticket, call.step, call.call)


def _visit_of_ticket(db: Any, ticket: str) -> str | None:
    """The latest visit with a number."""
    rows = db.query(
        "select visit from events where type = 'CheckedIn' and json_extract(body, '$.ticket') = ?"
        " order by position desc limit 1",
        [ticket],
    )
    return next((row["visit"] for row in rows), None)


def whatif(journal: Path, given: argparse.Namespace) -> int:
    """Try a changed site file on a day, and print what would differ."""
    new = read_site_file(given.file).site
    site = _site(journal)
    day = given.day or site.day(datetime.now(UTC)) - timedelta(days=1)
    with reports.opened(journal) as db:
        events = (
            decode_event(row["position"], row["type"], row["body"]) for row in reports.export(db)
        )
        trace = traced(site, events, day)
    comparison = compared(trace, new)
    sys.stdout.writelines(f"{line}\n" for line in told(comparison, site.timezone, given.most))
    if given.json:
        given.json.write_text(
            json.dumps(asdict(comparison), default=str, ensure_ascii=False, indent=1) + "\n",
            encoding="utf-8",
        )
    return 0


def _site(journal: Path) -> Site:
    site = kept_site(journal)
    if site is None:
        raise JournalError(
            "The journal has kept no site file yet: run the server with this version once."
        )
    return site
