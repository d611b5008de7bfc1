"""Asks the tables of reports and history, off the event loop's thread."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request
from sqlite_utils import Database
from starlette.concurrency import run_in_threadpool

from queue_server.reports import ReportKeeper

T = TypeVar("T")


async def asked(request: Request, question: Callable[[Database], T], nothing: T) -> T:
    """Ask the tables, brought up to the last event; `nothing` where none are kept."""
    keeper: ReportKeeper | None = request.app.state.reports
    if keeper is None:
        return nothing

    def ask() -> T:
        with keeper.up_to_date() as db:
            return question(db)

    return await run_in_threadpool(ask)
