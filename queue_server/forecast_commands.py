"""`queue-server forecast`: learn the waiting times of one's own days, and see what was learned."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from queue_server.core.events import Event
from queue_server.errors import JournalError, QueueServerError
from queue_server.journal import decode_event, reports
from queue_server.learned import (
    FOLDER,
    LEAST_DAYS,
    ForecastError,
    ForecastFileError,
    Model,
    examples,
    files,
    read,
    split,
    train,
    write,
)
from queue_server.settings import data_folder
from queue_server.site_reload import kept_site


def add_forecast(commands: Any) -> None:  # argparse names the type of sub-parsers only in private
    """`forecast train` and `forecast show`."""
    forecast = commands.add_parser("forecast", help="waiting times learned from one's own days")
    actions = forecast.add_subparsers(required=True, metavar="ACTION")
    learn = _action(actions, "train", "learn from the journal; a server may be running", _train)
    learn.add_argument(
        "--least",
        type=int,
        default=LEAST_DAYS,
        metavar="DAYS",
        help=f"days the journal must have ({LEAST_DAYS})",
    )
    learn.add_argument(
        "--anyway", action="store_true", help="keep it even if it is no better than before"
    )
    _action(actions, "show", "what was learned, and how good it was", _show)


def _action(actions: Any, name: str, help: str, run: Any) -> argparse.ArgumentParser:  # as above
    parser: argparse.ArgumentParser = actions.add_parser(name, help=help)
    parser.add_argument("--config", type=Path, metavar="FILE", help="the server's settings")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the server's data folder")
    parser.set_defaults(run=run)
    return parser


def _train(given: argparse.Namespace) -> int:
    data = data_folder(given.config, given.data)
    site = kept_site(data / "journal.db")
    if site is None:
        raise JournalError(
            "The journal has kept no site file yet: run the server with this version once."
        )
    try:
        found = examples(site, _events(data / "journal.db"))
    except KeyError as error:
        raise JournalError(
            f"The journal does not fit these rules ({error}); 'queue-server journal check' says more."
        ) from error
    model = train(*split(found, given.least))
    for line in told(model):
        sys.stdout.write(f"{line}\n")
    if not model.about.error < model.about.error_day_one and not given.anyway:
        raise ForecastError(
            "It is no better than the forecast of the first day, so it was not kept. Try again with more days, or --anyway."
        )
    path = write(model, data / FOLDER)
    sys.stdout.write(f"Kept as {path}. The server takes it at its next start.\n")
    return 0


def _events(journal: Path) -> Iterator[Event]:
    with reports.opened(journal) as db:
        for row in reports.export(db):
            yield decode_event(row["position"], row["type"], row["body"])


def _show(given: argparse.Namespace) -> int:
    folder = data_folder(given.config, given.data) / FOLDER
    found = files(folder)
    if not found:
        raise QueueServerError(
            f"There is no learned forecast in {folder}; the forecast of the first day is shown. "
            "Learn one: queue-server forecast train."
        )
    status = 0
    for path in found:
        sys.stdout.write(f"{path.name}{' (the newest)' if path is found[0] else ''}\n")
        try:
            sys.stdout.writelines(f"  {line}\n" for line in told(read(path)))
        except ForecastFileError as error:
            sys.stdout.write(f"  {error}\n")
            status = 1
    return status


def told(model: Model) -> Iterator[str]:
    """What there is to say of a model."""
    about = model.about
    yield (
        f"Learned {about.made_at[:16]}Z from {about.days} days, {about.first_day} to {about.last_day}, "
        f"{about.rows:,} waits; the last {about.days_held_out} days were held out."
    )
    yield (
        f"On those it was off by {about.error:.1f} minutes on average, the forecast of the first day by "
        f"{about.error_day_one:.1f}."
    )
    yield (
        f"Of waits above five minutes {100 * about.covered:.0f} in 100 were inside the range before calibration "
        "(goal 80); now each end is moved so that nine in ten are on its right side."
    )
