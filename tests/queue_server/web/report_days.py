"""A clinic whose day is kept in a journal, so that there is something to report."""

from pathlib import Path

from fastapi import FastAPI

from queue_server.reports import ReportKeeper
from queue_server.web import create_app
from tests.queue_server.core.makers import ZONE, Day
from tests.queue_server.reports.days import BusyDay, kept
from tests.queue_server.web.desks import Clinic


def app_with_reports(clinic: Clinic, folder: Path, day: Day | None = None) -> FastAPI:
    """The application on a day (a busy one), with the journal of it in `folder`."""
    clinic.desk.day = day or BusyDay(80).live()
    path = kept(clinic.desk.day.events, folder)
    return create_app(
        clinic.desk,
        clinic.accounts,
        clinic.agents,
        position=lambda: clinic.desk.position,
        now=lambda: clinic.desk.day.now,
        reports=ReportKeeper(path, lambda: ZONE),
    )
