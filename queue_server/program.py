"""The running queue server: journal → state → writer → broker and web, opened in this order and closed in reverse."""

import asyncio
import gc
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog
from starlette.datastructures import State

from queue_server.agents import AgentRegistry
from queue_server.cards import CardDesk, CardFiles
from queue_server.core import Hospital, apply
from queue_server.core.site import Site
from queue_server.desk import Desk
from queue_server.envelopes import Envelopes
from queue_server.errors import JournalDamaged, ServerStopped
from queue_server.family import Devices, Families
from queue_server.family_setup import handing_of
from queue_server.http import bound_socket, serving
from queue_server.ingest import Ingest
from queue_server.journal import Journal, SqliteJournal, reports
from queue_server.journal.calls import CallKept, call_kept
from queue_server.learned import FOLDER, forecaster_in
from queue_server.link import Link
from queue_server.orders import InProcessLaboratory, OrderDesk
from queue_server.phone_setup import learning, phone_desk
from queue_server.phones import PhoneDesk
from queue_server.reports import ReportKeeper, kept_up
from queue_server.seeking import handles_in
from queue_server.settings import ServerSettings
from queue_server.site_reload import SiteReload, plan_to_start, settle_site
from queue_server.steady import SteadyForecast
from queue_server.telling import Extras, NoOutlet, no_map
from queue_server.ways import Ways, closed_of, kept_open, open_ways
from queue_server.web import Accounts, WebSettings, create_app
from queue_server.writer import Writer
from queue_server.writer_thread import WriterThread
from speech import find_voice

log = structlog.get_logger(__name__)

UPKEEP_S: Final = 2.0
"""So often are the card files and the site file looked at."""
RESULTS_S: Final = 1.0
"""So often is the laboratory asked."""


def utc_now() -> datetime:
    """The present moment, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class QueueServer:
    """A server at work. Made by `open_server`."""

    settings: ServerSettings
    site: Site
    """As it was at the start; `reload.plan.site` is the one in force."""
    desk: Desk
    agents: AgentRegistry
    accounts: Accounts
    cards: CardFiles
    link: Link | None
    journal: Journal
    url: str
    failed: "asyncio.Future[None]"
    """Ends with the error when the writer can't go on; the process must end then."""
    reload: SiteReload
    """The site file in force, and what keeps a newer one from being."""
    look_now: Callable[[], None]
    """Look at the site file at once, as on SIGHUP."""
    ways: Ways | None = None
    """Ways on the map; None without one."""


def rebuilt(site: Site, journal: Journal) -> Hospital:
    """The state after the journal's last event.

    Raises:
        JournalDamaged: an event can't be read, or does not fit the state.
    """
    hospital = Hospital(site)
    began = time.perf_counter()
    position = 0
    with _no_garbage_collection():
        for position, event in enumerate(journal.replay(), 1):
            try:
                apply(hospital, event)
            except Exception as error:
                raise JournalDamaged(
                    f"Event {position} of the journal ({type(event).__name__}) does not fit what came before: {error!r}. "
                    "It was written by other rules, or is damaged: restore the journal from a backup."
                ) from error
    log.info("state_rebuilt", events=position, seconds=round(time.perf_counter() - began, 3))
    return hospital


def settle_memory() -> None:
    """For a process that is a server: what is there stays, and is never looked through for garbage again.

    The state has no cycles, so counting references frees it; a full collection would only stop the server for as long
    as it takes to look at every visit.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """A rebuild makes millions of objects that stay: looking through them again and again doubles its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@asynccontextmanager
async def open_server(
    settings: ServerSettings, now: Callable[[], datetime] = utc_now
) -> AsyncIterator[QueueServer]:
    """Run a queue server for as long as the block lasts.

    Args:
        settings: see `ServerSettings`.
        now: gives the present moment (aware); a demonstration may let it run faster.

    Raises:
        QueueServerError: it can't be started as it is set up; the sentence says what to do.
    """
    start = plan_to_start(settings.site, settings.journal)
    site = start.plan.site
    cards = CardFiles(settings.card_keys, settings.card_revocations, settings.card_root_key())
    cards.refresh()
    async with AsyncExitStack() as stack:
        bound = stack.enter_context(bound_socket(settings.host, settings.port))
        journal = SqliteJournal(settings.journal, site.id)
        stack.callback(journal.close)
        agents, link = AgentRegistry(), _link(settings, site, cards, now)
        phones = phone_desk(settings)
        hospital = rebuilt(site, journal)
        hospital.handle_of = handles_in(settings.data)
        hospital.forecast = SteadyForecast(forecaster_in(settings.data / FOLDER))
        reload = SiteReload(settings.site, settle_site(hospital, start, settings.journal))
        ways = _ways(settings, hospital, now)
        handing = handing_of(settings, site)
        extras = Extras(ways.from_kiosk if ways else no_map, handing)
        writer = _writer(hospital, journal, cards, agents, link, now, reload, phones, extras)
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        desk = WriterThread(writer, link or NoOutlet(), _failing(failed))
        desk.start()
        stack.callback(desk.stop)
        if link:
            link.start(desk)
            stack.callback(link.stop)
        accounts = Accounts(settings.accounts, now)
        devices = Devices(settings.family)
        stack.callback(devices.close)
        keeper = ReportKeeper(settings.journal, lambda: hospital.site.timezone)
        app = create_app(
            desk,
            accounts,
            agents,
            settings=WebSettings(hosts=settings.hosts),
            position=lambda: journal.position,
            broker_connected=lambda: link is not None and link.listening,
            rejected=lambda: _rejected(settings.journal),
            call_of=lambda call: _call(settings.journal, call),
            now=now,
            reports=keeper,
            phones=phones,
            ways=ways,
            voice=find_voice(settings.voices) if settings.voice == "auto" else None,
            families=Families(desk, handing, devices),
        )
        await stack.enter_async_context(kept_up(keeper))
        url = await stack.enter_async_context(serving(app, bound))
        sooner = asyncio.Event()
        if settings.laboratory == "in-process":
            orders = OrderDesk(desk, InProcessLaboratory(now, speed=settings.laboratory_speed))
            await stack.enter_async_context(_upkeep(_looking_for_results(orders)))
        if phones and phones.following is not None:
            await stack.enter_async_context(_upkeep(learning(phones.following, desk)))
        look_after = _looking_after(cards, link, reload, desk, now, app.state, sooner)
        await stack.enter_async_context(_upkeep(look_after))
        if ways:
            await stack.enter_async_context(_upkeep(kept_open(ways, desk)))
        log.info("serving", url=url, site=site.id, broker=str(link.broker) if link else None)
        yield QueueServer(
            settings,
            site,
            desk,
            agents,
            accounts,
            cards,
            link,
            journal,
            url,
            failed,
            reload,
            sooner.set,
            ways,
        )
    log.info("stopped")


def _link(
    settings: ServerSettings, site: Site, cards: CardFiles, now: Callable[[], datetime]
) -> Link | None:
    broker = settings.broker_address()
    if broker is None:
        return None
    envelopes = Envelopes(site.id, now, os.urandom)
    return Link(broker, site.id, envelopes, lambda: cards.lists, now)


def _ways(settings: ServerSettings, hospital: Hospital, now: Callable[[], datetime]) -> Ways | None:
    """The ways of the map, with what the journal says is closed; None without a map."""
    if settings.map is None:
        return None
    ways = open_ways(settings.map, settings.data, now, hospital.site.timezone, settings.public_url)
    ways.close(closed_of(hospital))
    return ways


def _writer(
    hospital: Hospital,
    journal: Journal,
    cards: CardFiles,
    agents: AgentRegistry,
    link: Link | None,
    now: Callable[[], datetime],
    reload: SiteReload,
    phones: PhoneDesk | None,
    extras: Extras,
) -> Writer:
    site = hospital.site
    ingest = Ingest(site.id, CardDesk(lambda: cards.lists, site.day))
    writer = Writer(
        hospital,
        journal,
        ingest,
        agents,
        link or NoOutlet(),
        now,
        reload.registrations,
        phones,
        extras,
    )
    writer.open()
    return writer


def _failing(failed: "asyncio.Future[None]") -> Callable[[BaseException], None]:
    loop = asyncio.get_running_loop()

    def fail(error: BaseException) -> None:
        if not failed.done():
            failed.set_exception(error)

    def fail_from_any_thread(error: BaseException) -> None:
        loop.call_soon_threadsafe(fail, error)

    return fail_from_any_thread


async def _looking_after(
    cards: CardFiles,
    link: Link | None,
    reload: SiteReload,
    desk: Desk,
    now: Callable[[], datetime],
    shown: State,
    sooner: asyncio.Event,
) -> None:
    """Look at the files of cards and site, now and then or when `sooner` is set; never ends by itself."""
    shown.site_problem = reload.problem
    while True:
        at_once = await _set_within(sooner, UPKEEP_S)
        if cards.refresh() and link:
            link.publish_cards()
        try:
            await reload.look(desk, now(), at_once)
        except ServerStopped:
            return
        except Exception:
            log.exception("site_file_not_looked_at")
        shown.site_problem = reload.problem


async def _looking_for_results(orders: OrderDesk) -> None:
    """Keep the laboratory in step, now and then; never ends by itself."""
    while True:
        try:
            await orders.look()
        except ServerStopped:
            return
        except Exception:
            log.exception("laboratory_not_in_step")
        await asyncio.sleep(RESULTS_S)


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, and take it back; False when it did not come in time."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    event.clear()
    return True


@asynccontextmanager
async def _upkeep(look_after: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(look_after, name="upkeep")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _call(journal: Path, call: str) -> CallKept | None:
    """A call as it was kept."""
    with reports.opened(journal) as db:
        return call_kept(db, call)


def _rejected(journal: Path) -> int:
    """How many messages could not be used and were kept."""
    with reports.opened(journal) as db:
        return sum(int(row["count"]) for row in reports.rejected_totals(db))
